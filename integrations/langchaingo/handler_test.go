package langchaingo_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tmc/langchaingo/callbacks"
	"github.com/tmc/langchaingo/chains"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/prompts"
	"github.com/tmc/langchaingo/schema"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/langchaingo"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

var question = []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "hi")}

func answer(text string) *llms.ContentResponse {
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: text, StopReason: "stop", GenerationInfo: map[string]any{"PromptTokens": 3, "CompletionTokens": 1}}}}
}

// callingBack is a model that calls a handler as langchaingo's providers do.
type callingBack struct {
	handler callbacks.Handler
	end     func(ctx context.Context, h callbacks.Handler)
	text    string
	err     error
}

func (m *callingBack) GenerateContent(ctx context.Context, ms []llms.MessageContent, _ ...llms.CallOption) (*llms.ContentResponse, error) {
	m.handler.HandleLLMGenerateContentStart(ctx, ms)
	if m.end != nil {
		m.end(ctx, m.handler)
	}
	if m.err != nil {
		return nil, m.err
	}
	return answer(m.text), nil
}

func (m *callingBack) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, m, prompt, options...)
}

func started(t *testing.T, opts ...langchaingo.Option) (*sentrialtest.Recorder, context.Context, *langchaingo.Handler) {
	t.Helper()
	rec := sentrialtest.New(t)
	ctx, _ := rec.Client().CreateSession(t.Context(), "s")
	return rec, ctx, langchaingo.NewHandler(rec.Client(), opts...)
}

// A provider that never tells of the end: the chain around it does, and takes what had streamed.
func TestAnEndNobodyTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec, ctx, h := started(t)
		m := &callingBack{handler: h, text: "hello", end: func(ctx context.Context, h callbacks.Handler) {
			time.Sleep(time.Second)
			h.HandleStreamingFunc(ctx, []byte("hel"))
			time.Sleep(time.Second)
			h.HandleStreamingFunc(ctx, []byte("lo"))
		}}
		chain := chains.NewLLMChain(m, prompts.NewPromptTemplate("{{.q}}", []string{"q"}), chains.WithCallback(h))
		for range 2 {
			if _, err := chains.Call(ctx, chain, map[string]any{"q": "hi"}); err != nil {
				t.Fatal(err)
			}
		}
		calls := rec.LLMCalls()
		if len(calls) != 2 {
			t.Fatalf("calls = %+v", calls)
		}
		for _, c := range calls {
			if c.Response != "hello" || c.Status != types.StatusSuccess || c.Metadata["end_reported"] != false || c.Duration != 2*time.Second || c.TimeToFirstToken != time.Second {
				t.Errorf("call = %+v", c)
			}
		}
		rec.WantPath("chain > llm")
		rec.WantNoPath("llm > llm")
	})
}

// A call that fails without telling has the error of the chain around it.
func TestAnErrorNobodyTells(t *testing.T) {
	rec, ctx, h := started(t)
	m := &callingBack{handler: h, err: errors.New("no such model")}
	chain := chains.NewLLMChain(m, prompts.NewPromptTemplate("{{.q}}", []string{"q"}), chains.WithCallback(h))
	_, _ = chains.Call(ctx, chain, map[string]any{"q": "hi"})
	if c := rec.LLMCalls()[0]; c.Status != types.StatusError || c.Error != "no such model" {
		t.Errorf("call = %+v", c)
	}
}

// Without a chain around them, calls that are over are found by the next one, by Flush and by Close.
func TestWithoutAChain(t *testing.T) {
	rec, ctx, h := started(t)
	m := &callingBack{handler: h}
	generate(ctx, m)
	generate(ctx, m)
	if n := ended(rec); n != 1 {
		t.Errorf("%d calls have ended, want the first", n)
	}
	_ = rec.Client().Flush(ctx)
	if n := ended(rec); n != 2 {
		t.Errorf("%d calls have ended, want both", n)
	}
	var wg sync.WaitGroup
	over, cancel := context.WithCancel(ctx)
	wg.Go(func() { generate(over, m) })
	wg.Go(func() { generate(ctx, m) })
	wg.Wait()
	cancel()
	_ = rec.Client().Flush(ctx)
	if n := ended(rec); n != 3 {
		t.Errorf("%d calls have ended, want that of the context which is over too", n)
	}
	_ = rec.Client().Close(ctx)
	calls := rec.LLMCalls()
	if len(calls) != 4 || rec.Client().Stats().Abandoned != 0 {
		t.Errorf("%d calls, %d abandoned", len(calls), rec.Client().Stats().Abandoned)
	}
	for _, c := range calls {
		if c.Status != types.StatusUnknown || c.Messages[0].Parts[0].Content != "hi" {
			t.Errorf("call = %+v", c)
		}
	}
}

func generate(ctx context.Context, m llms.Model) { _, _ = m.GenerateContent(ctx, question) }

// ended counts the calls that are over, without the flush that reading them would be.
func ended(rec *sentrialtest.Recorder) int {
	s := rec.Client().Stats()
	return int(s.Accepted) - 1 // the session's start
}

