package types

import (
	"bytes"
	"fmt"
	"maps"
)

// envelope lists the envelope's fields in the order in which they are written.
func (e *Event) envelope() []field {
	return []field{
		{name: "id", value: &e.ID},
		{name: "type", value: &e.Type},
		{name: "session_id", value: &e.SessionID},
		{name: "parent_id", value: &e.ParentID},
		{name: "seq", value: &e.Seq},
		{name: "timestamp", value: &e.Timestamp},
		{name: "duration_ms", value: &e.Duration},
		{name: "status", value: &e.Status},
		{name: "trace_id", value: &e.TraceID},
		{name: "span_id", value: &e.SpanID},
		{name: "metadata", value: &e.Metadata},
	}
}

// MarshalJSON writes the event flat; see [Event] for what it writes where envelope, payload, Extra and Raw overlap.
func (e Event) MarshalJSON() ([]byte, error) {
	carried, eventType, err := e.payload()
	if err != nil {
		return nil, err
	}
	e.Type = eventType // of a copy: the caller's event stays as it is
	if err := e.checkType(); err != nil {
		return nil, err
	}
	if e.Raw != nil {
		return e.marshalRaw()
	}
	known := e.envelope()
	if carried != nil {
		carried.shared().fillEnvelope(&e)
		known = append(known, carried.fields()...)
	}
	return e.marshalMembers(known, object(e.Extra))
}

// marshalMembers writes the known fields, then those of rest that are not among them.
func (e *Event) marshalMembers(known []field, rest object) ([]byte, error) {
	var w objectWriter
	if err := w.add(known); err != nil {
		return nil, err
	}
	rest = maps.Clone(rest)
	rest.drop(known)
	if err := w.addObject(rest); err != nil {
		return nil, err
	}
	return w.bytes(), nil
}

// marshalRaw writes Raw as it is when the envelope and Extra agree with it, else with their members in place of Raw's.
func (e *Event) marshalRaw() ([]byte, error) {
	members, err := readObject(e.Raw)
	if err != nil || members == nil {
		return nil, &FieldError{Field: "Raw", Err: errRaw}
	}
	changes, err := e.changes(members)
	if err != nil {
		return nil, err
	}
	if len(changes) == 0 && len(e.Extra) == 0 {
		return bytes.Clone(e.Raw), nil
	}
	extra := object(maps.Clone(e.Extra))
	extra.drop(e.envelope())
	maps.Copy(members, extra)
	maps.Copy(members, changes)
	return e.marshalMembers(nil, members)
}

// changes gives the envelope fields that are set to something else than the members of Raw say.
func (e *Event) changes(members object) (object, error) {
	var said Event
	theirs := said.envelope()
	if err := maps.Clone(members).take(theirs); err != nil {
		return nil, err
	}
	changes := object{}
	for i, mine := range e.envelope() {
		if mine.empty() {
			continue
		}
		value, err := mine.encode()
		if err != nil {
			return nil, err
		}
		if before, err := theirs[i].encode(); err != nil || !bytes.Equal(value, before) {
			changes[mine.name] = value
		}
	}
	return changes, nil
}

// UnmarshalJSON reads a flat event. The payload of a known type is always set, even when the event has none of its fields.
func (e *Event) UnmarshalJSON(data []byte) error {
	if isNull(data) {
		return nil
	}
	members, err := readObject(data)
	if err != nil {
		return err
	}
	var decoded Event
	if err := members.take(decoded.envelope()); err != nil {
		return err
	}
	if err := decoded.checkType(); err != nil {
		return err
	}
	if err := decoded.takePayload(members, data); err != nil {
		return err
	}
	*e = decoded
	return nil
}

// takePayload reads what follows the envelope: the payload of a known type and its unknown fields, or the whole of an unknown type.
func (e *Event) takePayload(members object, data []byte) error {
	s, known := slotOf(e.Type)
	if !known {
		e.Raw = bytes.Clone(data)
		return nil
	}
	p := s.add(e)
	if err := members.take(p.fields()); err != nil {
		return err
	}
	p.shared().fillPayload(e)
	if len(members) > 0 {
		e.Extra = members
	}
	return nil
}

// checkType lets an empty type pass: an envelope without one is incomplete, not malformed.
func (e *Event) checkType() error {
	if e.Type == "" || e.Type.Valid() {
		return nil
	}
	err := fmt.Errorf("%q: want a lower-case letter, then at most %d of a-z, 0-9 and _", e.Type, maxEventTypeLength-1)
	return &FieldError{Field: "type", Err: err}
}
