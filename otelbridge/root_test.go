package otelbridge_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// remoteContext is what a server has after it read a traceparent header.
func remoteContext(ctx context.Context) (context.Context, trace.SpanContext) {
	sc := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{15: 1}, SpanID: trace.SpanID{7: 2}, TraceFlags: trace.FlagsSampled, Remote: true})
	return trace.ContextWithRemoteSpanContext(ctx, sc), sc
}

func TestWhichRootsOpenASession(t *testing.T) {
	agent := work{name: "invoke_agent a", from: 10, to: 90, attrs: op("invoke_agent", attribute.String("gen_ai.agent.name", "a"), attribute.String("gen_ai.agent.version", "2"))}
	chat := work{name: "chat m", from: 20, to: 30, attrs: op("chat")}
	http := func(inside ...work) work { return work{name: "GET /", to: 100, inside: inside} }
	ours := work{name: "invoke_agent ours", to: 100, attrs: op("invoke_agent", attribute.String("sentrial.source", "sdk")), inside: []work{chat}}
	for name, test := range map[string]struct {
		run    work
		remote bool
		want   string // the session's name; "" = not opened
		agent  string
		events []types.EventType
	}{
		"agent":                      {run: agent, want: "a", agent: "a", events: []types.EventType{"session_end", "session_start"}},
		"agent, called from outside": {run: agent, remote: true, want: "a", agent: "a", events: []types.EventType{"session_end", "session_start"}},
		"handler":                    {run: http(agent), want: "a", agent: "a", events: []types.EventType{"session_end", "session_start", "step"}},
		"handler, called":            {run: http(agent), remote: true, want: "a", agent: "a", events: []types.EventType{"session_end", "session_start", "step"}},
		"handler of a model":         {run: http(chat), want: "GET /", events: []types.EventType{"llm_call", "session_end", "session_start"}},
		"handler of a model, called": {run: http(chat), remote: true, events: []types.EventType{"llm_call"}},
		"model":                      {run: chat, want: "chat m", events: []types.EventType{"llm_call", "session_end", "session_start"}},
		"model, called from outside": {run: chat, remote: true, events: []types.EventType{"llm_call"}},
		"handler of nothing":         {run: http(http())},
		"handler that fails":         {run: work{name: "GET /", to: 100, end: fail("500")}},
		"operation without an event": {run: work{name: "create_agent a", to: 100, attrs: op("create_agent")}},
		"spans of the SDK":           {run: ours, events: []types.EventType{"llm_call"}},
		"handler around the SDK's":   {run: http(work{name: "chat", attrs: op("chat", attribute.String("sentrial.source", "sdk"))})},
		"workflow":                   {run: work{name: "w", to: 100, attrs: op("invoke_workflow"), inside: []work{chat}}, want: "w", events: []types.EventType{"llm_call", "session_end", "session_start"}},
		"model without an operation": {run: work{name: "r", to: 100, attrs: []attribute.KeyValue{attribute.String("gen_ai.response.model", "m")}}, want: "r", events: []types.EventType{"llm_call", "session_end", "session_start"}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			if test.remote {
				ctx, _ = remoteContext(ctx)
			}
			events := once(t, spansOf(t, ctx, test.run)...)
			var kinds []types.EventType
			for e := range maps.Values(events) {
				kinds = append(kinds, e.Type)
				if e.Session != nil && (e.Session.Name != test.want || e.Session.AgentName != test.agent) {
					t.Errorf("session = %+v", e.Session)
				}
				if e.SessionID != "trace_"+e.TraceID {
					t.Errorf("%s is in session %q of trace %q", e.Type, e.SessionID, e.TraceID)
				}
			}
			if slices.Sort(kinds); !slices.Equal(kinds, test.events) {
				t.Errorf("events %v, want %v", kinds, test.events)
			}
		})
	}
}

func TestRemoteParent(t *testing.T) {
	ctx, parent := remoteContext(t.Context())
	for _, e := range once(t, spansOf(t, ctx, work{name: "execute_tool x", to: 9, attrs: op("execute_tool")})...) {
		if want := "otel_" + parent.TraceID().String() + "_" + parent.SpanID().String(); e.ParentID != want || e.SessionID != "trace_"+parent.TraceID().String() {
			t.Errorf("parent %q in session %q, want the remote span's event %q", e.ParentID, e.SessionID, want)
		}
	}
}

// The session of a handler is about the outermost agent in it, with that one's outcome, whichever span comes first.
func TestSessionIsAboutTheOutermostAgent(t *testing.T) {
	named := func(name string) []attribute.KeyValue {
		return op("invoke_agent", attribute.String("gen_ai.agent.name", name))
	}
	spans := spansOf(t, t.Context(), work{name: "GET /", to: 100, inside: []work{{
		name: "outer", from: 10, to: 90, attrs: named("outer"), end: fail("x"), inside: []work{{name: "inner", from: 20, to: 80, attrs: named("inner")}},
	}}})
	oneByOne := sentrialtest.New(t)
	exporter := otelbridge.NewExporter(oneByOne.Client())
	for _, s := range spans {
		export(t, exporter, s)
	}
	for name, events := range map[string]map[string]types.Event{"one batch": once(t, spans...), "one by one": delivered(oneByOne)} {
		for _, e := range events {
			if e.Session != nil && (e.Session.AgentName != "outer" || e.Session.Name != "outer") {
				t.Errorf("%s: session = %+v", name, e.Session)
			}
			if e.Result != nil && e.Status != types.StatusError {
				t.Errorf("%s: the session ended with %q", name, e.Status)
			}
		}
		if len(events) != 5 {
			t.Errorf("%s: events = %v", name, events)
		}
	}
}