// A call that is under way while the client flushes is left alone.
func TestFlushInside(t *testing.T) {
	rec, ctx, h := started(t)
	m := &callingBack{handler: h, end: func(ctx context.Context, h callbacks.Handler) {
		_ = rec.Client().Flush(ctx)
		h.HandleLLMGenerateContentEnd(ctx, answer("hello"))
	}}
	generate(ctx, m)
	if c := rec.LLMCalls(); len(c) != 1 || c[0].OutputMessages[0].Parts[0].Content != "hello" || c[0].Usage.PromptTokens != 3 {
		t.Errorf("calls = %+v", c)
	}
}

// mistral tells of the end before it knows the answer or the error.
func TestAnEndBeforeTheAnswer(t *testing.T) {
	rec, ctx, h := started(t)
	generate(ctx, &callingBack{handler: h, end: func(ctx context.Context, h callbacks.Handler) {
		h.HandleLLMGenerateContentEnd(ctx, nil)
		h.HandleLLMGenerateContentEnd(ctx, answer("hello"))
	}})
	generate(ctx, &callingBack{handler: h, end: func(ctx context.Context, h callbacks.Handler) {
		h.HandleLLMGenerateContentEnd(ctx, nil)
		h.HandleLLMError(ctx, errors.New("overloaded"))
	}})
	generate(ctx, &callingBack{handler: h, end: func(ctx context.Context, h callbacks.Handler) { h.HandleLLMError(ctx, nil) }})
	calls := rec.LLMCalls()
	if len(calls) != 3 || calls[0].Status != types.StatusSuccess || calls[1].Error != "overloaded" || calls[2].Status != types.StatusError {
		t.Errorf("calls = %+v", calls)
	}
}

// A chain that panics leaves nothing behind for the next one on its goroutine.
func TestPanic(t *testing.T) {
	rec, ctx, h := started(t)
	chain := chains.NewTransform(func(context.Context, map[string]any, ...chains.ChainCallOption) (map[string]any, error) { panic("no") }, []string{"q"}, []string{"a"})
	outer := &withHandler{chain, h}
	for range 2 {
		func() {
			defer func() { _ = recover() }()
			_, _ = chains.Call(ctx, outer, map[string]any{"q": 1})
		}()
	}
	generate(ctx, &callingBack{handler: h, end: func(ctx context.Context, h callbacks.Handler) { h.HandleLLMGenerateContentEnd(ctx, answer("a")) }})
	rec.WantNoPath("chain > chain")
	rec.WantNoPath("chain > llm")
	rec.WantPath("s > llm")
}

// withHandler is a chain that has a handler.
type withHandler struct {
	chains.Chain
	handler callbacks.Handler
}

func (c *withHandler) GetCallbackHandler() callbacks.Handler { return c.handler }

func TestRetriever(t *testing.T) {
	rec, ctx, h := started(t)
	h.HandleRetrieverStart(ctx, "parcels")
	h.HandleLLMStart(ctx, []string{"embed this"})
	h.HandleLLMGenerateContentEnd(ctx, answer("a"))
	h.HandleRetrieverEnd(ctx, "parcels", []schema.Document{{PageContent: "P", Metadata: map[string]any{"page": 1}, Score: 0.5}})
	for _, e := range rec.Events() {
		if e.Step != nil && (e.Step.Kind != "retrieval" || e.Step.Input != "parcels" || !strings.Contains(jsonOf(e.Step.Output), `"content":"P"`)) {
			t.Errorf("step = %+v", e.Step)
		}
	}
	rec.WantPath("retriever > llm")
	if c := rec.LLMCalls()[0]; c.Prompt != "embed this" {
		t.Errorf("call = %+v", c)
	}
}

// Two handlers of one client see the same callbacks: one call is one event.
func TestTwoHandlers(t *testing.T) {
	rec, ctx, h := started(t)
	both := callbacks.CombiningHandler{Callbacks: []callbacks.Handler{h, langchaingo.NewHandler(rec.Client())}}
	m := &callingBack{handler: both, end: func(ctx context.Context, h callbacks.Handler) { h.HandleLLMGenerateContentEnd(ctx, answer("a")) }}
	if _, err := chains.Call(ctx, chains.NewLLMChain(m, prompts.NewPromptTemplate("{{.q}}", []string{"q"}), chains.WithCallback(both)), map[string]any{"q": "hi"}); err != nil {
		t.Fatal(err)
	}
	both.HandleToolStart(ctx, "in")
	both.HandleToolEnd(ctx, "out")
	both.HandleAgentAction(ctx, schema.AgentAction{Tool: "look", ToolInput: "in"})
	both.HandleToolStart(ctx, "in")
	both.HandleToolEnd(ctx, "out")
	rec.WantPath("chain > llm")
	rec.WantTools("tool", "look")
	if calls := rec.LLMCalls(); len(calls) != 1 || calls[0].Usage.PromptTokens != 3 {
		t.Errorf("calls = %+v", calls)
	}
}

