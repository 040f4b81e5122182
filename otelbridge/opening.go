package otelbridge

import (
	"cmp"
	"context"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// opening is a session that is recorded as begun while the spans that tell the rest of it are still open, so that a long run is seen from its beginning.
type opening struct {
	trace genai.TraceID
	event genai.Event
}

// opens tells whether a span that begins opens its session. One that is a call and has nothing around it does not: it is over soon, and may turn out to be a call that
// another trace tells of too. Neither does one that is called from another process, unless it is an agent: the caller's session is where it belongs.
func (b *bridge) opens(s sdktrace.ReadOnlySpan, glance genai.Glance, n *note) bool {
	if n.begun || b.cfg.filter != nil {
		return false
	}
	switch glance.Kind {
	case "agent", "workflow":
		return true
	case "llm", "embeddings", "tool", "retrieval", "memory", "plan":
		return !n.trace.remote && s.Parent().IsValid()
	}
	return false
}

func newOpening(s sdktrace.ReadOnlySpan, n *note, glance genai.Glance) *opening {
	id := genai.TraceID(s.SpanContext().TraceID())
	said := &glance.Session
	session := genai.Session{
		Name: cmp.Or(said.AgentName, n.trace.root), AgentName: said.AgentName, AgentVersion: said.AgentVersion, UserID: said.UserID, ConversationID: said.ConversationID,
	}
	return &opening{id, genai.Event{
		Type: genai.EventSessionStart, ID: "otel_" + id.String() + ".open", SessionID: cmp.Or(glance.SessionID, ofTrace(id)),
		TraceID: id, Time: s.StartTime(), Session: &session,
	}}
}

// ofTrace is the session of a trace that names none.
func ofTrace(id genai.TraceID) string { return "trace_" + id.String() }

// open records that a session began.
func (b *bridge) open(ctx context.Context, o *opening) {
	b.opened.put(o.trace, o.event.SessionID)
	b.recordOne(ctx, &o.event)
}

// rename says where the session belongs that was opened under the trace's own id before a span named it.
func (b *bridge) rename(ctx context.Context, r *genai.Released) {
	opened, known := b.opened.get(r.TraceID)
	if !known || len(r.Events) == 0 || opened != ofTrace(r.TraceID) {
		return
	}
	if into := sessionOf(r.Events); into != opened {
		b.opened.put(r.TraceID, into)
		e := alias(r.TraceID, into, r.Events[0].Time)
		b.recordOne(ctx, &e)
	}
}

// sessionOf gives the session that the events begin, or that of the first.
func sessionOf(list []genai.Event) string {
	for _, e := range list {
		if e.Type == genai.EventSessionStart {
			return e.SessionID
		}
	}
	return list[0].SessionID
}

func alias(id genai.TraceID, into string, at time.Time) genai.Event {
	return genai.Event{Type: genai.EventSessionAlias, ID: "otel_" + id.String() + ".alias", SessionID: ofTrace(id), TraceID: id, Time: at, Into: into}
}
