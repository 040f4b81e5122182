package jsonenc

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// marshaler appends what the value's own method makes of it.
func (e *encoder) marshaler(dst []byte, v reflect.Value, m method, trusted bool) []byte {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return append(dst, "null"...)
	}
	own := v
	if v.CanAddr() && v.Kind() != reflect.Pointer {
		own = v.Addr()
	}
	o := owed{goType: v.Type()}
	if m == marshalText {
		o.as, o.call = resultText, own.Interface().(encoding.TextMarshaler).MarshalText
	} else {
		o.as, o.call = resultJSON, own.Interface().(json.Marshaler).MarshalJSON
	}
	return e.call(dst, o, trusted)
}

// result is what a marshalling method is called for.
type result uint8

const (
	resultJSON result = iota // a value
	resultText               // a value, a string
	resultKey                // a map's key
)

// owed is a marshalling method to be called, and where its result goes.
type owed struct {
	call   func() ([]byte, error)
	as     result
	goType reflect.Type // of the value, for its marker
	key    int          // the key's number, for what replaces it
	at     int          // index in the output
	depth  int          // open objects and arrays there
}

// call calls a method in place when it is trusted to return. Any other is called later,
// together with the value's others: to hand each of them to another goroutine would cost
// more than most of them do.
func (e *encoder) call(dst []byte, o owed, trusted bool) []byte {
	o.depth = e.depth
	if trusted {
		made, reason := guarded(o.call)
		return o.append(dst, made, reason)
	}
	if len(e.owed) == maxOwed {
		return o.append(dst, nil, reasonTooLarge)
	}
	o.at = len(dst)
	e.owed = append(e.owed, o)
	return dst
}

// append appends the method's result, or what stands for it.
func (o *owed) append(dst, made []byte, reason string) []byte {
	if o.as == resultKey {
		if reason != "" {
			return AppendString(dst, omittedKey(o.key, reason))
		}
		return AppendString(dst, string(made))
	}
	switch {
	case reason != "":
		return AppendMarker(dst, reason, o.goType.String())
	case o.as == resultText:
		return AppendString(dst, string(made))
	}
	return appendRaw(dst, made, o.depth, o.goType.String())
}

// guarded calls f and tells what went wrong, if anything.
func guarded(f func() ([]byte, error)) (made []byte, reason string) {
	defer func() {
		if r := recover(); r != nil {
			made, reason = nil, panicReason(r)
		}
	}()
	made, err := f()
	if err != nil {
		reason = reasonError + clip(err.Error())
	}
	return made, reason
}
