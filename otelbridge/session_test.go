package otelbridge_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// sessionsOf gives the session of each span's own event, by the span's name.
func sessionsOf(t *testing.T, run work, opts ...otelbridge.Option) map[string]string {
	t.Helper()
	rec := sentrialtest.New(t)
	spans := spansOf(t, t.Context(), run)
	export(t, otelbridge.NewExporter(rec.Client(), opts...), spans...)
	events, found := delivered(rec), make(map[string]string)
	for _, s := range spans {
		sc := s.SpanContext()
		found[s.Name()] = strings.ReplaceAll(events["otel_"+sc.TraceID().String()+"_"+sc.SpanID().String()].SessionID, sc.TraceID().String(), "TRACE")
	}
	return found
}

func TestSessionID(t *testing.T) {
	own, session, conversation := attribute.String("sentrial.session.id", "own"), attribute.String("session.id", "s"), attribute.String("gen_ai.conversation.id", "c")
	thread := attribute.String("gen_ai.conversation.id", "projects/p 1/threads/2")
	custom := attribute.String("app.thread", "x")
	tool := func(name string, attrs ...attribute.KeyValue) work {
		return work{name: name, attrs: op("execute_tool", attrs...)}
	}
	agent := func(attrs []attribute.KeyValue, inside ...work) work {
		return work{name: "root", to: 100, attrs: op("invoke_agent", attrs...), inside: inside}
	}
	for name, test := range map[string]struct {
		run  work
		opts []otelbridge.Option
		want map[string]string
	}{
		"the trace's":         {run: agent(nil, tool("t")), want: map[string]string{"root": "trace_TRACE", "t": "trace_TRACE"}},
		"order of attributes": {run: agent([]attribute.KeyValue{conversation, session, own}), want: map[string]string{"root": "own"}},
		"session before conversation": {
			run: agent([]attribute.KeyValue{conversation, session}, tool("t")), want: map[string]string{"root": "s", "t": "s"},
		},
		"of the nearest span around": {
			run:  agent([]attribute.KeyValue{session}, work{name: "inner", attrs: op("invoke_agent", conversation), inside: []work{tool("t")}}, tool("u")),
			want: map[string]string{"root": "s", "inner": "c", "t": "c", "u": "s"},
		},
		"of any span of the trace": {run: agent(nil, tool("t"), tool("u", conversation)), want: map[string]string{"root": "c", "t": "c", "u": "c"}},
		"an id outside the rules":  {run: agent([]attribute.KeyValue{thread}), want: map[string]string{"root": "otel_1fa613d77792219e8786dedd75bf77cd"}},
		"other keys": {
			run: agent([]attribute.KeyValue{session, custom}), opts: []otelbridge.Option{nil, otelbridge.WithSessionKeys("app.thread")}, want: map[string]string{"root": "x"},
		},
		"no keys": {run: agent([]attribute.KeyValue{session}), opts: []otelbridge.Option{otelbridge.WithSessionKeys()}, want: map[string]string{"root": "trace_TRACE"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := sessionsOf(t, test.run, test.opts...)
			for span, want := range test.want {
				if got[span] != want {
					t.Errorf("%s is in session %q, want %q", span, got[span], want)
				}
			}
		})
	}
}

func TestConversationOutsideTheRulesIsKept(t *testing.T) {
	run := work{name: "a", to: 1, attrs: op("invoke_agent", attribute.String("gen_ai.conversation.id", "a/b c"))}
	for _, e := range once(t, spansOf(t, t.Context(), run)...) {
		if e.Session != nil && e.Session.ConversationID != "a/b c" {
			t.Errorf("session = %+v", e.Session)
		}
	}
}

// A session that is named after something was recorded under the trace's id takes that in, once, and what follows goes to it at once.
func TestSessionNamedLate(t *testing.T) {
	rec := sentrialtest.New(t)
	exporter := otelbridge.NewExporter(rec.Client())
	spans := spansOf(t, t.Context(), work{name: "root", to: 100, inside: []work{
		{name: "first", from: 10, to: 20, attrs: op("execute_tool")},
		{name: "second", from: 30, to: 40, attrs: op("chat", attribute.String("gen_ai.conversation.id", "c"))},
		{name: "third", from: 50, to: 60, attrs: op("execute_tool")},
	}})
	for _, s := range spans {
		export(t, exporter, s)
		if err := exporter.ForceFlush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	of, aliases := make(map[string]string), 0
	traceID := spans[0].SpanContext().TraceID().String()
	for _, e := range rec.Events() {
		switch {
		case e.Type == "session_alias":
			aliases++
			if !strings.Contains(string(e.Raw), `"into":"c"`) || e.SessionID != "trace_"+traceID || e.ID != "otel_"+traceID+".alias" {
				t.Errorf("alias = %s", e.Raw)
			}
		case e.ToolCall != nil:
			of[e.ToolCall.ToolName] = e.SessionID
		case e.Type == types.EventSessionStart:
			of["root"] = e.SessionID
		}
	}
	if aliases != 1 || of["first"] != "trace_"+traceID || of["third"] != "c" || of["root"] != "c" {
		t.Errorf("%d aliases, sessions %v", aliases, of)
	}
}

// The traffic of a server between an agent's spans does not make the exporter forget the agent's trace.
func TestOtherTracesPushNothingOut(t *testing.T) {
	rec := sentrialtest.New(t)
	exporter := otelbridge.NewExporter(rec.Client())
	run := work{name: "root", to: 100, end: fail("x"), attrs: op("invoke_agent"), inside: []work{
		{name: "chat", from: 10, to: 20, end: fail("x"), attrs: op("chat", attribute.String("session.id", "s"))},
	}}
	spans := spansOf(t, t.Context(), run)
	export(t, exporter, spans[0])
	for i := range 20_000 {
		if i%5_000 == 0 && exporter.ForceFlush(t.Context()) != nil {
			t.Fatal("the queue is not emptied")
		}
		export(t, exporter, tracetest.SpanStubs{{
			Name: "GET /health", SpanContext: trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID(i + 1), SpanID: trace.SpanID{1}}),
		}}.Snapshots()...)
	}
	export(t, exporter, spans[1])
	if sessions := rec.Sessions(); len(sessions) != 1 || sessions[0].ID != "s" || len(rec.Errors()) != 1 {
		t.Errorf("sessions %+v, errors %+v, want the root in session s and one error", sessions, rec.Errors())
	}
}

func traceID(n int) (id trace.TraceID) {
	binary.BigEndian.PutUint64(id[:], uint64(n))
	return id
}
