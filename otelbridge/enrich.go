package otelbridge

import (
	"context"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/otelbridge/translate"
	"github.com/sentrial/sentrial-go/types"
)

// insideCall is a span that began inside an open call of a helper and is the same call, as an instrumented client of a model is inside sentrial.LLM. It is one call, so
// it is one event: the helper's, which gets what the span knows.
type insideCall struct {
	ctx  context.Context //nolint:containedctx // in which the helper's call is found again
	kind types.EventType
}

// maxInside bounds how many such spans are open at once. Further ones become events of their own.
const maxInside = 10_000

func (n *notes) enter(sc trace.SpanContext, call insideCall) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.calls) < maxInside {
		n.calls[refOf(sc)] = call
		n.inside.Store(int64(len(n.calls)))
	}
}

// leave gives the call that the span is in, once.
func (n *notes) leave(sc trace.SpanContext) (call insideCall, ok bool) {
	if n.inside.Load() == 0 {
		return insideCall{}, false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if call, ok = n.calls[refOf(sc)]; ok {
		delete(n.calls, refOf(sc))
		n.inside.Store(int64(len(n.calls)))
	}
	return call, ok
}

// enrich gives the helper's call that the span is in what the span says. A span that outlives that call becomes an event of its own, as does one of another call.
func (b *bridge) enrich(s sdktrace.ReadOnlySpan) {
	call, ok := b.notes.leave(contextOf(s))
	if !ok {
		return
	}
	_ = safely(func() { b.fill(call, s) }) // what panics here is seen again, and counted, when the span is read
}

func (b *bridge) fill(call insideCall, s sdktrace.ReadOnlySpan) {
	if !b.keeps(s) {
		return
	}
	if payload := b.payloadOf(s, call.kind); payload != nil && attach.Enrich(call.ctx, payload) {
		b.notes.silence(s.SpanContext())
	}
}

// payloadOf reads one span by itself, a *types.LLMCall or a *types.ToolCall; nil when it is none.
func (b *bridge) payloadOf(s sdktrace.ReadOnlySpan, kind types.EventType) any {
	alone, read := genai.NewAssembler(b.cfg.mapping), new(converter).span(s)
	read.Session, read.Begun = ofTrace(read.TraceID), true // spares the reading of what a session would begin and end with
	alone.Add(time.Time{}, read)
	for _, released := range alone.TakeAll(time.Time{}) {
		for _, found := range released.Events {
			e := translate.Event(found)
			switch {
			case string(e.Type) != string(kind):
			case e.LLMCall != nil:
				e.LLMCall.Metadata = e.Metadata
				return e.LLMCall
			case e.ToolCall != nil:
				e.ToolCall.Metadata = e.Metadata
				return e.ToolCall
			}
		}
	}
	return nil
}
