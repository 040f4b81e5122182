package server

import (
	"github.com/sentrial/sentrial-go/server/store"
)

// The kinds of fields. Those that take a function keep their value in the column it points to; the others are only checked.

func id(name string, column func(*store.Event) *string) field {
	return field{name: name, read: func(e *store.Event, raw []byte) *problem {
		s, p := readText(raw)
		if p != nil || !validID(s) {
			return wrong("expected " + idForm + ", got " + show(raw))
		}
		*column(e) = s
		return nil
	}}
}

// name is a short text such as a foreign id.
func name(name string, column func(*store.Event) *string) field {
	return field{name: name, read: func(e *store.Event, raw []byte) *problem {
		s, p := readText(raw)
		if p != nil {
			return p
		}
		if len(s) > maxName {
			return wrong("expected a string of at most 256 bytes, got a longer one")
		}
		*column(e) = s
		return nil
	}}
}

func text(name string, column func(*store.Event) *string) field {
	return field{name: name, read: func(e *store.Event, raw []byte) *problem {
		s, p := readText(raw)
		*column(e) = s
		return p
	}}
}

func changeText(name string, column func(*store.Change) *string) field {
	return field{name: name, read: func(e *store.Event, raw []byte) *problem {
		s, p := readText(raw)
		*column(changeOf(e)) = s
		return p
	}}
}

func count(name string, column func(*store.Event) *int64) field {
	return field{name: name, read: func(e *store.Event, raw []byte) *problem {
		n, p := readCount(raw)
		*column(e) = n
		return p
	}}
}

func checked(name string, check func(raw []byte) *problem) field {
	return field{name: name, read: func(_ *store.Event, raw []byte) *problem { return check(raw) }}
}

func anyText(name string) field { return checked(name, ofKind('"', "a string")) }
func object(name string) field  { return checked(name, ofKind('{', "an object")) }
func content(name string) field { return checked(name, checkContent) }

// textContent is a string, messages an array, and each may be a reference.
func textContent(name string) field { return checked(name, refOr('"', "a string")) }
func messages(name string) field    { return checked(name, refOr('[', "an array")) }

func anyTexts(name string) field {
	return checked(name, checkTexts)
}

func anyCount(name string) field {
	return checked(name, func(raw []byte) *problem { _, p := readCount(raw); return p })
}

func number(name string) field {
	return checked(name, func(raw []byte) *problem { _, p := readNumber(raw); return p })
}

func span(name string) field {
	return checked(name, func(raw []byte) *problem { _, p := readMillis(raw); return p })
}

func flag(name string) field {
	return checked(name, func(raw []byte) *problem {
		if raw[0] == 't' || raw[0] == 'f' {
			return nil
		}
		return wrong("expected true or false, got " + describe(raw))
	})
}

// ofKind checks a value by its first byte.
func ofKind(first byte, want string) func(raw []byte) *problem {
	return func(raw []byte) *problem {
		if raw[0] != first {
			return wrong("expected " + want + ", got " + describe(raw))
		}
		return nil
	}
}

func refOr(first byte, want string) func(raw []byte) *problem {
	check := ofKind(first, want)
	return func(raw []byte) *problem {
		if p := checkContent(raw); p != nil {
			return p
		}
		return check(raw)
	}
}

// changeOf returns what e says of its session.
func changeOf(e *store.Event) *store.Change {
	if e.Change == nil {
		e.Change = new(store.Change)
	}
	return e.Change
}
