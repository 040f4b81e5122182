package types

import (
	"slices"
	"time"
)

// payload is what an Event carries beside its envelope.
type payload interface {
	fields() []field // of its own: none that the envelope has too
	shared() shared
}

// shared points at the fields that a payload has in common with the envelope; nil where it has none.
type shared struct {
	start    *time.Time
	duration *time.Duration
	status   *Status
	metadata *map[string]any
}

// fillEnvelope gives the envelope's empty fields the payload's values.
func (s shared) fillEnvelope(e *Event) {
	if s.start != nil && e.Timestamp.IsZero() {
		e.Timestamp = *s.start
	}
	if s.duration != nil && e.Duration == 0 {
		e.Duration = *s.duration
	}
	if s.status != nil && e.Status == "" {
		e.Status = *s.status
	}
	if s.metadata != nil && len(e.Metadata) == 0 {
		e.Metadata = *s.metadata
	}
}

// fillPayload gives the payload the envelope's values.
func (s shared) fillPayload(e *Event) {
	if s.start != nil {
		*s.start = e.Timestamp
	}
	if s.duration != nil {
		*s.duration = e.Duration
	}
	if s.status != nil {
		*s.status = e.Status
	}
	if s.metadata != nil {
		*s.metadata = e.Metadata
	}
}

// slot is one of Event's payload fields.
type slot struct {
	name  string
	types []EventType          // that carry it; the first is the one inferred from it
	get   func(*Event) payload // nil when unset
	add   func(*Event) payload // sets an empty one
}

var slots = []slot{
	newSlot("Session", func(e *Event) **SessionFields { return &e.Session }, EventSessionStart, EventSessionUpdate),
	newSlot("Result", func(e *Event) **SessionResult { return &e.Result }, EventSessionEnd),
	newSlot("ToolCall", func(e *Event) **ToolCall { return &e.ToolCall }, EventToolCall),
	newSlot("Decision", func(e *Event) **Decision { return &e.Decision }, EventDecision),
	newSlot("LLMCall", func(e *Event) **LLMCall { return &e.LLMCall }, EventLLMCall),
	newSlot("Error", func(e *Event) **ErrorEvent { return &e.Error }, EventError),
	newSlot("Step", func(e *Event) **Step { return &e.Step }, EventStep),
	newSlot("Feedback", func(e *Event) **Feedback { return &e.Feedback }, EventFeedback),
}

func newSlot[T any, P interface {
	*T
	payload
}](name string, at func(*Event) *P, types ...EventType,
) slot {
	return slot{
		name:  name,
		types: types,
		get: func(e *Event) payload {
			if p := *at(e); p != nil {
				return p
			}
			return nil
		},
		add: func(e *Event) payload {
			p := P(new(T))
			*at(e) = p
			return p
		},
	}
}

// slotOf gives the payload field that type t calls for; false when this version does not know t.
func slotOf(t EventType) (slot, bool) {
	i := slices.IndexFunc(slots, func(s slot) bool { return slices.Contains(s.types, t) })
	if i < 0 {
		return slot{}, false
	}
	return slots[i], true
}

// payload gives the one payload of e, nil when it has none, and the type of event that e is.
func (e *Event) payload() (payload, EventType, error) {
	var found payload
	var types []EventType
	n := 0
	for _, s := range slots {
		if p := s.get(e); p != nil {
			found, types, n = p, s.types, n+1
		}
	}
	switch {
	case n > 1, n == 1 && e.Raw != nil:
		return nil, "", e.mismatch()
	case found == nil || slices.Contains(types, e.Type):
		return found, e.Type, nil
	case e.Type == "":
		return found, types[0], nil
	}
	return nil, "", e.mismatch()
}

func (e *Event) mismatch() error {
	var names []string
	for _, s := range slots {
		if s.get(e) != nil {
			names = append(names, s.name)
		}
	}
	if e.Raw != nil {
		names = append(names, "Raw")
	}
	return &PayloadError{Type: e.Type, Payloads: names}
}

// Complete infers an empty Type from the payload and fills the envelope's empty fields (time, duration, status, metadata) from it, as marshalling does. The
// error is a *PayloadError when the payload is not the one that the type calls for.
func (e *Event) Complete() error {
	p, t, err := e.payload()
	if err != nil {
		return err
	}
	e.Type = t
	if p != nil {
		p.shared().fillEnvelope(e)
	}
	return nil
}
