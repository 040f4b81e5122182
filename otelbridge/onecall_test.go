package otelbridge_test

import (
	"context"
	"errors"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func chatSpan(ctx context.Context, tracer trace.Tracer, attrs ...attribute.KeyValue) {
	_, span := tracer.Start(ctx, "chat gpt", trace.WithAttributes(op("chat", attribute.String("gen_ai.request.model", "gpt"))...))
	span.SetAttributes(append(attrs, attribute.Int("gen_ai.usage.input_tokens", 7), attribute.Int("gen_ai.usage.output_tokens", 3))...)
	span.End()
}

// A call that both a helper and an instrumentation see is one event, with what each of them knows.
func TestOneCallOneEvent(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	_, err := sentrial.LLM(ctx, types.LLMCall{Model: "mine", Prompt: "hi"}, func(ctx context.Context, _ *types.LLMCall) (string, error) {
		chatSpan(ctx, r.tracer, attribute.String("gen_ai.response.id", "r1"))
		return "answer", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	session.Close(ctx, types.SessionResult{})
	calls := r.LLMCalls()
	if len(calls) != 1 {
		t.Fatalf("calls = %+v, want one", calls)
	}
	if c := calls[0]; c.Model != "mine" || c.Response != "answer" || c.ResponseID != "r1" || c.Usage.PromptTokens != 7 || c.Usage.CompletionTokens != 3 {
		t.Errorf("call = %+v", c)
	}
}

func TestOneToolOneEvent(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	inside, call := sentrial.StartTool(ctx, types.ToolCall{ToolName: "search"})
	work{name: "execute_tool search", attrs: op("execute_tool", attribute.String("gen_ai.tool.call.id", "c1"), attribute.String("gen_ai.tool.call.arguments", `{"q":1}`)), inside: []work{
		{name: "chat m", attrs: op("chat")},
	}}.run(inside, r.tracer)
	call.End(nil)
	session.Close(ctx, types.SessionResult{})
	events := r.byType()
	if len(events["tool_call"]) != 1 || len(events["llm_call"]) != 1 {
		t.Fatalf("events = %v", events)
	}
	tool := events["tool_call"][0]
	if tool.ToolCall.CallID != "c1" || tool.ToolCall.ToolInput == nil || events["llm_call"][0].ParentID != tool.ID {
		t.Errorf("tool = %+v, the call inside is in %q, want %q", tool.ToolCall, events["llm_call"][0].ParentID, tool.ID)
	}
}

// A span of another kind inside a helper's call is a call of its own, inside it.
func TestAnotherCallInsideAHelper(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	_, err := sentrial.Tool(ctx, "ask", 1, func(ctx context.Context, _ int) (int, error) {
		chatSpan(ctx, r.tracer)
		return 1, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	session.Close(ctx, types.SessionResult{})
	events := r.byType()
	if len(events["tool_call"]) != 1 || len(events["llm_call"]) != 1 || events["llm_call"][0].ParentID != events["tool_call"][0].ID {
		t.Errorf("events = %v", events)
	}
}

// A span that outlives the helper's call, or answers with another id, is an event of its own: better twice than not at all.
func TestASpanThatOutlivesTheHelper(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	inside, call := sentrial.StartLLM(ctx, types.LLMCall{Model: "m"})
	_, span := r.tracer.Start(inside, "chat m", trace.WithAttributes(op("chat")...))
	call.End(nil)
	span.End()
	session.Close(ctx, types.SessionResult{})
	if calls := r.LLMCalls(); len(calls) != 2 {
		t.Errorf("calls = %+v", calls)
	}
}

// What the spans around forbid to tell is not told of spans either.
func TestContentOfSpansInARestrictedCall(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	_, err := sentrial.Tool(ctx, "ask", 1, func(ctx context.Context, _ int) (int, error) {
		chatSpan(ctx, r.tracer, attribute.String("gen_ai.input.messages", canary))
		return 1, nil
	}, sentrial.WithContent(sentrial.ContentMetadata))
	if err != nil {
		t.Fatal(err)
	}
	session.Close(ctx, types.SessionResult{})
	if calls := r.LLMCalls(); len(calls) != 1 || len(calls[0].Messages) != 0 || calls[0].Usage.PromptTokens != 7 {
		t.Errorf("calls = %+v", calls)
	}
}

// Where the SDK's own spans go out by the same provider, nothing comes back in, and an instrumentation inside a helper's call is still the same call.
func TestSpansOfOurOwnStayOut(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			tp := sdktrace.NewTracerProvider()
			rec := sentrialtest.New(t, sentrial.WithHook(otelbridge.WithSpans(tp)))
			tp.RegisterSpanProcessor(way(rec.Client()))
			ctx, session := rec.Client().CreateSession(t.Context(), "ours")
			_, err := sentrial.LLM(ctx, types.LLMCall{Model: "gpt"}, func(ctx context.Context, _ *types.LLMCall) (string, error) {
				chatSpan(ctx, tp.Tracer("test"))
				return "answer", nil
			})
			_, toolErr := sentrial.Tool(ctx, "look", 1, func(ctx context.Context, _ int) (int, error) {
				work{name: "execute_tool look", attrs: op("execute_tool", attribute.String("gen_ai.tool.name", "look"))}.run(ctx, tp.Tracer("test"))
				return 1, nil
			})
			session.Close(ctx, types.SessionResult{})
			if err := errors.Join(err, toolErr, tp.Shutdown(t.Context())); err != nil {
				t.Fatal(err)
			}
			if events := rec.Events(); len(events) != 4 {
				t.Errorf("%d events, want the session's two, the call and the tool: %v", len(events), events)
			}
		})
	}
}
