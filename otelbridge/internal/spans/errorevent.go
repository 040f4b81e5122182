package spans

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/types"
)

// noteError notes an error on the span that it happened in, which has failed then unless the agent could go on. One that belongs to no open span has its own.
// The context comes back inside the span that the event names then, for a second hook.
func (h *Hook) noteError(ctx context.Context, e *types.Event) context.Context {
	o := h.ownerOf(ctx, e)
	if e.Error == nil || o == nil || !o.takesNote() {
		return h.atOnce(ctx, e)
	}
	f := form{hook: h}
	f.envelope(e)
	f.text(keyEventType, string(e.Type))
	f.exception(e.Error)
	f.members(keyFields, e)
	o.span.AddEvent(eventException, trace.WithTimestamp(e.Timestamp), trace.WithAttributes(f.list...))
	if !e.Error.Recoverable {
		o.fail(e.Error.ErrorType, e.Error.ErrorMessage)
	}
	o.named(e)
	return trace.ContextWithSpan(ctx, o.span)
}

// ownerOf is the open span that an event happened in: that of its parent, or of the session.
func (h *Hook) ownerOf(ctx context.Context, e *types.Event) *openSpan {
	if e.ParentID == "" {
		if s := h.sessions.get(e.SessionID); s != nil {
			return s.openSpan
		}
		return nil
	}
	if o := h.at(ctx); o != nil && o.eventID == e.ParentID {
		return o
	}
	return nil
}

// exception is an error as the conventions note one.
func (f *form) exception(e *types.ErrorEvent) {
	f.text(keyExceptionType, e.ErrorType)
	f.text(keyExceptionMessage, e.ErrorMessage)
	f.text(keyExceptionStack, e.StackTrace)
	f.text(keyRecovery, e.RecoveryAction)
	if e.Recoverable {
		f.add(attribute.Bool(keyRecoverable, true))
	}
}

// errorEvent is for an error with a span of its own.
func (f *form) errorEvent(e *types.ErrorEvent) {
	f.text(keyErrorType, e.ErrorType)
	inside := form{hook: f.hook}
	inside.exception(e)
	f.notes = append(f.notes, spanEvent{eventException, inside.list})
}
