package otelbridge_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func TestProcessorRecordsARun(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	weather().run(t.Context(), r.tracer)
	shutDown(t, r.processor)
	checkSession(t, r.Recorder)
	checkLLMCalls(t, r.Recorder)
	checkToolCall(t, r.Recorder)
	if events := r.byType(); len(events["session_end"]) != 1 || len(events["session_alias"]) != 0 {
		t.Errorf("events = %v", events)
	}
}

// Without anybody who flushes, a trace is recorded once its root has ended.
func TestATraceIsRecordedByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		r := newTraced(t, rec)
		weather().run(t.Context(), r.tracer)
		pass(100 * time.Millisecond)
		if stats := rec.Client().Stats(); stats.Accepted != 1 {
			t.Errorf("%d events at once, want the session's opening alone", stats.Accepted)
		}
		pass(300 * time.Millisecond)
		if stats := rec.Client().Stats(); stats.Accepted != 5 {
			t.Errorf("%d events after the trace was complete, want 5: the session has an id of its own, and goes on", stats.Accepted)
		}
	})
}

// While the root goes on, what is there is recorded after a while.
func TestARunThatGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := sentrialtest.New(t)
		r := newTraced(t, rec)
		ctx, agent := r.tracer.Start(t.Context(), "invoke_agent a", trace.WithAttributes(op("invoke_agent")...))
		_, tool := r.tracer.Start(ctx, "execute_tool x", trace.WithAttributes(op("execute_tool")...))
		tool.End()
		pass(4 * time.Second)
		if stats := rec.Client().Stats(); stats.Accepted != 1 {
			t.Errorf("%d events after 4 s, want the session's opening alone", stats.Accepted)
		}
		pass(2 * time.Second)
		if stats := rec.Client().Stats(); stats.Accepted != 2 {
			t.Errorf("%d events after 6 s, want the tool's too", stats.Accepted)
		}
		agent.End()
		if events := r.byType(); len(events["tool_call"]) != 1 || len(events["session_end"]) != 1 || events["tool_call"][0].ParentID != events["session_start"][1].ID {
			t.Errorf("events = %v", events)
		}
	})
}

// A session is seen from its beginning, under the name that the agent has.
func TestSessionOpensEarly(t *testing.T) {
	named := attribute.String("gen_ai.agent.name", "helper")
	for name, test := range map[string]struct {
		agent   []attribute.KeyValue
		inside  bool // an HTTP handler is around
		session string
		name    string
	}{
		"agent":             {agent: op("invoke_agent", named), session: "trace_TRACE", name: "helper"},
		"agent, named":      {agent: op("invoke_agent", named, attribute.String("session.id", "s 1")), session: "otel_00015405197323211bba99f5b200123c", name: "helper"},
		"without a name":    {agent: op("invoke_agent"), session: "trace_TRACE", name: "inner"},
		"inside a handler":  {agent: op("invoke_agent", named), inside: true, session: "trace_TRACE", name: "helper"},
		"call in a handler": {agent: op("chat"), inside: true, session: "trace_TRACE", name: "GET /"},
		"a call alone":      {agent: op("chat")},
		"no GenAI":          {agent: []attribute.KeyValue{attribute.String("http.route", "/")}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newTraced(t, sentrialtest.New(t))
				ctx := t.Context()
				if test.inside {
					around, span := r.tracer.Start(ctx, "GET /")
					ctx = around
					defer span.End()
				}
				_, span := r.tracer.Start(ctx, "inner", trace.WithAttributes(test.agent...))
				defer span.End()
				id := span.SpanContext().TraceID().String()
				pass(50 * time.Millisecond)
				events := r.Events()
				if test.session == "" {
					if len(events) > 0 {
						t.Errorf("events = %v", events)
					}
					return
				}
				if len(events) != 1 || events[0].ID != "otel_"+id+".open" || events[0].Session == nil {
					t.Fatalf("events = %v", events)
				}
				if got := strings.ReplaceAll(events[0].SessionID, id, "TRACE"); !strings.HasPrefix(got, test.session) || events[0].Session.Name != test.name {
					t.Errorf("session %q is named %q", got, events[0].Session.Name)
				}
			})
		})
	}
}

