package otelbridge

import (
	"cmp"
	"slices"

	"github.com/sentrial/sentrial-go/types"
)

// outgoing is an event and the span that it was made of.
type outgoing struct {
	event types.Event
	of    *span
}

// events gives what the spans of a batch become, in the order of time.
func (b *batch) events() (all []outgoing) {
	for _, s := range b.spans {
		for _, e := range s.events() {
			all = append(all, outgoing{e, s})
		}
	}
	slices.SortStableFunc(all, func(x, y outgoing) int {
		return cmp.Or(x.event.Timestamp.Compare(y.event.Timestamp), cmp.Compare(rank(x.event.Type), rank(y.event.Type)))
	})
	return all
}

// rank orders events of the same instant.
func rank(t types.EventType) int {
	switch t {
	case types.EventSessionStart:
		return 0
	case types.EventError:
		return 2
	case types.EventSessionEnd:
		return 3
	}
	return 1
}

// events gives what one span becomes.
func (s *span) events() (all []types.Event) {
	switch s.kind {
	case kindLLM:
		all = append(all, s.llmCall())
	case kindTool:
		all = append(all, s.toolCall())
	case kindAgent:
		if !s.opens {
			all = append(all, s.agentStep())
		}
	}
	if s.opens {
		all = append(all, s.sessionStart(), s.sessionEnd())
	}
	if s.isOrigin() {
		all = append(all, s.errorEvent())
	}
	return all
}

// event begins an event of the span; the suffix tells it from the others of the same span.
func (s *span) event(t types.EventType, suffix string) types.Event {
	return types.Event{
		ID: s.ref.eventID() + suffix, Type: t, SessionID: s.session, ParentID: s.parentEvent, Timestamp: s.StartTime(),
		TraceID: s.ref.trace.String(), SpanID: s.ref.span.String(),
	}
}

// timed begins the event that stands for the span as a whole.
func (s *span) timed(t types.EventType) types.Event {
	e := s.event(t, "")
	e.Duration, e.Status = s.duration(), s.status()
	return e
}
