package spans

import (
	"cmp"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/sentrial/sentrial-go/types"
)

// openSpan is a span of ours.
type openSpan struct {
	span               trace.Span
	sessionID, eventID string
	isSession          bool
	failed             atomic.Bool
	noted              atomic.Int32
}

// named tells the event which span it is.
func (o *openSpan) named(e *types.Event) {
	if sc := o.span.SpanContext(); sc.IsValid() {
		e.TraceID, e.SpanID = sc.TraceID().String(), sc.SpanID().String()
	}
}

// finish says the rest of the event and ends the span when the operation did.
func (o *openSpan) finish(h *Hook, e *types.Event) {
	defer o.span.End(trace.WithTimestamp(e.Timestamp.Add(e.Duration)))
	o.named(e)
	if !o.span.IsRecording() {
		return
	}
	f := form{hook: h, session: h.sessions.get(e.SessionID), list: make([]attribute.KeyValue, 0, 24)}
	f.whole(e)
	o.span.SetAttributes(f.list...)
	for _, n := range f.notes {
		o.span.AddEvent(n.name, trace.WithTimestamp(e.Timestamp), trace.WithAttributes(n.list...))
	}
	if e.Status == types.StatusError {
		o.fail(errorOther, errorOf(e))
	}
}

// fail marks the span as failed. What was said first counts: it is where the failure began.
func (o *openSpan) fail(errorType, text string) {
	if o.failed.Swap(true) {
		return
	}
	o.span.SetAttributes(attribute.String(keyErrorType, cmp.Or(errorType, errorOther)))
	o.span.SetStatus(codes.Error, text)
}

// abandon ends the span of an operation that nobody ended.
func (o *openSpan) abandon() {
	o.span.SetAttributes(attribute.String(keyStatus, string(types.StatusUnknown)), attribute.String(keyMetadata, `{"abandoned":true}`))
	o.span.End()
}

// maxNotes bounds how much is noted on one span: beyond a limit of its own the SDK throws away what came first.
const maxNotes = 64

// takesNote tells whether something may still be noted on the span.
func (o *openSpan) takesNote() bool { return o.span.IsRecording() && o.noted.Add(1) <= maxNotes }

// openSpans knows the spans of operations that have begun and not ended.
type openSpans struct {
	mu  sync.Mutex
	all map[*openSpan]struct{}
}

func (s *openSpans) add(o *openSpan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = make(map[*openSpan]struct{})
	}
	s.all[o] = struct{}{}
}

func (s *openSpans) remove(o *openSpan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, o)
}

func (s *openSpans) takeAll() (all []*openSpan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for o := range s.all {
		all = append(all, o)
	}
	s.all = nil
	return all
}

// errorOf is the text of what went wrong.
func errorOf(e *types.Event) string {
	switch {
	case e.ToolCall != nil:
		return e.ToolCall.Error
	case e.LLMCall != nil:
		return e.LLMCall.Error
	case e.Step != nil:
		return e.Step.Error
	case e.Error != nil:
		return e.Error.ErrorMessage
	}
	return ""
}
