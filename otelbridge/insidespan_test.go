package otelbridge_test

import (
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/adapter"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// A call that an instrumentation makes a span of, with an adapter or a helper inside that span, is one event with the tokens once: the one inside, which knows
// more, unless it does not know the tokens.
func TestCallsInsideTheirSpan(t *testing.T) {
	for name, c := range map[string]struct {
		operation string
		usage     types.Usage
		want      int // calls
	}{
		"with tokens":     {"chat", types.Usage{PromptTokens: 7, CompletionTokens: 3}, 1},
		"without":         {"chat", types.Usage{}, 2},
		"an agent around": {"invoke_agent", types.Usage{PromptTokens: 7, CompletionTokens: 3}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTraced(t, sentrialtest.New(t))
			ctx, session := r.Client().CreateSession(t.Context(), "ours")
			inside, span := r.tracer.Start(ctx, c.operation, trace.WithAttributes(op(c.operation, attribute.String("gen_ai.request.model", "gpt"))...))
			_, call := adapter.New(r.Client(), nil).LLM(inside, types.LLMCall{Model: "gpt"})
			call.Usage = c.usage
			call.End(nil)
			if c.operation == "chat" {
				span.SetAttributes(attribute.Int("gen_ai.usage.input_tokens", 7), attribute.Int("gen_ai.usage.output_tokens", 3))
			}
			span.End()
			session.Close(ctx, types.SessionResult{})
			calls, tokens := r.LLMCalls(), 0
			for _, call := range calls {
				tokens += call.Usage.PromptTokens
			}
			if len(calls) != c.want || tokens != 7 {
				t.Errorf("%d calls with %d tokens, want %d with 7: %+v", len(calls), tokens, c.want, r.byType())
			}
			if events := r.byType(); c.operation == "invoke_agent" && len(events["step"]) == 0 {
				t.Errorf("the agent is gone: %v", events)
			}
		})
	}
}

func TestToolsInsideTheirSpan(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	inside, span := r.tracer.Start(ctx, "execute_tool search", trace.WithAttributes(op("execute_tool", attribute.String("gen_ai.tool.name", "search"))...))
	inner, tool := sentrial.StartTool(inside, types.ToolCall{ToolName: "search"})
	chatSpan(inner, r.tracer)
	tool.End(nil)
	span.End()
	session.Close(ctx, types.SessionResult{})
	events := r.byType()
	if len(events["tool_call"]) != 1 || len(events["llm_call"]) != 1 || events["llm_call"][0].ParentID != tool.ID() {
		t.Errorf("events = %v", events)
	}
}
