package otelbridge

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	sentrial "github.com/sentrial/sentrial-go"
)

// Exporter records finished GenAI spans as events of a client. It is safe for concurrent use; a nil *Exporter takes spans and records nothing.
type Exporter struct {
	client  *sentrial.Client
	cfg     *config
	memory  *memory
	stopped atomic.Bool
}

var _ sdktrace.SpanExporter = (*Exporter)(nil)

// NewExporter gives an exporter that records through client, which stays the caller's to close. With a nil client it records nothing.
func NewExporter(client *sentrial.Client, opts ...Option) *Exporter {
	return &Exporter{client: client, cfg: newConfig(opts), memory: newMemory()}
}

var errShutdown = errors.New("otelbridge: the exporter was shut down and takes no more spans")

// ExportSpans records the spans. It makes no system call and waits for nothing, except for room in the queue under sentrial.Block, until ctx is done; nothing of
// the slice is kept. The error says how many spans the client refused, and wraps sentrial.ErrClosed when it was closed. Spans that are recorded are delivered by
// the client or counted in its Stats; there is nothing to retry. After Shutdown, or with a ctx that is done, no span is taken and the error says so.
func (e *Exporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	switch {
	case e == nil || e.client == nil:
		return nil
	case e.stopped.Load():
		return errShutdown
	case ctx.Err() != nil:
		return fmt.Errorf("otelbridge: none of %d spans was taken: %w", len(spans), context.Cause(ctx))
	}
	before := e.client.Stats().Refused
	refused := e.export(ctx, newBatch(spans, e.cfg.sessionKeys))
	if refused == 0 {
		return nil
	}
	if why := reasons(before, e.client.Stats().Refused); len(why) > 0 {
		return &refusedError{refused: refused, total: len(spans), reasons: why}
	}
	return nil
}

// export records what the batch becomes and tells how many of its spans were refused.
func (e *Exporter) export(ctx context.Context, b *batch) int {
	aliases := e.memory.place(b)
	refused := make(map[*span]bool)
	for _, out := range b.events() {
		if e.client.Record(ctx, out.event) == "" {
			refused[out.of] = true
		}
	}
	for _, a := range aliases {
		e.client.Record(ctx, a)
	}
	return len(refused)
}

// ForceFlush waits until what was recorded is delivered, as the client's Flush does. Flush the TracerProvider first: a batch processor holds spans back.
func (e *Exporter) ForceFlush(ctx context.Context) error {
	if e == nil {
		return nil
	}
	return e.client.Flush(ctx)
}

// Shutdown makes the exporter refuse further spans. It neither flushes nor closes the client, which may have other users: close it after the TracerProvider.
func (e *Exporter) Shutdown(context.Context) error {
	if e != nil {
		e.stopped.Store(true)
	}
	return nil
}
