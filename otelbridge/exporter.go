package otelbridge

import (
	"context"
	"fmt"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	sentrial "github.com/sentrial/sentrial-go"
)

// Exporter records finished GenAI spans as events of a client. It is safe for concurrent use; a nil *Exporter takes spans and records nothing.
type Exporter struct{ bridge *bridge }

var _ sdktrace.SpanExporter = (*Exporter)(nil)

// NewExporter gives an exporter that records through client, which stays the caller's to close. With a nil client it records nothing. Where nothing else stands in
// between, NewSpanProcessor sees more and loses less.
func NewExporter(client *sentrial.Client, opts ...Option) *Exporter {
	return &Exporter{newBridge(client, opts)}
}

func (e *Exporter) inner() *bridge {
	if e == nil {
		return nil
	}
	return e.bridge
}

// ExportSpans hands the spans to the bridge's goroutine. It waits for nothing, and nothing of the slice is kept. The error says how many spans were refused, which
// the client's Stats count: as sentrial.DropOverflow when too many wait, as sentrial.DropClosed once the client is closed, which the error wraps as
// sentrial.ErrClosed, or after Shutdown. As nothing waits, spans are taken with a ctx that is done too: what a batch processor still has when its time is up is not
// lost here. With or without an error there is nothing to retry.
func (e *Exporter) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	b := e.inner()
	if b == nil {
		return nil
	}
	refused, why := 0, error(nil)
	for _, s := range spans {
		if s == nil {
			continue
		}
		if err := b.put(s); err != nil {
			refused, why = refused+1, err
		}
	}
	if refused == 0 {
		return nil
	}
	return fmt.Errorf("otelbridge: %d of %d spans were refused: %w", refused, len(spans), why)
}

// ForceFlush records what all spans became that were exported, also where their trace is not complete, and waits until it is delivered, as the client's Flush does.
// Flush the TracerProvider first: a batch processor holds spans back, and does not call ForceFlush of its exporter.
func (e *Exporter) ForceFlush(ctx context.Context) error { return e.inner().flush(ctx) }

// CloseSession ends a session that has an id of its own, after what was exported of it. It waits for nothing.
func (e *Exporter) CloseSession(id string) { e.inner().closeSession(id) }

// Shutdown records what is held back, ends the sessions that are open, and makes the exporter refuse further spans. It neither flushes nor closes the client, which
// may have other users: close it after the TracerProvider. The error says that ctx was done before; then the client's Flush or Close sees to what is left.
func (e *Exporter) Shutdown(ctx context.Context) error { return e.inner().shutdown(ctx) }
