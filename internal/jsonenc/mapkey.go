package jsonenc

import (
	"encoding"
	"reflect"
	"strconv"
)

// walkMap appends a map of any type.
func (e *encoder) walkMap(dst []byte, v reflect.Value) []byte {
	if !canBeKey(v.Type().Key()) {
		return AppendMarker(dst, reasonUnsupported, v.Type().String())
	}
	if v.Len() == 0 {
		return appendEmptyMap(dst, v.IsNil())
	}
	if reason := e.enter(place{ptr: v.Pointer(), len: v.Len(), typ: v.Type()}); reason != "" {
		return AppendMarker(dst, reason, v.Type().String())
	}
	dst = e.walkMembers(dst, v)
	e.leave()
	return dst
}

func (e *encoder) walkMembers(dst []byte, v reflect.Value) []byte {
	sep, number := byte('{'), 0
	for it := v.MapRange(); it.Next(); sep = ',' {
		if e.full(dst) {
			return appendRestOmitted(dst, sep, '}')
		}
		number++
		dst = e.appendKey(append(dst, sep), it.Key(), number)
		dst = e.walk(append(dst, ':'), it.Value())
	}
	return append(dst, '}')
}

// omittedKey stands for a key that has no text. It is numbered: the values of several
// such keys must not shadow each other.
func omittedKey(number int, reason string) string {
	return "$omitted " + strconv.Itoa(number) + ": " + clip(reason)
}

func canBeKey(t reflect.Type) bool {
	return t.Kind() == reflect.Interface || isScalar(t.Kind()) || t.Implements(textMarshalerType)
}

// isScalar tells whether every value of the kind is one word of JSON.
func isScalar(k reflect.Kind) bool {
	return k == reflect.String || k >= reflect.Bool && k <= reflect.Float64
}

// appendKey appends a map's key as a string. As in encoding/json a string is itself,
// whatever methods it has.
func (e *encoder) appendKey(dst []byte, k reflect.Value, number int) []byte {
	if k.Kind() == reflect.Interface {
		if k.IsNil() {
			return append(dst, `"null"`...)
		}
		k = k.Elem()
	}
	switch {
	case k.Kind() == reflect.String:
		return AppendString(dst, k.String())
	case k.Type().Implements(textMarshalerType):
		return e.appendTextKey(dst, k, number)
	case isScalar(k.Kind()):
		return AppendString(dst, scalarKey(k))
	}
	return AppendString(dst, omittedKey(number, reasonUnsupported+" "+k.Type().String()))
}

func (e *encoder) appendTextKey(dst []byte, k reflect.Value, number int) []byte {
	if k.Kind() == reflect.Pointer && k.IsNil() {
		return append(dst, `""`...)
	}
	return e.call(dst, owed{
		call: k.Interface().(encoding.TextMarshaler).MarshalText, as: resultKey, key: number,
	}, infoOf(k.Type()).trusted)
}

// scalarKey is never a marker: NaN is a key like others.
func scalarKey(k reflect.Value) string {
	if k.CanFloat() {
		return strconv.FormatFloat(k.Float(), 'g', -1, k.Type().Bits())
	}
	var digits [20]byte
	return string(appendScalar(digits[:0], k))
}
