package langchaingo_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/tmc/langchaingo/agents"
	"github.com/tmc/langchaingo/callbacks"
	"github.com/tmc/langchaingo/chains"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/mistral"
	"github.com/tmc/langchaingo/llms/ollama"
	"github.com/tmc/langchaingo/llms/openai"
	"github.com/tmc/langchaingo/tools"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/langchaingo"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
	"github.com/sentrial/sentrial-go/types"
)

// providers are langchaingo's own that need little.
var providers = map[string]func(t *testing.T, url string, p parts, client *sentrial.Client, h callbacks.Handler) llms.Model{
	"openai": func(t *testing.T, url string, p parts, client *sentrial.Client, h callbacks.Handler) llms.Model {
		m, err := openai.New(openai.WithBaseURL(url+"/v1"), openai.WithToken("k"), openai.WithModel("gpt-4o"), openai.WithHTTPClient(p.http(t, client)))
		must(t, err)
		m.CallbacksHandler = h
		return m
	},
	"anthropic": func(t *testing.T, url string, p parts, client *sentrial.Client, h callbacks.Handler) llms.Model {
		m, err := anthropic.New(anthropic.WithBaseURL(url+"/v1"), anthropic.WithToken("k"), anthropic.WithModel("claude-sonnet-4-5"), anthropic.WithHTTPClient(p.http(t, client)))
		must(t, err)
		m.CallbacksHandler = h
		return m
	},
	"ollama": func(t *testing.T, url string, p parts, client *sentrial.Client, h callbacks.Handler) llms.Model {
		m, err := ollama.New(ollama.WithServerURL(url), ollama.WithModel("llama3"), ollama.WithHTTPClient(p.http(t, client)))
		must(t, err)
		m.CallbacksHandler = h
		return m
	},
	"mistral_ai": func(t *testing.T, url string, _ parts, _ *sentrial.Client, h callbacks.Handler) llms.Model {
		m, err := mistral.New(mistral.WithEndpoint(url), mistral.WithAPIKey("k"), mistral.WithModel("mistral-large"), mistral.WithMaxRetries(1))
		must(t, err)
		if m.CallbacksHandler = h; h == nil {
			m.CallbacksHandler = callbacks.SimpleHandler{}
		}
		return m
	},
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// thinking is a model that reasons in the words that langchaingo's one-shot agent reads: an order, then a sum, then the answer.
func thinking(req fakellm.Request) fakellm.Reply {
	usage := types.Usage{PromptTokens: 100, CompletionTokens: 10}
	switch said := wordsOf(req.Messages); {
	case strings.Contains(said, "Observation: 42"):
		return fakellm.Reply{Text: "I now know the final answer\nFinal Answer: 42 parcels", Usage: usage}
	case strings.Contains(said, "Observation: 6*7"):
		return fakellm.Reply{Text: "Now the sum\nAction: calculator\nAction Input: 6*7", Usage: usage}
	}
	return fakellm.Reply{Text: "Look first\nAction: find_order\nAction Input: A-18", Usage: usage}
}

func wordsOf(messages []types.Message) (said string) {
	for _, m := range messages {
		for _, p := range m.Parts {
			said += p.Content
		}
	}
	return said
}

// kit is a test's server, recorder and parts.
type kit struct {
	rec     *sentrialtest.Recorder
	client  *sentrial.Client
	url     string
	handler *langchaingo.Handler
	parts   parts
}

func newKit(t *testing.T, p parts, brain fakellm.Brain, opts ...langchaingo.Option) *kit {
	t.Helper()
	server, err := fakellm.Start(fakellm.WithBrain(brain))
	must(t, err)
	t.Cleanup(server.Close)
	rec := sentrialtest.New(t)
	k := &kit{rec: rec, client: rec.Client(), url: server.URL(), parts: p}
	if p.handler {
		k.handler = langchaingo.NewHandler(k.client, opts...)
	}
	return k
}

func (k *kit) callbacks() callbacks.Handler {
	if k.handler == nil {
		return nil
	}
	return k.handler
}

func (k *kit) model(t *testing.T, provider string, opts ...langchaingo.Option) llms.Model {
	m := providers[provider](t, k.url, k.parts, k.client, k.callbacks())
	if k.parts.model {
		return langchaingo.WrapModel(m, k.client, opts...)
	}
	return m
}

// tools are langchaingo's calculator, which calls the handler by itself, and one of our own.
func (k *kit) tools(run func(context.Context, string) (string, error), opts ...langchaingo.Option) []tools.Tool {
	own, calculator := tools.Tool(&toolFunc{"find_order", run, k.callbacks()}), tools.Tool(tools.Calculator{CallbacksHandler: k.callbacks()})
	if k.parts.tool {
		return []tools.Tool{langchaingo.WrapTool(own, k.client, opts...), langchaingo.WrapTool(calculator, k.client, opts...)}
	}
	return []tools.Tool{own, calculator}
}

func (k *kit) executor(model llms.Model, list []tools.Tool) *agents.Executor {
	return agents.NewExecutor(agents.NewOneShotAgent(model, list, agents.WithCallbacksHandler(k.callbacks())), agents.WithCallbacksHandler(k.callbacks()))
}

func parcels(context.Context, string) (string, error) { return "6*7", nil }

// run runs the agent in a session, as a program does.
func (k *kit) run(t *testing.T, do func(context.Context) error) error {
	t.Helper()
	return k.client.Run(t.Context(), "agent", do)
}

// A real executor, with each provider and each way to record it, gives the same timeline.
func TestExecutor(t *testing.T) {
	for provider := range providers {
		for name, p := range map[string]parts{
			"handler": {handler: true}, "handler and tap": {handler: true, tap: true}, "handler and wrappers": {handler: true, model: true, tool: true},
			"all": {handler: true, model: true, tool: true, tap: true},
		} {
			t.Run(provider+"/"+name, func(t *testing.T) {
				k := newKit(t, p, thinking)
				executor := k.executor(k.model(t, provider), k.tools(parcels))
				must(t, k.run(t, func(ctx context.Context) error {
					answer, err := chains.Run(ctx, executor, "How many parcels?")
					if answer != "42 parcels" {
						t.Errorf("answer %q", answer)
					}
					return err
				}))
				k.wantRun(t)
				calls := k.rec.LLMCalls()
				knows := p.model || p.tap && provider != "mistral_ai"
				for _, c := range calls {
					if knows && (c.Provider != provider || c.Model == "") {
						t.Errorf("provider %q, model %q", c.Provider, c.Model)
					}
					told := provider != "anthropic" || p.model || p.tap
					counts := told && provider != "mistral_ai" // whose streams are not asked for tokens
					if counts && (c.Usage.PromptTokens != 100 || c.Usage.CompletionTokens != 10) || told && c.Status != types.StatusSuccess {
						t.Errorf("status %q, usage %+v", c.Status, c.Usage)
					}
				}
			})
		}
	}
}

// wantRun wants the timeline of thinking: three calls, two decisions and their tools, and how it ended.
func (k *kit) wantRun(t *testing.T) {
	t.Helper()
	k.rec.WantTools("find_order", "calculator")
	k.rec.WantToolInputs("calculator", "6*7")
	k.rec.WantPath("agent > agent > chain > llm")
	k.rec.WantPath("agent > agent > decision find_order")
	k.rec.WantPath("agent > agent > tool calculator")
	k.rec.WantNoOrphans()
	if calls := k.rec.LLMCalls(); len(calls) != 3 {
		t.Errorf("%d calls of a model, want 3", len(calls))
	}
	decided := k.rec.Decisions()
	if len(decided) != 3 || decided[2].Chosen != "finish" || !strings.Contains(decided[0].Reasoning, "Look first") {
		t.Errorf("decisions = %+v", decided)
	}
	for _, c := range k.rec.ToolCalls() {
		if !strings.Contains(c.Reasoning, "Action: "+c.ToolName) || c.Status != types.StatusSuccess || c.ToolOutput == nil {
			t.Errorf("tool call = %+v", c)
		}
	}
	if r := k.result(t); r.Status != types.StatusSuccess || r.Output != "42 parcels" {
		t.Errorf("the session ended with %+v", r)
	}
	if t.Failed() {
		t.Log(k.rec.Timeline())
	}
}

// result is what the session ended with.
func (k *kit) result(t *testing.T) (r types.SessionResult) {
	t.Helper()
	for _, e := range k.rec.Events() {
		if e.Result != nil {
			r = *e.Result
		}
	}
	return r
}

// The agent that has a model's own tool calls gives their ids.
func TestOpenAIFunctionsAgent(t *testing.T) {
	brain := func(req fakellm.Request) fakellm.Reply {
		if last := req.Messages[len(req.Messages)-1]; last.Role == "tool" {
			return fakellm.Reply{Text: "It is in Zürich.", Usage: types.Usage{PromptTokens: 9, CompletionTokens: 3}}
		}
		return fakellm.Reply{ToolCalls: []fakellm.ToolCall{{ID: "c1", Name: "find_order", Arguments: map[string]string{"__arg1": "A-18"}}}}
	}
	k := newKit(t, parts{handler: true, model: true, tool: true, tap: true}, brain)
	agent := agents.NewOpenAIFunctionsAgent(k.model(t, "openai"), k.tools(parcels), agents.WithCallbacksHandler(k.handler))
	must(t, k.run(t, func(ctx context.Context) error {
		_, err := chains.Run(ctx, agents.NewExecutor(agent, agents.WithCallbacksHandler(k.handler)), "Where?")
		return err
	}))
	if calls := k.rec.ToolCalls(); len(calls) != 1 || calls[0].CallID != "c1" || calls[0].ToolInput != "A-18" {
		t.Errorf("tool calls = %+v", calls)
	}
	calls := k.rec.LLMCalls()
	if len(calls) != 2 || calls[0].FinishReason != "tool_call" || calls[0].OutputMessages[0].Parts[0].ID != "c1" || calls[1].FinishReason != "stop" {
		t.Errorf("calls = %+v", calls)
	}
	if !strings.Contains(string(calls[0].ToolDefinitions), "calculator") {
		t.Errorf("tools = %s", calls[0].ToolDefinitions)
	}
}

func TestConversationalAgent(t *testing.T) {
	k := newKit(t, parts{handler: true}, func(fakellm.Request) fakellm.Reply {
		return fakellm.Reply{Text: "Thought: Do I need to use a tool? No\nAI: Hello!"}
	})
	agent := agents.NewConversationalAgent(k.model(t, "openai"), k.tools(parcels), agents.WithCallbacksHandler(k.handler))
	must(t, k.run(t, func(ctx context.Context) error {
		_, err := chains.Run(ctx, agents.NewExecutor(agent, agents.WithCallbacksHandler(k.handler)), "Hi")
		return err
	}))
	k.rec.WantPath("agent > agent > decision finish")
	if r := k.result(t); strings.TrimSpace(r.Output.(string)) != "Hello!" {
		t.Errorf("result %+v", r)
	}
}

var errLost = errors.New("the order is lost")

// A tool that fails fails the run; without tool errors only the run.
func TestToolFails(t *testing.T) {
	fails := func(context.Context, string) (string, error) { return "", errLost }
	for name, p := range map[string]parts{"handler": {handler: true}, "all": {handler: true, model: true, tool: true, tap: true}} {
		for _, without := range []bool{false, true} {
			var opts []langchaingo.Option
			if without {
				opts = append(opts, langchaingo.WithoutToolErrors())
			}
			t.Run(name, func(t *testing.T) {
				k := newKit(t, p, thinking, opts...)
				executor := k.executor(k.model(t, "openai"), k.tools(fails, opts...))
				err := k.run(t, func(ctx context.Context) error {
					_, err := chains.Run(ctx, executor, "How many parcels?")
					return err
				})
				if !errors.Is(err, errLost) {
					t.Errorf("the run gave %v", err)
				}
				call := k.rec.ToolCalls()[0]
				if want := map[bool]types.Status{false: types.StatusError, true: types.StatusUnknown}[without]; call.Status != want || (call.Error == "") != without {
					t.Errorf("tool call = %+v", call)
				}
				if r := k.result(t); r.Status != types.StatusError || !strings.Contains(r.Summary, "lost") {
					t.Errorf("result = %+v", r)
				}
			})
		}
	}
}

func TestWithoutChainOfThought(t *testing.T) {
	k := newKit(t, parts{handler: true}, thinking, langchaingo.WithoutChainOfThought())
	executor := k.executor(k.model(t, "openai"), k.tools(parcels))
	must(t, k.run(t, func(ctx context.Context) error {
		_, err := chains.Run(ctx, executor, "How many parcels?")
		return err
	}))
	k.rec.WantTools("find_order", "calculator")
	k.rec.WantNoPath("step")
	k.rec.WantNoPath("decision")
	for _, c := range k.rec.ToolCalls() {
		if c.Reasoning != "" {
			t.Errorf("reasoning %q", c.Reasoning)
		}
	}
	if len(k.rec.LLMCalls()) != 3 || k.result(t).Output != "42 parcels" {
		t.Errorf("%d calls, result %+v", len(k.rec.LLMCalls()), k.result(t))
	}
}

// One handler, one model, one context: chains that run side by side do not mix.
func TestParallelChains(t *testing.T) {
	for name, p := range map[string]parts{"handler": {handler: true}, "all": {handler: true, model: true, tool: true, tap: true}} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, p, thinking)
			executor := k.executor(k.model(t, "openai"), k.tools(parcels))
			const n = 20
			must(t, k.run(t, func(ctx context.Context) error {
				var wg sync.WaitGroup
				for range n {
					wg.Go(func() {
						if answer, err := chains.Run(ctx, executor, "How many parcels?"); err != nil || answer != "42 parcels" {
							t.Errorf("%q, %v", answer, err)
						}
					})
				}
				wg.Wait()
				return nil
			}))
			inside := map[string]string{}
			for _, e := range k.rec.Events() {
				inside[e.ID] = e.ParentID
			}
			perAgent := map[string]int{}
			for _, e := range k.rec.Events() {
				if e.LLMCall != nil {
					perAgent[inside[inside[e.ID]]]++
				}
			}
			if len(k.rec.LLMCalls()) != 3*n || len(k.rec.ToolCalls()) != 2*n || len(perAgent) != n {
				t.Errorf("%d calls, %d tools, %d agents", len(k.rec.LLMCalls()), len(k.rec.ToolCalls()), len(perAgent))
			}
			for agent, calls := range perAgent {
				if calls != 3 || agent == "" {
					t.Errorf("agent %q has %d calls", agent, calls)
				}
			}
		})
	}
}
