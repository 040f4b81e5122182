package otelbridge

import (
	"context"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
)

// SpanProcessor records GenAI spans as events of a client. Unlike an Exporter it sees spans begin, with their contexts: it opens sessions when they begin, knows which
// session of the client a span is in, and adds to the call of a helper what the span inside it says, instead of recording the call twice. It is safe for concurrent
// use; a nil *SpanProcessor records nothing.
type SpanProcessor struct{ bridge *bridge }

var _ sdktrace.SpanProcessor = (*SpanProcessor)(nil)

// NewSpanProcessor gives a processor that records through client, which stays the caller's to close. With a nil client it records nothing.
func NewSpanProcessor(client *sentrial.Client, opts ...Option) *SpanProcessor {
	b := newBridge(client, opts)
	if b != nil {
		b.notes = newNotes()
		b.deafen = attach.Overhear(client, b.notes.heard)
	}
	return &SpanProcessor{b}
}

func (p *SpanProcessor) inner() *bridge {
	if p == nil {
		return nil
	}
	return p.bridge
}

// OnStart notes where a span is. Nothing is recorded here.
func (p *SpanProcessor) OnStart(parent context.Context, s sdktrace.ReadWriteSpan) {
	if b := p.inner(); b != nil && s != nil && b.concerns(s) {
		_ = safely(func() { b.begin(parent, s) }) // what panics is not noted, and the end is still taken
	}
}

// OnEnd hands the span to the bridge's goroutine. It waits for nothing and reads nothing of the span, but for one that began inside an open call of a helper
// (sentrial.LLM, StartTool and so on) and is the same call: that one is read here and now, as the helper's call ends right after it. A span that is refused is
// counted in the client's Stats, as sentrial.DropOverflow when too many wait and as sentrial.DropClosed after Shutdown or the client's Close.
func (p *SpanProcessor) OnEnd(s sdktrace.ReadOnlySpan) {
	if b := p.inner(); b != nil && s != nil && b.concerns(s) {
		b.enrich(s)
		_ = b.put(s) // which counts it
	}
}

// ForceFlush records what all spans became that have ended, also where their trace is not complete, and waits until it is delivered, as the client's Flush does.
func (p *SpanProcessor) ForceFlush(ctx context.Context) error { return p.inner().flush(ctx) }

// CloseSession ends a session that has an id of its own, after what has ended of it. It waits for nothing.
func (p *SpanProcessor) CloseSession(id string) { p.inner().closeSession(id) }

// Shutdown records what is held back, ends the sessions that are open, and makes the processor refuse further spans. It neither flushes nor closes the client, which
// may have other users. The error says that ctx was done before; then the client's Flush or Close sees to what is left.
func (p *SpanProcessor) Shutdown(ctx context.Context) error { return p.inner().shutdown(ctx) }
