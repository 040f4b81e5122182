package server

import "github.com/sentrial/sentrial-go/types"

// failure is a toolError.
type failure struct {
	given   bool
	message []byte // a string
	rest    sentObject
}

// failure reads toolError: an object, or only its message.
func (t *translation) failure() (f failure) {
	raw := t.any("toolError")
	switch f.given = raw != nil; {
	case !f.given:
		return f
	case raw[0] == '"':
		f.message = raw
		return f
	case raw[0] != '{':
		t.note("toolError", wrong("expected an object with a message, got "+describe(raw)))
		return f
	}
	var p *problem
	f.rest, p = readObject(raw)
	t.note("toolError", p)
	f.rest.dropNulls()
	if f.message = f.rest.take("message"); f.message != nil {
		t.note("toolError.message", checkText(f.message))
	}
	return f
}

// status is how an operation went that may have a toolError.
func (f *failure) status() types.Status {
	if f.given {
		return types.StatusError
	}
	return types.StatusSuccess
}

// take returns a text beside the message, nil if it is none.
func (f *failure) take(name string) []byte {
	if raw := f.rest.value(name); raw == nil || checkText(raw) != nil {
		return nil
	}
	return f.rest.take(name)
}
