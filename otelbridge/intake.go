package otelbridge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/otelbridge/translate"
	"github.com/sentrial/sentrial-go/types"
)

// What follows is of the way of a span: put into the queue by the program, then read, added to its trace and recorded by the bridge's goroutine.

// put takes a span that has ended, or counts it as refused. Those that nothing would be recorded of are not told apart: that would cost the program the reading.
func (b *bridge) put(s sdktrace.ReadOnlySpan) error {
	err := b.queue.put(item{span: s})
	if err != nil {
		b.refuse(reasonOf(err), s, err)
	}
	return err
}

// concerns tells whether the span is one that a processor takes at all.
func (b *bridge) concerns(s sdktrace.ReadOnlySpan) bool {
	return b.cfg.recordOnly || s.SpanContext().IsSampled()
}

var errBadIDs = errors.New("otelbridge: the span has no trace id or no span id")

func panicked(v any) error {
	return fmt.Errorf("otelbridge: reading spans panicked: %s", jsonenc.PanicText(v))
}

// maxHeld is how much memory the spans that are held may take, about, before all are given away.
const maxHeld = 64 << 20

func (b *bridge) add(ctx context.Context, ended sdktrace.ReadOnlySpan) {
	s := b.read(ended)
	if s == nil {
		return
	}
	if b.assembler.Add(time.Now(), s) > 0 {
		b.refuse(sentrial.DropInvalid, ended, errBadIDs)
		return
	}
	if b.held += sizeOf(s); b.held > maxHeld {
		b.held = 0
		b.record(ctx, b.assembler.TakeAll(time.Now()))
	}
}

// read gives the span in the mapper's form, with what was noted when it began; nil for a request of the client's own.
func (b *bridge) read(ended sdktrace.ReadOnlySpan) *genai.Span {
	n := b.notes.of(ended.SpanContext())
	if n.request || b.guard.ownRequest(ended.SpanKind(), ended.Attributes()) {
		if parent := ended.Parent(); !parent.IsValid() {
			b.requests.put(genai.TraceID(ended.SpanContext().TraceID()), true)
		}
		return nil
	}
	s := b.span(ended)
	s.Session, s.Parent, s.Begun, s.Around = n.session, n.event, n.begun, n.around
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
		for _, e := range r.Events {
			b.client.Record(b.contextOf(ctx, &e), translate.Event(e))
		}
	}
}

// contextOf is the context to record an event in: one that says which content may be told of it, where the context of its span did.
func (b *bridge) contextOf(ctx context.Context, e *genai.Event) context.Context {
	if b.notes == nil || e.SpanID.IsZero() {
		return ctx
	}
	if n := b.notes.find(spanRef{trace.TraceID(e.TraceID), trace.SpanID(e.SpanID)}); n.content != nil {
		return restricted{ctx, n.content}
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
	e := new(types.Event)
	if s != nil {
		sc := s.SpanContext()
		e.TraceID, e.SpanID = sc.TraceID().String(), sc.SpanID().String()
		e.ID = "otel_" + e.TraceID + "_" + e.SpanID
	}
	attach.Refuse(b.client, string(reason), e, err)
}
