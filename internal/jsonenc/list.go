package jsonenc

import "reflect"

// anyList appends a []any, which may contain itself.
func (e *encoder) anyList(dst []byte, list []any) []byte {
	if len(list) == 0 {
		return appendEmptyList(dst, list == nil)
	}
	if reason := e.enter(place{ptr: address(&list[0]), len: len(list)}); reason != "" {
		return AppendMarker(dst, reason, "[]interface {}")
	}
	sep := byte('[')
	for _, v := range list {
		if e.full(dst) {
			e.leave()
			return appendRestOmitted(dst, sep, ']')
		}
		dst = e.value(append(dst, sep), v)
		sep = ','
	}
	e.leave()
	return append(dst, ']')
}

func (e *encoder) mapList(dst []byte, list []map[string]any) []byte {
	if len(list) == 0 {
		return appendEmptyList(dst, list == nil)
	}
	if reason := e.enter(place{ptr: address(&list[0]), len: len(list)}); reason != "" {
		return AppendMarker(dst, reason, "[]map[string]interface {}")
	}
	sep := byte('[')
	for _, m := range list {
		if e.full(dst) {
			e.leave()
			return appendRestOmitted(dst, sep, ']')
		}
		dst = e.anyMap(append(dst, sep), m)
		sep = ','
	}
	e.leave()
	return append(dst, ']')
}

// appendList appends a list whose elements hold no others.
func appendList[T any](e *encoder, dst []byte, list []T, elem func([]byte, T) []byte) []byte {
	if len(list) == 0 {
		return appendEmptyList(dst, list == nil)
	}
	if e.depth >= MaxDepth {
		return AppendMarker(dst, reasonTooDeep, typeName(list))
	}
	sep := byte('[')
	for _, v := range list {
		if e.full(dst) {
			return appendRestOmitted(dst, sep, ']')
		}
		dst = elem(append(dst, sep), v)
		sep = ','
	}
	return append(dst, ']')
}

func appendEmptyList(dst []byte, isNil bool) []byte {
	if isNil {
		return append(dst, "null"...)
	}
	return append(dst, "[]"...)
}

// address is only ever compared with the addresses of other live values.
func address[T any](p *T) uintptr { return reflect.ValueOf(p).Pointer() }
