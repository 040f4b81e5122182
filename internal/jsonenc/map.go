package jsonenc

import (
	"reflect"
	"slices"
)

// anyMap appends a map[string]any, which may contain itself.
func (e *encoder) anyMap(dst []byte, m map[string]any) []byte {
	if len(m) == 0 {
		return appendEmptyMap(dst, m == nil)
	}
	if reason := e.enter(placeOfMap(m)); reason != "" {
		return AppendMarker(dst, reason, "map[string]interface {}")
	}
	dst = e.opened(dst, m)
	e.leave()
	return dst
}

// opened appends a map that may be: by the layout kept for its place, if it is of that one.
func (e *encoder) opened(dst []byte, m map[string]any) []byte {
	here := e.layoutHere(m)
	if here == nil {
		return e.members(dst, m)
	}
	var values [maxLaidOut]any
	if l := *here; l.find(m, &values) {
		return e.laidOut(dst, l, &values)
	} else if !l.outlives() {
		*here = layoutOf(m)
	}
	return e.members(dst, m)
}

// members appends the members of a map in Go's order. What is in them has no place: the
// order is another one the next time.
func (e *encoder) members(dst []byte, m map[string]any) []byte {
	where := e.where
	e.where = 0
	var written names
	sep := byte('{')
	for name, v := range m {
		if e.full(dst) {
			e.where = where
			return appendRestOmitted(dst, sep, '}')
		}
		dst = e.value(written.appendName(dst, sep, name, in(m)), v)
		sep = ','
	}
	e.where = where
	return append(dst, '}')
}

// mergedMap appends m with the extra members, which replace m's of the same name and come
// first, so that a map that is cut does not lose them.
func (e *encoder) mergedMap(dst []byte, m map[string]any, extra []Member) []byte {
	e.enter(placeOfMap(m)) // nothing is open yet: it cannot be refused
	sep := byte('{')
	for i, member := range extra {
		if named(extra[i+1:], member.Name) {
			continue // the last of a name wins
		}
		dst = e.value(appendName(dst, sep, member.Name), member.Value)
		sep = ','
	}
	var written names
	for name, v := range m {
		if e.full(dst) {
			return appendRestOmitted(dst, sep, '}')
		}
		if named(extra, name) {
			continue
		}
		dst = e.value(written.appendName(dst, sep, name, func(other string) bool { return in(m)(other) || named(extra, other) }), v)
	}
	return append(dst, '}')
}

func named(members []Member, name string) bool {
	return slices.ContainsFunc(members, func(m Member) bool { return m.Name == name })
}

// appendMap appends a map whose values hold no others.
func appendMap[T any](e *encoder, dst []byte, m map[string]T, elem func([]byte, T) []byte) []byte {
	if len(m) == 0 {
		return appendEmptyMap(dst, m == nil)
	}
	if e.depth >= MaxDepth {
		return AppendMarker(dst, reasonTooDeep, typeName(m))
	}
	sep := byte('{')
	var written names
	for name, v := range m {
		if e.full(dst) {
			return appendRestOmitted(dst, sep, '}')
		}
		dst = elem(written.appendName(dst, sep, name, in(m)), v)
		sep = ','
	}
	return append(dst, '}')
}

func appendEmptyMap(dst []byte, isNil bool) []byte {
	if isNil {
		return append(dst, "null"...)
	}
	return append(dst, "{}"...)
}

// in tells which names a map has.
func in[T any](m map[string]T) func(name string) bool {
	return func(name string) bool {
		_, there := m[name]
		return there
	}
}

func placeOfMap(m map[string]any) place {
	return place{ptr: reflect.ValueOf(m).Pointer(), len: len(m)}
}
