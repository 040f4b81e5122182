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
	if reason := e.enter(place{ptr: v.Pointer(), len: v.Len(), typ: addressOfType(v.Type())}); reason != "" {
		return AppendMarker(dst, reason, v.Type().String())
	}
	dst = e.walkMembers(dst, v)
	e.leave()
	return dst
}

func (e *encoder) walkMembers(dst []byte, v reflect.Value) []byte {
	var written names
	sep, number := byte('{'), 0
	for it := v.MapRange(); it.Next(); sep = ',' {
		if e.full(dst) {
			return appendRestOmitted(dst, sep, '}')
		}
		number++
		if k := it.Key(); k.Kind() == reflect.String {
			dst = written.appendName(dst, sep, k.String(), inTyped(v))
		} else {
			dst = append(e.appendKey(append(dst, sep), k, number, &written), ':')
		}
		dst = e.walk(dst, it.Value())
	}
	return append(dst, '}')
}

// inTyped tells which names a map has whose keys are of a kind of string.
func inTyped(m reflect.Value) func(name string) bool {
	return func(name string) bool {
		return m.MapIndex(reflect.ValueOf(name).Convert(m.Type().Key())).IsValid()
	}
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

// appendKey appends a map's key that is not of a kind of string. Keys of several kinds may
// have one text: 1 and "1" in a map[any]any, or NaN and NaN.
func (e *encoder) appendKey(dst []byte, k reflect.Value, number int, written *names) []byte {
	alone := k.Kind() != reflect.Interface && !k.CanFloat()
	if k.Kind() == reflect.Interface {
		k = k.Elem()
	}
	if k.Kind() != reflect.String && k.IsValid() && k.Type().Implements(textMarshalerType) {
		return e.appendTextKey(dst, k, number)
	}
	text := keyText(k, number)
	if !alone {
		text = written.numbered(text, func(string) bool { return false })
	}
	return AppendString(dst, text)
}

// keyText is the text of a key without a method. As in encoding/json a string is itself,
// whatever methods it has.
func keyText(k reflect.Value, number int) string {
	switch {
	case !k.IsValid():
		return "null"
	case k.Kind() == reflect.String:
		return string([]rune(k.String())) // invalid UTF-8 is replaced, so that it can be compared
	case isScalar(k.Kind()):
		return scalarKey(k)
	}
	return omittedKey(number, reasonUnsupported+" "+k.Type().String())
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
