package spans

import (
	"context"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/types"
)

// spanContext is a context inside a span of ours.
type spanContext struct {
	context.Context
	hook *Hook
	at   *openSpan
}

type spanKey struct{ *Hook }

// Value makes the span findable for the hook that made it: a program may have two of them.
func (c *spanContext) Value(key any) any {
	if k, ok := key.(spanKey); ok && k.Hook == c.hook {
		return c.at
	}
	return c.Context.Value(key)
}

func (h *Hook) with(ctx context.Context, o *openSpan) context.Context { return &spanContext{ctx, h, o} }

// at is the innermost span of ours that the context is in.
func (h *Hook) at(ctx context.Context) *openSpan {
	o, _ := ctx.Value(spanKey{h}).(*openSpan)
	return o
}

// inside gives the context that holds the span's parent: whatever is around it in the session, be it of ours or of the program's own instrumentation. Where the
// session was taken to a context that does not come from it, it is the session's span, unless that context is in a trace of its own, which counts for more; the
// session is then linked.
func (h *Hook) inside(ctx context.Context, e *types.Event, s *session) (context.Context, []trace.SpanStartOption) {
	if s == nil {
		return ctx, nil
	}
	if o := h.at(ctx); o != nil && o.sessionID == e.SessionID {
		return ctx, nil
	}
	around, own := trace.SpanContextFromContext(ctx), s.span.SpanContext()
	if around.IsValid() && around.TraceID() != own.TraceID() {
		return ctx, []trace.SpanStartOption{trace.WithLinks(trace.Link{SpanContext: own})}
	}
	return trace.ContextWithSpan(ctx, s.span), nil
}
