package spans

import (
	"context"
	"sync/atomic"

	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/types"
)

// Config says what is in the spans.
type Config struct {
	Content       bool // prompts, answers, inputs and outputs of tools
	OpenInference bool // the attributes of that convention too
}

// Hook makes the spans. It is a sentrial.StartHook, EndHook and ClientHook.
type Hook struct {
	Config
	tracer   trace.Tracer
	sessions *sessions
	open     openSpans
	clients  atomic.Int64 // not closed yet
}

// New makes a hook whose spans are tp's.
func New(tp trace.TracerProvider, c Config) *Hook {
	return &Hook{Config: c, tracer: tp.Tracer(scopeName), sessions: newSessions(sessionsRemembered)}
}

// Outlet says that events are carried elsewhere: they are shown as they are sent.
func (h *Hook) Outlet() {}

// OnClient ends what is left open when the last client is closed.
func (h *Hook) OnClient(c *sentrial.Client) {
	h.clients.Add(1)
	attach.Follow(c, func(ctx context.Context) {
		if attach.Closing(ctx) && h.clients.Add(-1) == 0 {
			h.endAll()
		}
	})
}

func (h *Hook) endAll() {
	for _, o := range h.open.takeAll() {
		o.abandon()
	}
	for _, s := range h.sessions.takeAll() {
		s.span.End()
	}
}

// OnStart begins the span of an event, or notes on the span it belongs to what is over at once.
func (h *Hook) OnStart(ctx context.Context, e *types.Event) context.Context {
	if isOfAnotherSpan(ctx, e) {
		return ctx
	}
	switch e.Type {
	case types.EventSessionStart:
		return h.beginSession(ctx, e)
	case types.EventSessionEnd:
		return h.endSession(ctx, e)
	case types.EventSessionUpdate:
		return h.updateSession(ctx, e)
	case types.EventError:
		return h.noteError(ctx, e)
	}
	return h.begin(ctx, e)
}

// OnEnd ends the span that OnStart began.
func (h *Hook) OnEnd(ctx context.Context, e *types.Event) {
	if o := h.at(ctx); o != nil && o.eventID == e.ID && !o.isSession {
		h.open.remove(o)
		o.finish(h, e)
	}
}

// isOfAnotherSpan tells whether the event names a span that is not around it: it tells of that span, as the events of a bridge do, and needs none of its own.
func isOfAnotherSpan(ctx context.Context, e *types.Event) bool {
	if e.TraceID == "" {
		return false
	}
	around := trace.SpanContextFromContext(ctx)
	return !around.IsValid() || e.SpanID != around.SpanID().String() || e.TraceID != around.TraceID().String()
}

// begin starts the span of an operation, which OnEnd ends.
func (h *Hook) begin(ctx context.Context, e *types.Event) context.Context {
	f := form{hook: h, session: h.sessions.get(e.SessionID)}
	name, kind := f.describe(e)
	ctx, opts := h.inside(ctx, e, f.session)
	ctx, span := h.tracer.Start(ctx, name, append(opts, trace.WithTimestamp(e.Timestamp), trace.WithSpanKind(kind), trace.WithAttributes(f.list...))...)
	o := &openSpan{span: span, sessionID: e.SessionID, eventID: e.ID}
	o.named(e)
	if e.Status == types.StatusRunning {
		h.open.add(o)
	}
	return h.with(ctx, o)
}

// atOnce makes the whole span of an event that is over when it is told.
func (h *Hook) atOnce(ctx context.Context, e *types.Event) context.Context {
	ctx = h.begin(ctx, e)
	h.at(ctx).finish(h, e)
	return ctx
}
