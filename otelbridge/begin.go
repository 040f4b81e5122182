package otelbridge

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/types"
)

// begin notes what the context and the attributes of a span say that begins. The attributes are read here because the program goes on writing them; mostly that is
// looking for a key that means something.
func (b *bridge) begin(ctx context.Context, s sdktrace.ReadWriteSpan) {
	n := b.notes.inherit(s.Name(), s.Parent())
	place := attach.PlaceIn(b.client, ctx)
	b.locate(ctx, place, &n)
	if !n.request {
		b.look(ctx, place.Call, s, &n)
	}
	b.notes.keep(s.SpanContext(), n)
}

// Members of the baggage that package sentrial writes.
const (
	baggageSession = "sentrial.session_id"
	baggageParent  = "sentrial.parent_id"
)

// locate finds the session that the context is in: one of the client's, or one that baggage names, else that of the span around.
func (b *bridge) locate(ctx context.Context, place attach.Place, n *note) {
	if place.Session != "" {
		n.session, n.event, n.begun, n.content = place.Session, place.Event, true, place.Content
		return
	}
	bag := baggage.FromContext(ctx)
	if bag.Len() == 0 {
		return
	}
	if id := bag.Member(baggageSession).Value(); types.ValidID(id) {
		n.session, n.event, n.begun, n.content = id, "", true, nil
		if parent := bag.Member(baggageParent).Value(); types.ValidID(parent) {
			n.event = parent
		}
		return
	}
	for _, key := range b.cfg.mapping.SessionKeys {
		if id := bag.Member(key).Value(); id != "" {
			n.session, n.event, n.begun, n.content = id, "", false, nil
			return
		}
	}
}

// look reads the attributes that the span begins with.
func (b *bridge) look(ctx context.Context, call types.EventType, s sdktrace.ReadWriteSpan, n *note) {
	attrs := s.Attributes()
	if n.request = b.guard.ownRequest(s.SpanKind(), attrs); n.request {
		return
	}
	scope := s.InstrumentationScope()
	if !genai.KnownScope(scope.Name) && !slices.ContainsFunc(attrs, b.meansSomething) {
		return
	}
	sc := s.SpanContext()
	seen := &genai.Span{
		TraceID: genai.TraceID(sc.TraceID()), SpanID: genai.SpanID(sc.SpanID()),
		Name: s.Name(), Kind: genai.SpanKind(s.SpanKind()), Start: s.StartTime(), Attributes: attributesOf(attrs),
		Scope: genai.Scope{Name: scope.Name, Version: scope.Version}, Session: n.session,
	}
	glance := genai.AtStart(seen, b.cfg.mapping.SessionKeys)
	if b.cfg.filter == nil {
		n.self = glance.Event
	}
	n.kind = eventOf(glance.Kind)
	if call != "" && call == eventOf(glance.Kind) {
		b.notes.enter(sc, insideCall{ctx, call})
	}
	if b.opens(s, glance, n) && b.notes.firstOf(n.trace) {
		_ = b.queue.put(item{opens: newOpening(s, n, glance)}) // the session opens with its first event then
	}
}

func (b *bridge) meansSomething(kv attribute.KeyValue) bool {
	return genai.KnownKey(string(kv.Key)) || b.cfg.namesSession(string(kv.Key))
}

// eventOf is the type of event that a span of the kind becomes, if it is a call.
func eventOf(kind string) types.EventType {
	switch kind {
	case "llm", "embeddings":
		return types.EventLLMCall
	case "tool", "retrieval", "memory":
		return types.EventToolCall
	}
	return ""
}
