package langchaingo_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tmc/langchaingo/callbacks"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/schema"
	"github.com/tmc/langchaingo/tools"

	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/integrations/langchaingo"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// What callbacks tell is put together by goroutines and stacks. Where that cannot be known, it is better not to know than to be wrong.

// elsewhere runs something on a goroutine of its own.
func elsewhere(do func()) {
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	<-done
}

func ends(ctx context.Context, h callbacks.Handler) {
	h.HandleLLMGenerateContentEnd(ctx, answer("hello"))
}

// A call whose end nobody told is not what the next call of another client's library is a part of.
func TestWhatIsOverIsNotJoined(t *testing.T) {
	rec, ctx, h := started(t)
	generate(ctx, &callingBack{handler: h, text: "hello"})
	_, other := adapter.New(rec.Client(), nil).LLM(ctx, types.LLMCall{Model: "other", Prompt: "another question"})
	other.End(nil)
	calculate(ctx, tools.Calculator{CallbacksHandler: h}, "6*")
	_, last := adapter.New(rec.Client(), nil).LLM(ctx, types.LLMCall{Model: "last"})
	last.End(nil)
	if n := len(rec.LLMCalls()); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
	rec.WantPath("s > other")
	rec.WantPath("s > last")
	rec.WantNoPath("llm > other")
	rec.WantNoPath("tool > last")
}

func calculate(ctx context.Context, c tools.Calculator, sum string) { _, _ = c.Call(ctx, sum) }

// What ends on another goroutine may be anybody's, though the context is the same: mistral tells of errors without a beginning.
func TestAnEndFromElsewhere(t *testing.T) {
	rec, ctx, h := started(t)
	generate(ctx, &callingBack{handler: h, end: func(ctx context.Context, h callbacks.Handler) {
		elsewhere(func() {
			h.HandleLLMError(ctx, errors.New("somebody else's"))
			h.HandleLLMGenerateContentEnd(ctx, answer("somebody else's"))
		})
		ends(ctx, h)
	}})
	h.HandleToolStart(ctx, "in")
	elsewhere(func() {
		h.HandleToolEnd(ctx, "somebody else's")
		h.HandleChainEnd(ctx, nil)
		h.HandleRetrieverEnd(ctx, "", nil)
	})
	_ = rec.Client().Close(ctx)
	if c := rec.LLMCalls(); len(c) != 1 || c[0].Status != types.StatusSuccess || c[0].OutputMessages[0].Parts[0].Content != "hello" {
		t.Errorf("calls = %+v", c)
	}
	if c := rec.ToolCalls(); len(c) != 1 || c[0].ToolOutput != nil || c[0].Status != types.StatusUnknown {
		t.Errorf("tools = %+v", c)
	}
}

// anthropic streams on a goroutine of its own, which is in nothing; a goroutine that is in a chain streams something else.
func TestAStreamFromElsewhere(t *testing.T) {
	rec, ctx, h := started(t)
	generate(ctx, &callingBack{handler: h, end: func(ctx context.Context, h callbacks.Handler) {
		elsewhere(func() { h.HandleStreamingFunc(ctx, []byte("hel")) })
		elsewhere(func() {
			h.HandleChainStart(ctx, nil)
			h.HandleStreamingFunc(ctx, []byte("somebody else's"))
			h.HandleChainEnd(ctx, nil)
		})
		elsewhere(func() { h.HandleStreamingFunc(ctx, []byte("lo")) })
	}})
	_ = rec.Client().Close(ctx)
	if c := rec.LLMCalls(); len(c) != 1 || c[0].Response != "hello" || c[0].TimeToFirstToken == 0 {
		t.Errorf("calls = %+v", c)
	}
}

// A tool that nobody tells of uses another one: that one is not what the agent has decided on.
func TestAnotherToolThanDecided(t *testing.T) {
	rec, ctx, h := started(t)
	h.HandleAgentAction(ctx, schema.AgentAction{Tool: "find_order", ToolInput: "A-18", ToolID: "c1", Log: "look"})
	calculate(ctx, tools.Calculator{CallbacksHandler: h}, "6*7")
	if c := rec.ToolCalls()[0]; c.ToolName != "tool" || c.CallID != "" || c.Reasoning != "" || c.ToolOutput != "42" {
		t.Errorf("call = %+v", c)
	}
}

