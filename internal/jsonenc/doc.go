// Package jsonenc appends the JSON form of an agent's values to a byte slice. It never
// fails, never panics and never hangs: what has no JSON form is replaced in place by a
// small object that says so, and everything around it survives.
//
//	{"$omitted":"NaN","type":"float64"}
//
// The result is what encoding/json makes of the same value with SetEscapeHTML(false),
// but for these choices:
//
//   - A map is written in any order, not sorted.
//   - An error held in an interface is its message; encoding/json shows its exported
//     fields, mostly {}. A type's own MarshalJSON or MarshalText comes first.
//   - Map keys may also be booleans, floats or interfaces that hold a usable key, as
//     YAML decoders make them.
//   - NaN, infinities, channels, functions, complex numbers, cycles, invalid
//     json.RawMessage and json.Number, and a MarshalJSON that fails, panics, returns
//     invalid JSON or takes too long, become a marker for that value alone.
//   - Invalid UTF-8 becomes U+FFFD inside json.RawMessage and the output of MarshalJSON too.
//   - Keys of one map that would come out as the same name, for invalid UTF-8 or as 1 and
//     "1" in a map[any]any, are told apart: all but one get a number, "1 (2)".
//   - Nesting ends at MaxDepth, a value's size at MaxBytes.
//
// Agents' usual kinds (strings, numbers, times, their slices and maps, any depth of
// map[string]any and []any) go through a type switch and cost no allocation. Other types
// are walked by reflection. encoding/json itself is not called: it cannot be stopped in a
// value whose parts are shared fifty levels deep, and a list of a million links exhausts
// its stack.
//
// A marshalling method of the standard library is called in place. Any other MarshalJSON
// or MarshalText is left for the end of the call; all of them then run one after the other
// on a goroutine of their own, which is waited for for 10 ms. At most four such goroutines
// exist in the process; while four are stuck, the markers come at once.
//
// Append calls the caller's methods (Error, IsZero, MarshalJSON, MarshalText), so hold no
// lock that they might want. What no library can stop is left: a caller that changes a
// map during the call, an Error or IsZero that blocks, and a MarshalJSON that exhausts the
// stack.
package jsonenc
