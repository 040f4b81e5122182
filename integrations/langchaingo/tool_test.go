package langchaingo_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tmc/langchaingo/callbacks"
	"github.com/tmc/langchaingo/schema"
	"github.com/tmc/langchaingo/tools"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/integrations/langchaingo"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

type callbackHandler = callbacks.Handler

func echo(_ context.Context, input string) (string, error) { return input + "!", nil }

// For each pair of those that see a tool call: one event.
func TestToolPairs(t *testing.T) {
	rec, ctx, h := started(t)
	wrapped := langchaingo.WrapTool(&toolFunc{"find_order", echo, nil}, rec.Client())
	told := &toolFunc{"find_order", echo, h}
	helper := func(inner tools.Tool) *toolFunc {
		return &toolFunc{"find_order", func(ctx context.Context, input string) (string, error) {
			return sentrial.Tool(ctx, "find_order", input, inner.Call)
		}, nil}
	}
	for name, tool := range map[string]tools.Tool{
		"wrapped":                       wrapped,
		"told":                          told,
		"wrapped, told":                 langchaingo.WrapTool(told, rec.Client()),
		"told, wrapped":                 &toolFunc{"find_order", wrapped.Call, h},
		"helper, wrapped":               helper(wrapped),
		"helper, told":                  helper(told),
		"helper, wrapped, told":         helper(langchaingo.WrapTool(told, rec.Client())),
		"wrapped, wrapped":              langchaingo.WrapTool(wrapped, rec.Client()),
		"wrapped, wrapped by a handler": langchaingo.WrapTool(langchaingo.WrapTool(told, rec.Client()), rec.Client()),
	} {
		before := len(rec.ToolCalls())
		h.HandleAgentAction(ctx, schema.AgentAction{Tool: "Find_Order", ToolInput: `{"id":"A-18"}`, Log: "look", ToolID: "c1"})
		if got, err := tool.Call(ctx, `{"id":"A-18"}`); err != nil || got != `{"id":"A-18"}!` {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		calls := rec.ToolCalls()[before:]
		if len(calls) != 1 || calls[0].ToolOutput != `{"id":"A-18"}!` || calls[0].CallID != "c1" || calls[0].Reasoning != "look" || calls[0].Status != types.StatusSuccess {
			t.Errorf("%s: %+v", name, calls)
		} else if _, object := calls[0].ToolInput.(map[string]any); !object && len(name) < 6 {
			t.Errorf("%s: input %#v", name, calls[0].ToolInput)
		}
	}
}

// A tool that calls others is not one of them.
func TestToolInATool(t *testing.T) {
	rec, ctx, h := started(t)
	calculator := tools.Calculator{CallbacksHandler: h}
	for _, inner := range []tools.Tool{langchaingo.WrapTool(tools.Calculator{}, rec.Client()), calculator, langchaingo.WrapTool(calculator, rec.Client())} {
		research := func(ctx context.Context, _ string) (string, error) {
			h.HandleAgentAction(ctx, schema.AgentAction{Tool: "calculator", ToolInput: "6*7"})
			return inner.Call(ctx, "6*7")
		}
		for _, outer := range []tools.Tool{langchaingo.WrapTool(&toolFunc{"research", research, nil}, rec.Client()), &toolFunc{"research", research, h}} {
			before := len(rec.ToolCalls())
			h.HandleAgentAction(ctx, schema.AgentAction{Tool: "research", ToolInput: "how many\nObservation:"})
			_, err := outer.Call(ctx, "how many")
			must(t, err)
			if calls := rec.ToolCalls()[before:]; len(calls) != 2 || calls[0].ToolName != "research" || calls[1].ToolName != "calculator" || calls[1].ToolOutput != "42" {
				t.Errorf("%T in %T: %+v", inner, outer, calls)
			}
		}
	}
	rec.WantPath("research > calculator")
	rec.WantNoPath("calculator > calculator")
}

// langchaingo's calculator does not tell of its end when it cannot calculate; the agent's next thought shows that it is over.
func TestACalculatorThatCannot(t *testing.T) {
	rec, ctx, h := started(t)
	h.HandleAgentAction(ctx, schema.AgentAction{Tool: "calculator", ToolInput: "6*"})
	_, err := tools.Calculator{CallbacksHandler: h}.Call(ctx, "6*")
	must(t, err)
	generate(ctx, &callingBack{handler: h, end: func(ctx context.Context, h callbacks.Handler) { h.HandleLLMGenerateContentEnd(ctx, answer("a")) }})
	rec.WantNoPath("calculator > llm")
	if c := rec.ToolCalls()[0]; c.ToolName != "calculator" || c.Status != types.StatusUnknown || c.Metadata["end_reported"] != false {
		t.Errorf("call = %+v", c)
	}
}

func TestToolPanics(t *testing.T) {
	rec, ctx, _ := started(t)
	tool := langchaingo.WrapTool(&toolFunc{"t", func(context.Context, string) (string, error) { panic("no") }, nil}, rec.Client())
	func() {
		defer func() {
			if recover() != "no" {
				t.Error("the panic is gone")
			}
		}()
		_, _ = tool.Call(ctx, "")
	}()
	if c := rec.ToolCalls(); len(c) != 1 || c[0].Status != types.StatusError {
		t.Errorf("calls = %+v", c)
	}
}

func TestToolsWithout(t *testing.T) {
	rec := sentrialtest.New(t)
	rec.Allow(sentrialtest.Unsessioned)
	for _, client := range []*sentrial.Client{nil, rec.Client()} {
		before := rec.Client().Stats().Unsessioned
		tool := langchaingo.WrapTool(&toolFunc{"t", echo, langchaingo.NewHandler(client)}, client)
		if got, err := tool.Call(rec.Context(t.Context()), "a"); got != "a!" || err != nil || tool.Name() != "t" || tool.Description() == "" {
			t.Errorf("%q, %v", got, err)
		}
		if got := rec.Client().Stats().Unsessioned - before; client != nil && got != 1 {
			t.Errorf("counted %d times, want once", got)
		}
	}
	inner := &toolFunc{"t", echo, nil}
	if got := langchaingo.WrapTool(inner, nil).(interface{ Unwrap() tools.Tool }).Unwrap(); got != tools.Tool(inner) {
		t.Error("it unwraps to something else")
	}
}

func TestCancelledTool(t *testing.T) {
	rec, ctx, _ := started(t)
	ctx, cancel := context.WithCancel(ctx)
	tool := langchaingo.WrapTool(&toolFunc{"t", func(ctx context.Context, _ string) (string, error) { cancel(); return "", ctx.Err() }, nil}, rec.Client())
	if _, err := tool.Call(ctx, ""); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if c := rec.ToolCalls()[0]; c.Status != types.StatusCancelled {
		t.Errorf("call = %+v", c)
	}
}