// A session that was opened under the trace's id, before a span said another, is the other one's.
func TestOpenedSessionIsRenamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTraced(t, sentrialtest.New(t))
		_, span := r.tracer.Start(t.Context(), "a", trace.WithAttributes(op("invoke_agent")...))
		pass(50 * time.Millisecond)
		span.SetAttributes(attribute.String("session.id", "s1"))
		span.End()
		aliases := r.byType()["session_alias"]
		id := span.SpanContext().TraceID().String()
		if len(aliases) != 1 || aliases[0].SessionID != "trace_"+id || aliases[0].ID != "otel_"+id+".alias" || !strings.Contains(string(aliases[0].Raw), `"into":"s1"`) {
			t.Errorf("aliases = %v", aliases)
		}
	})
}

// Spans under the context of a session are of that session, and inside the event that is open there. They neither open nor end it.
func TestSpansInASessionOfTheClient(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	_, err := sentrial.Tool(ctx, "ask", 1, func(ctx context.Context, _ int) (int, error) {
		work{name: "invoke_agent a", to: 50, attrs: op("invoke_agent", attribute.String("gen_ai.agent.name", "a")), inside: []work{
			{name: "step", inside: []work{{name: "chat m", from: 10, to: 20, attrs: op("chat")}}},
		}}.run(ctx, r.tracer)
		return 1, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	session.Close(ctx, types.SessionResult{})
	events := r.byType()
	if len(events["session_start"]) != 1 || len(events["session_end"]) != 1 || len(events["step"]) != 1 || len(events["llm_call"]) != 1 || len(events["tool_call"]) != 1 {
		t.Fatalf("events = %v", events)
	}
	tool, step, chat := events["tool_call"][0], events["step"][0], events["llm_call"][0]
	if step.SessionID != session.ID() || chat.SessionID != session.ID() || step.Step.Name != "a" || step.Step.Kind != "agent" {
		t.Errorf("step %+v in %s, call in %s, want %s", step.Step, step.SessionID, chat.SessionID, session.ID())
	}
	if step.ParentID != tool.ID || chat.ParentID != step.ID {
		t.Errorf("step in %q, call in %q, want %q and %q", step.ParentID, chat.ParentID, tool.ID, step.ID)
	}
}

// Children that are started without the context belong where their parent does.
func TestSessionIsInherited(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	outer, span := r.tracer.Start(ctx, "outer")
	_, inner := r.tracer.Start(trace.ContextWithSpan(t.Context(), trace.SpanFromContext(outer)), "execute_tool x", trace.WithAttributes(op("execute_tool")...))
	inner.End()
	span.End()
	session.Close(ctx, types.SessionResult{})
	if calls := r.byType()["tool_call"]; len(calls) != 1 || calls[0].SessionID != session.ID() {
		t.Errorf("calls = %v, want one in %s", calls, session.ID())
	}
}

func TestUnsampledSpans(t *testing.T) {
	for name, test := range map[string]struct {
		opts []otelbridge.Option
		want int
	}{"default": {nil, 0}, "asked for": {[]otelbridge.Option{otelbridge.WithUnsampledSpans()}, 1}} {
		t.Run(name, func(t *testing.T) {
			rec := sentrialtest.New(t)
			tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(otelbridge.NewSpanProcessor(rec.Client(), test.opts...)), sdktrace.WithSampler(recordOnly{}))
			work{name: "execute_tool x", attrs: op("execute_tool")}.run(t.Context(), tp.Tracer("test"))
			if err := tp.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			if calls := rec.ToolCalls(); len(calls) != test.want {
				t.Errorf("calls = %v", calls)
			}
		})
	}
}

type recordOnly struct{}

func (recordOnly) Description() string { return "record only" }

func (recordOnly) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	return sdktrace.SamplingResult{Decision: sdktrace.RecordOnly}
}
