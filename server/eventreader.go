package server

import (
	"bytes"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
	"github.com/sentrial/sentrial-go/server/store"
)

// problem is why an event is rejected.
type problem struct {
	code    string
	message string
}

func wrong(message string) *problem { return &problem{codeValidation, message} }

// eventReader takes events apart, one after the other, keeping its memory between them.
type eventReader struct {
	members []member
	scan    *jsonscan.Scanner
	depth   int
}

// member of an event's object.
type member struct {
	key     []byte // without escapes
	written []byte // the key as it is written, without its quotes
	value   []byte // as it is written
}

// read passes over the next value and keeps the members if it is an object.
func (r *eventReader) read(scan *jsonscan.Scanner) (raw []byte, depth int, err error) {
	r.members, r.scan, r.depth = r.members[:0], scan, 0
	opening := scan.Peek()
	start := scan.Pos()
	if opening != '{' {
		return scan.Value()
	}
	err = scan.Members(r.member)
	return scan.Slice(start), r.depth + 1, err
}

func (r *eventReader) member(written []byte) error {
	value, depth, err := r.scan.Value()
	if err != nil {
		return err
	}
	key := written
	if bytes.IndexByte(key, '\\') >= 0 {
		key = []byte(unquoteKey(key))
	}
	r.depth = max(r.depth, depth)
	r.members = append(r.members, member{key, written, value})
	return nil
}

// decode makes an event of what read found in raw. The event's ID is set whenever raw has a usable one, also beside a problem.
func (r *eventReader) decode(raw []byte) (store.Event, *problem) {
	e := store.Event{Raw: raw}
	if raw[0] != '{' {
		return e, wrong("expected an event object, got " + describe(raw))
	}
	p := r.apply(&e, envelope)
	if own := fieldsOf[e.Type]; p == nil && own != nil {
		p = r.apply(&e, own)
	}
	if p == nil {
		p = complete(&e)
	}
	if p == nil && r.hasReserved() {
		e.Raw = r.withoutReserved()
	}
	return e, p
}

// apply reads the members that fields knows, each at most once. It goes on after the first problem, so that the id is found.
func (r *eventReader) apply(e *store.Event, fields *fieldSet) (first *problem) {
	var seen uint64
	for i := range r.members {
		m := &r.members[i]
		f, known := fields.byName[string(m.key)]
		if !known {
			continue
		}
		p := twice(seen&f.bit != 0)
		if seen |= f.bit; p == nil && !isNull(m.value) {
			p = f.read(e, m.value)
		}
		if p != nil && first == nil {
			first = &problem{p.code, f.name + ": " + p.message}
		}
	}
	return first
}

func twice(is bool) *problem {
	if is {
		return wrong("occurs twice")
	}
	return nil
}

// complete checks that the fields every event needs have come.
func complete(e *store.Event) *problem {
	switch {
	case e.ID == "":
		return wrong("id is missing: expected " + idForm)
	case e.Type == "":
		return wrong("type is missing: expected a word such as tool_call")
	case e.SessionID == "":
		return wrong("session_id is missing: expected " + idForm)
	case e.Timestamp.IsZero():
		return wrong("timestamp is missing: expected " + timeForm)
	}
	return nil
}

// reserved are the keys that the server adds to an event when it returns it; what a client sends under them is dropped, so that an event
// read from one server can be sent to another.
var reserved = map[string]bool{"position": true, "received_at": true, "client_id": true, "clock_skew_ms": true}

func (r *eventReader) hasReserved() bool {
	for i := range r.members {
		if reserved[string(r.members[i].key)] {
			return true
		}
	}
	return false
}

func (r *eventReader) withoutReserved() []byte {
	out := []byte{'{'}
	for i := range r.members {
		m := &r.members[i]
		if reserved[string(m.key)] {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), m.written...), '"', ':')
		out = append(out, m.value...)
	}
	return append(out, '}')
}
