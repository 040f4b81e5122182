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

// eventReader takes events apart, one after the other, keeping its memory between them: a few members, however many an event has.
type eventReader struct {
	members  []fieldValue
	seen     [maxFieldNames]occurrence
	reserved bool
	scan     *jsonscan.Scanner
	depth    int
}

// fieldValue is a member that some event has a field for.
type fieldValue struct {
	number uint8 // of its name
	value  []byte
}

// occurrence is how often a name has come.
type occurrence uint8

const (
	never occurrence = iota
	once
	again
)

// read passes over the next value and keeps the members that may mean something if it is an object. Of a name that comes again it keeps the
// first value, and that it came again: an event whose type knows the name is refused for it.
func (r *eventReader) read(scan *jsonscan.Scanner) (raw []byte, depth int, err error) {
	*r = eventReader{members: r.members[:0], scan: scan}
	opening := scan.Peek()
	start := scan.Pos()
	if opening != '{' {
		return scan.Value()
	}
	err = scan.Members(r.member)
	return scan.Slice(start), r.depth + 1, err
}

func (r *eventReader) member(key []byte) error {
	value, depth, err := r.scan.Value()
	if err != nil {
		return err
	}
	r.depth = max(r.depth, depth)
	known := findName(key)
	switch {
	case known == nil:
	case known.reserved:
		r.reserved = true
	case r.seen[known.number] == never:
		r.seen[known.number] = once
		r.members = append(r.members, fieldValue{known.number, value})
	default:
		r.seen[known.number] = again
	}
	return nil
}

// findName looks a key up that may have escapes.
func findName(key []byte) *fieldName {
	if bytes.IndexByte(key, '\\') >= 0 {
		key = []byte(unquoteKey(key))
	}
	return names.find(key)
}

// decode makes an event of what read found in raw. The event's ID is set whenever raw has a usable one, also beside a problem.
func (r *eventReader) decode(raw []byte, e *store.Event) *problem {
	e.Raw = raw
	if raw[0] != '{' {
		return wrong("expected an event object, got " + describe(raw))
	}
	p := r.apply(e, envelope)
	if own := fieldsOf[e.Type]; p == nil && own != nil {
		p = r.apply(e, own)
	}
	if p == nil {
		p = complete(e)
	}
	if p == nil && r.reserved {
		e.Raw = withoutReserved(raw)
	}
	return p
}

// identify sets no more than the ID, if raw has a usable one.
func (r *eventReader) identify(e *store.Event) {
	for i := range r.members {
		if m := &r.members[i]; m.number == idNumber && !isNull(m.value) {
			_ = envelope[idNumber].read(e, m.value) // something else is wrong already
		}
	}
}

// apply reads the members that fields knows. It goes on after the first problem, so that the id is found.
func (r *eventReader) apply(e *store.Event, fields *fieldSet) (first *problem) {
	for i := range r.members {
		m := &r.members[i]
		f := fields[m.number]
		if f == nil {
			continue
		}
		var p *problem
		if !isNull(m.value) {
			p = f.read(e, m.value)
		}
		if p == nil && r.seen[m.number] == again {
			p = wrong("occurs twice")
		}
		if p != nil && first == nil {
			first = &problem{p.code, f.name + ": " + p.message}
		}
	}
	return first
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

// withoutReserved is an event's text but for the members that are the server's.
func withoutReserved(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	scan := jsonscan.New(raw)
	_ = scan.Members(func(key []byte) error { // of text that was read before
		value, _, err := scan.Value()
		if known := findName(key); known != nil && known.reserved {
			return err
		}
		separator := byte(',')
		if len(out) == 0 {
			separator = '{'
		}
		out = append(append(append(out, separator, '"'), key...), `":`...)
		out = append(out, value...)
		return err
	})
	if len(out) == 0 {
		out = append(out, '{')
	}
	return append(out, '}')
}
