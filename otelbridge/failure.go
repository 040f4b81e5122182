package otelbridge

import (
	"cmp"
	"time"

	"go.opentelemetry.io/otel/codes"

	"github.com/sentrial/sentrial-go/types"
)

// failed tells whether the span ended in an error. An exception that was only noted on it, as one that was handled, is none; neither is an error type on a span
// whose status says that all went well.
func (s *span) failed() bool {
	named := s.attrs.text(keyErrorType) != ""
	code := s.Status().Code
	return code == codes.Error || named && code != codes.Ok
}

func (s *span) status() types.Status {
	if s.failed() {
		return types.StatusError
	}
	return types.StatusSuccess
}

// failure is what a failed span says about its error.
type failure struct {
	kind, message, stack string
	at                   time.Time
}

func (s *span) failure() failure {
	named, said := s.attrs.text(keyErrorType), s.attrs.text(keyErrorMessage)
	e := s.exception()
	f := failure{message: cmp.Or(e.message, s.Status().Description, said), stack: e.stack, at: e.at}
	f.kind = named
	if vague(named) {
		f.kind = cmp.Or(e.kind, named)
	}
	if f.at.IsZero() {
		f.at = s.EndTime()
	}
	return f
}

// vague error types are what instrumentations write that know no better.
func vague(kind string) bool {
	return kind == "" || kind == "_OTHER" || kind == "unknown" || kind == "Error"
}

// exception reads the last exception noted on the span, which is the one that ended it.
func (s *span) exception() (f failure) {
	for _, e := range s.Events() {
		if e.Name != eventException {
			continue
		}
		a := newAttributes(e.Attributes)
		f = failure{kind: a.text(keyExceptionType), message: a.text(keyExceptionMessage), stack: a.text(keyExceptionStack), at: e.Time}
	}
	return f
}

// errorText is the error field of the event that the span becomes; "" when it did not fail.
func (s *span) errorText() string {
	if !s.failed() {
		return ""
	}
	f := s.failure()
	return cmp.Or(f.message, f.kind, "the span ended in an error and does not say which")
}

func (s *span) errorEvent() types.Event {
	f := s.failure()
	e := s.event(types.EventError, suffixError)
	e.ParentID, e.Timestamp = s.ref.eventID(), f.at
	e.Error = &types.ErrorEvent{ErrorType: f.kind, ErrorMessage: s.errorText(), StackTrace: f.stack}
	return e
}
