package jsonenc

import (
	"encoding/json"
	"reflect"
	"time"
)

// known names the types of the type switch that structs and typed containers often hold.
// They need no reflection on their parts.
type known uint8

const (
	unknown known = iota
	knownNumber
	knownRaw
	knownTime
	knownAnyMap
	knownAnyList
	knownStrings
)

var knownTypes = map[reflect.Type]known{
	reflect.TypeFor[json.Number]():     knownNumber,
	reflect.TypeFor[json.RawMessage](): knownRaw,
	reflect.TypeFor[time.Time]():       knownTime,
	reflect.TypeFor[map[string]any]():  knownAnyMap,
	reflect.TypeFor[[]any]():           knownAnyList,
	reflect.TypeFor[[]string]():        knownStrings,
}

// known appends a value of a known type. It is a switch and not a table of functions: what
// a function in a table may do with the encoder nobody knows, so it would be allocated.
func (e *encoder) known(dst []byte, v reflect.Value, k known) []byte {
	switch k {
	case knownNumber:
		return appendNumber(dst, as[json.Number](v))
	case knownRaw:
		return e.rawMessage(dst, as[json.RawMessage](v))
	case knownTime:
		return appendZonedTime(dst, as[time.Time](v))
	case knownAnyMap:
		return e.anyMap(dst, as[map[string]any](v))
	case knownAnyList:
		return e.anyList(dst, as[[]any](v))
	default:
		return appendList(e, dst, as[[]string](v), AppendString)
	}
}

// as reads a value whose type is known, without an allocation.
func as[T any](v reflect.Value) T {
	t, _ := reflect.TypeAssert[T](v)
	return t
}