// An action whose chain is over was not followed by a tool.
func TestAnActionThatIsOver(t *testing.T) {
	rec, ctx, h := started(t)
	h.HandleChainStart(ctx, nil)
	h.HandleAgentAction(ctx, schema.AgentAction{Tool: "find_order", ToolInput: "6*7"})
	h.HandleChainError(ctx, errors.New("no such tool"))
	calculate(ctx, tools.Calculator{CallbacksHandler: h}, "6*7")
	rec.WantTools("tool")
}

// Two clients hear of the same agent, and each knows its tool.
func TestTwoClients(t *testing.T) {
	first, second := sentrialtest.New(t), sentrialtest.New(t)
	both := callbacks.CombiningHandler{}
	for _, rec := range []*sentrialtest.Recorder{first, second} {
		_, session := rec.Client().CreateSession(t.Context(), "s")
		both.Callbacks = append(both.Callbacks, langchaingo.NewHandler(rec.Client(), langchaingo.WithSession(session)))
	}
	both.HandleAgentAction(t.Context(), schema.AgentAction{Tool: "find_order", ToolInput: "A-18"})
	both.HandleToolStart(t.Context(), "A-18")
	both.HandleToolEnd(t.Context(), "out")
	first.WantTools("find_order")
	second.WantTools("find_order")
}

// several is a handler that hands on to others by a closure.
type several struct {
	callbacks.SimpleHandler
	of []callbacks.Handler
}

func (s several) each(do func(callbacks.Handler)) {
	for _, h := range s.of {
		do(h)
	}
}

func (s several) HandleLLMGenerateContentStart(ctx context.Context, ms []llms.MessageContent) {
	s.each(func(h callbacks.Handler) { h.HandleLLMGenerateContentStart(ctx, ms) })
}

func (s several) HandleLLMGenerateContentEnd(ctx context.Context, res *llms.ContentResponse) {
	s.each(func(h callbacks.Handler) { h.HandleLLMGenerateContentEnd(ctx, res) })
}

func TestAHandlerWithClosures(t *testing.T) {
	rec, ctx, h := started(t)
	generate(ctx, &callingBack{handler: several{of: []callbacks.Handler{callbacks.SimpleHandler{}, h}}, end: ends})
	if c := rec.LLMCalls(); len(c) != 1 || c[0].Status != types.StatusSuccess || c[0].Usage.PromptTokens != 3 {
		t.Errorf("calls = %+v", c)
	}
}

// HandleRequest is not a handler's, whatever its name: what it has begun is over when it returns.
type service struct{ model *callingBack }

func (s service) HandleRequest(ctx context.Context) {
	s.model.handler.HandleLLMGenerateContentStart(ctx, question)
}

func TestAFunctionThatIsCalledLikeACallback(t *testing.T) {
	rec, ctx, h := started(t)
	service{&callingBack{handler: h}}.HandleRequest(ctx)
	service{&callingBack{handler: h}}.HandleRequest(ctx)
	if n := ended(rec); n != 1 {
		t.Errorf("%d calls have ended, want the first", n)
	}
	rec.WantNoPath("llm > llm")
	_ = rec.Client().Close(ctx)
	if n := len(rec.LLMCalls()); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
}

// However deep the stack is, a call is over when its function has returned.
func TestDeepDown(t *testing.T) {
	rec, ctx, h := started(t)
	deep(2000, func() {
		for range 2 {
			generate(ctx, &callingBack{handler: h})
		}
		generate(ctx, &callingBack{handler: h, end: ends})
	})
	_ = rec.Client().Close(ctx)
	if c := rec.LLMCalls(); len(c) != 3 || c[2].Status != types.StatusSuccess || c[0].Status != types.StatusUnknown {
		t.Errorf("calls = %+v", c)
	}
	rec.WantNoPath("llm > llm")
}

func deep(n int, do func()) {
	if n == 0 {
		do()
		return
	}
	deep(n-1, do)
}
