package otelbridge_test

import (
	"context"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/otelbridge"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

func bagOf(t *testing.T, members map[string]string) context.Context {
	t.Helper()
	var list []baggage.Member
	for key, value := range members {
		m, err := baggage.NewMemberRaw(key, value)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	bag, err := baggage.New(list...)
	if err != nil {
		t.Fatal(err)
	}
	return baggage.ContextWithBaggage(t.Context(), bag)
}

// Baggage names the session where nothing nearer does. One that package sentrial wrote there belongs to the process that wrote it.
func TestSessionFromBaggage(t *testing.T) {
	for name, test := range map[string]struct {
		bag     map[string]string
		attrs   []attribute.KeyValue
		opts    []otelbridge.Option
		session string
		opens   bool
		parent  string
	}{
		"of the SDK's":        {bag: map[string]string{"sentrial.session_id": "s1", "sentrial.parent_id": "evt_1"}, session: "s1", parent: "evt_1"},
		"before the span's":   {bag: map[string]string{"sentrial.session_id": "s1"}, attrs: []attribute.KeyValue{attribute.String("session.id", "s2")}, session: "s1"},
		"no id":               {bag: map[string]string{"sentrial.session_id": "s 1"}, session: "trace_", opens: true},
		"by another key":      {bag: map[string]string{"session.id": "s1"}, session: "s1", opens: true},
		"against the rules":   {bag: map[string]string{"session.id": "s 1"}, session: "otel_", opens: true},
		"after the span's":    {bag: map[string]string{"session.id": "s1"}, attrs: []attribute.KeyValue{attribute.String("session.id", "s2")}, session: "s2", opens: true},
		"by a key of its own": {bag: map[string]string{"app.thread": "s1"}, opts: []otelbridge.Option{otelbridge.WithSessionKeys("app.thread")}, session: "s1", opens: true},
		"by no key":           {bag: map[string]string{"session.id": "s1"}, opts: []otelbridge.Option{otelbridge.WithSessionKeys()}, session: "trace_", opens: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTraced(t, sentrialtest.New(t), test.opts...)
			work{name: "GET /", to: 90, inside: []work{{name: "execute_tool x", from: 10, to: 20, attrs: op("execute_tool", test.attrs...)}}}.run(bagOf(t, test.bag), r.tracer)
			events := r.byType()
			if len(events["tool_call"]) != 1 {
				t.Fatalf("events = %v", events)
			}
			call := events["tool_call"][0]
			if !strings.HasPrefix(call.SessionID, test.session) || test.opens != (len(events["session_start"]) > 0) || test.parent != "" && call.ParentID != test.parent {
				t.Errorf("the call is in session %q and %q, %d sessions were opened", call.SessionID, call.ParentID, len(events["session_start"]))
			}
		})
	}
}

// What Inject wrote in one process is where the spans of another one belong.
func TestSessionAcrossProcesses(t *testing.T) {
	r := newTraced(t, sentrialtest.New(t))
	ctx, session := r.Client().CreateSession(t.Context(), "ours")
	carrier := sentrial.MapCarrier{}
	sentrial.Inject(ctx, carrier)
	work{name: "execute_tool x", attrs: op("execute_tool")}.run(r.Client().Extract(t.Context(), carrier), r.tracer)
	session.Close(ctx, types.SessionResult{})
	if calls := r.byType()["tool_call"]; len(calls) != 1 || calls[0].SessionID != session.ID() {
		t.Errorf("calls = %v, want one in %s", calls, session.ID())
	}
}

// The session of another client is none of this one's.
func TestSessionOfAnotherClient(t *testing.T) {
	r, other := newTraced(t, sentrialtest.New(t)), sentrialtest.New(t)
	ctx, session := other.Client().CreateSession(t.Context(), "theirs")
	work{name: "execute_tool x", attrs: op("execute_tool")}.run(ctx, r.tracer)
	session.Close(ctx, types.SessionResult{})
	if calls := r.byType()["tool_call"]; len(calls) != 1 || calls[0].SessionID == session.ID() {
		t.Errorf("calls = %v, want one, not in %s", calls, session.ID())
	}
}