// The context's session comes before the handler's; without either it is counted.
func TestSessions(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.Unsessioned)
	_, fallback := rec.Client().CreateSession(t.Context(), "fallback")
	own, _ := rec.Client().CreateSession(t.Context(), "own")
	bare := rec.Context(t.Context())
	with := langchaingo.NewHandler(rec.Client(), langchaingo.WithSession(fallback))
	for _, ctx := range []context.Context{own, bare} {
		with.HandleAgentAction(ctx, schema.AgentAction{Tool: "a", Log: "because"})
		with.HandleAgentFinish(ctx, schema.AgentFinish{ReturnValues: map[string]any{"output": "done"}})
	}
	rec.WantPath("own > decision a")
	rec.WantPath("fallback > decision a")
	before := rec.Client().Stats().Unsessioned
	without := langchaingo.NewHandler(rec.Client())
	without.HandleToolStart(bare, "in")
	without.HandleToolEnd(bare, "out")
	without.HandleAgentFinish(bare, schema.AgentFinish{})
	if got := rec.Client().Stats().Unsessioned - before; got != 2 {
		t.Errorf("counted %d times, want a tool and a decision", got)
	}
}

// A handler that records nothing, and values that nobody should give.
func TestNothingPanics(t *testing.T) {
	rec, ctx, h := started(t, nil, langchaingo.WithVerbose(panics{}))
	var none *langchaingo.Handler
	for _, h := range []*langchaingo.Handler{none, h, langchaingo.NewHandler(nil), langchaingo.NewHandler(&sentrial.Client{})} {
		for _, ctx := range []context.Context{nil, ctx} {
			everything(ctx, h)
		}
	}
	if langchaingo.WrapModel(nil, nil) != nil || langchaingo.WrapTool(nil, nil) != nil {
		t.Error("nothing is wrapped in something")
	}
	rec.Allow(sentrialtest.Unsessioned)
}

type panics struct{}

func (panics) Write([]byte) (int, error) { panic("no") }

func everything(ctx context.Context, h *langchaingo.Handler) {
	h.HandleText(ctx, "t")
	h.HandleChainStart(ctx, map[string]any{"f": func() {}})
	h.HandleRetrieverStart(ctx, "q")
	h.HandleLLMGenerateContentStart(ctx, []llms.MessageContent{{Parts: []llms.ContentPart{nil, llms.ToolCall{}, llms.CachedContent{}, llms.BinaryContent{}, llms.ImageURLContent{}}}})
	h.HandleStreamingFunc(ctx, nil)
	h.HandleStreamingFunc(ctx, []byte(`[{"function":{}}]`))
	h.HandleLLMGenerateContentEnd(ctx, &llms.ContentResponse{Choices: []*llms.ContentChoice{nil, {ToolCalls: []llms.ToolCall{{}}, FuncCall: nil, GenerationInfo: map[string]any{"PromptTokens": -1, "usage": 3}}}})
	h.HandleAgentAction(ctx, schema.AgentAction{})
	h.HandleToolStart(ctx, "")
	h.HandleToolError(ctx, nil)
	h.HandleLLMError(ctx, nil)
	h.HandleRetrieverEnd(ctx, "q", nil)
	h.HandleAgentFinish(ctx, schema.AgentFinish{})
	h.HandleChainError(ctx, nil)
	h.HandleChainEnd(ctx, nil)
}

// What is never ended on goroutines that are gone is bounded.
func TestBounded(t *testing.T) {
	rec, ctx, h := started(t)
	const bound, surplus = 100, 50
	defer langchaingo.Bound(bound)()
	var wg sync.WaitGroup
	for range bound + surplus {
		wg.Go(func() { h.HandleToolStart(ctx, "in") })
	}
	wg.Wait()
	if n := ended(rec); n < surplus || langchaingo.Open() > bound {
		t.Errorf("%d were ended, want %d; %d are kept", n, surplus, langchaingo.Open())
	}
	_ = rec.Client().Close(ctx)
	if n := len(rec.ToolCalls()); n != bound+surplus || langchaingo.Open() != 0 {
		t.Errorf("%d calls recorded, %d still kept", n, langchaingo.Open())
	}
}

// A server that never flushes, and whose requests have a context and a goroutine of their own, does not keep their conversations.
func TestRequestsThatAreOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec, ctx, h := started(t)
		const requests = 2000
		for range requests {
			elsewhere(func() {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				generate(ctx, &callingBack{handler: h})
			})
			time.Sleep(time.Second)
		}
		if n := langchaingo.Open(); n > 600 {
			t.Errorf("%d are kept", n)
		}
		_ = rec.Client().Close(ctx)
		calls := rec.LLMCalls()
		for _, c := range calls {
			if c.Status != types.StatusUnknown {
				t.Fatalf("call = %+v", c)
			}
		}
		if len(calls) != requests || langchaingo.Open() != 0 {
			t.Errorf("%d calls, %d still kept", len(calls), langchaingo.Open())
		}
	})
}
