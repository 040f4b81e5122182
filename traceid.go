package sentrial

import (
	"context"
	"encoding/hex"
	"unsafe"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/types"
)

// traced names the OpenTelemetry span in ctx in an event that names none.
func traced(ctx context.Context, e *types.Event) {
	if e.TraceID != "" {
		return
	}
	if sc := trace.SpanContextFromContext(ctx); sc.IsValid() {
		e.TraceID, e.SpanID = sc.TraceID().String(), sc.SpanID().String()
	}
}

// hexIDs is memory for the names of a span while its event is recorded: the record has a copy of its own.
type hexIDs struct {
	trace [2 * len(trace.TraceID{})]byte
	span  [2 * len(trace.SpanID{})]byte
}

// putTraced is put with what traced does, without garbage: for events that nobody sees beside the snapshot.
func (c *Client) putTraced(ctx context.Context, scratch *scratch, mode ContentMode, p *payload, e *types.Event) string {
	sc := trace.SpanContextFromContext(ctx)
	if e.TraceID == "" && sc.IsValid() {
		scratch.hex.lend(sc, e)
	}
	return c.put(ctx, scratch, mode, p, e)
}

// lend names a span in an event, for as long as the memory is not used again.
func (h *hexIDs) lend(sc trace.SpanContext, e *types.Event) {
	traceID, spanID := sc.TraceID(), sc.SpanID()
	hex.Encode(h.trace[:], traceID[:])
	hex.Encode(h.span[:], spanID[:])
	e.TraceID, e.SpanID = unsafe.String(&h.trace[0], len(h.trace)), unsafe.String(&h.span[0], len(h.span))
}
