package types

// EventType names what an Event carries. Types that this version does not know are legal, see [EventType.Valid].
type EventType string

// The event types that have a payload type of their own.
const (
	EventSessionStart  EventType = "session_start"
	EventSessionUpdate EventType = "session_update"
	EventSessionEnd    EventType = "session_end"
	EventToolCall      EventType = "tool_call"
	EventDecision      EventType = "decision"
	EventLLMCall       EventType = "llm_call"
	EventError         EventType = "error"
	EventStep          EventType = "step"
	EventFeedback      EventType = "feedback"
)

const maxEventTypeLength = 64

// Known reports whether this version has a payload type for t.
func (t EventType) Known() bool {
	switch t {
	case EventSessionStart, EventSessionUpdate, EventSessionEnd, EventToolCall, EventDecision, EventLLMCall, EventError, EventStep, EventFeedback:
		return true
	}
	return false
}

// Valid reports whether t may travel: a lower-case letter, then up to 63 lower-case letters, digits and underscores. Every known type is
// valid; a valid type need not be known.
func (t EventType) Valid() bool {
	if t == "" || len(t) > maxEventTypeLength || t[0] < 'a' || t[0] > 'z' {
		return false
	}
	for i := range len(t) {
		if c := t[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}
