package otelbridge

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/otelbridge/translate"
	"github.com/sentrial/sentrial-go/types"
)

// What follows is of the way of a span: put into the queue by the program, then read, added to its trace and recorded by the bridge's goroutine.

// put takes a span that has ended, or counts it as refused. Those that nothing would be recorded of are not told apart, as that would cost the program the reading,
// but for those made of the client's own events: these often end last, when the client is closed, and nothing is lost with them.
func (b *bridge) put(s sdktrace.ReadOnlySpan) error {
	err := b.queue.put(item{span: s})
	switch {
	case err == nil:
	case isOurs(s):
		b.notes.settle(contextOf(s))
		return nil
	default:
		b.refuse(reasonOf(err), s, err)
	}
	return err
}

// isOurs tells whether the SDK made the span of an event that it recorded.
func isOurs(s sdktrace.ReadOnlySpan) (ours bool) {
	_ = safely(func() {
		ours = slices.ContainsFunc(s.Attributes(), func(kv attribute.KeyValue) bool { return kv.Key == "sentrial.source" && kv.Value.AsString() == "sdk" })
	})
	return ours
}

// concerns tells whether the span is one that a processor takes at all.
func (b *bridge) concerns(s sdktrace.ReadOnlySpan) bool {
	return b.cfg.recordOnly || contextOf(s).IsSampled()
}

var errBadIDs = errors.New("otelbridge: the span has no trace id or no span id")

// maxHeld is how much memory the spans that are held may take, about, before all are given away.
const maxHeld = 64 << 20

func (b *bridge) add(ctx context.Context, ended sdktrace.ReadOnlySpan) {
	left, size := 0, 0
	err := safely(func() {
		if s := b.read(ended); s != nil {
			left, size = b.assembler.Add(time.Now(), s), sizeOf(s)
		}
	})
	if left > 0 {
		err = errBadIDs
	}
	if err != nil {
		b.refuse(sentrial.DropInvalid, ended, err)
	}
	if b.held += size; b.held > maxHeld {
		b.held = 0
		b.give(ctx, (*genai.Assembler).TakeAll)
	}
}

// read gives the span in the mapper's form, with what was noted when it began; nil for a request of the client's own.
func (b *bridge) read(ended sdktrace.ReadOnlySpan) *genai.Span {
	n := b.notes.settle(ended.SpanContext())
	if n.request || b.guard.ownRequest(ended.SpanKind(), ended.Attributes()) {
		if parent := ended.Parent(); !parent.IsValid() {
			b.requests.put(genai.TraceID(ended.SpanContext().TraceID()), true)
		}
		return nil
	}
	s := b.span(ended)
	s.Session, s.Parent, s.Begun, s.Around = n.session, n.event, n.begun, n.around
	if n.content != nil {
		s.Note = n.content
	}
	s.Silent = n.silent || isNamelessOurs(s) || !b.keeps(ended)
	return s
}

// isNamelessOurs tells whether the span was made of an event that the SDK recorded and does not say of which. The mapper leaves out those that do.
func isNamelessOurs(s *genai.Span) bool {
	has := func(key string) bool {
		return slices.ContainsFunc(s.Attributes, func(a genai.Attribute) bool { return a.Key == key && (key != "sentrial.source" || a.Value == "sdk") })
	}
	return has("sentrial.source") && !(has("sentrial.event.id") && has("sentrial.event.type"))
}

// keeps asks the program's filter.
func (b *bridge) keeps(s sdktrace.ReadOnlySpan) (keep bool) {
	if b.cfg.filter == nil {
		return true
	}
	defer func() {
		if recover() != nil {
			keep = true
		}
	}()
	return b.cfg.filter(s)
}

// record hands events to the client, which counts those that it does not take.
func (b *bridge) record(ctx context.Context, released []genai.Released) {
	for i := range released {
		r := &released[i]
		if _, own := b.requests.get(r.TraceID); own {
			continue // spans of an instrumented connection, inside a request of the client's
		}
		b.rename(ctx, r)
		for j := range r.Events {
			b.recordOne(ctx, &r.Events[j])
		}
	}
}

func (b *bridge) recordOne(ctx context.Context, e *genai.Event) {
	if err := safely(func() { b.client.Record(allowing(ctx, e), translate.Event(*e)) }); err != nil {
		attach.Refuse(b.client, string(sentrial.DropInvalid), &types.Event{ID: e.ID, SessionID: e.SessionID, Type: types.EventType(e.Type)}, err)
	}
}

// allowing is the context to record an event in: one that says which content may be told of it, where the context of its span did.
func allowing(ctx context.Context, e *genai.Event) context.Context {
	if content, ok := e.Note.(context.Context); ok {
		return restricted{ctx, content}
	}
	return ctx
}

// restricted has the values of another context.
type restricted struct {
	context.Context
	values context.Context //nolint:containedctx // it is one
}

// Value is the other one's.
func (r restricted) Value(key any) any { return r.values.Value(key) }

// refuse accounts for a span that is not taken.
func (b *bridge) refuse(reason sentrial.DropReason, s sdktrace.ReadOnlySpan, err error) {
	sc := contextOf(s)
	b.notes.settle(sc)
	e := &types.Event{TraceID: sc.TraceID().String(), SpanID: sc.SpanID().String()}
	e.ID = "otel_" + e.TraceID + "_" + e.SpanID
	attach.Refuse(b.client, string(reason), e, err)
}

// contextOf gives the ids of a span, none if its methods panic.
func contextOf(s sdktrace.ReadOnlySpan) (sc trace.SpanContext) {
	_ = safely(func() { sc = s.SpanContext() })
	return sc
}
