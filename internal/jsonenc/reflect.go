package jsonenc

import (
	"encoding/json"
	"reflect"
	"strconv"
)

// other appends a dynamic value that the type switch does not know.
func (e *encoder) other(dst []byte, v any) []byte {
	rv := reflect.ValueOf(v)
	info := infoOf(rv.Type())
	if info.byValue == noMethod && info.isError {
		return appendError(dst, rv)
	}
	return e.walk(dst, rv)
}

// appendError appends an error's message: what encoding/json makes of an error's fields
// helps nobody.
func appendError(dst []byte, v reflect.Value) []byte {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return append(dst, "null"...)
	}
	message, reason := messageOf(v.Interface().(error))
	if reason != "" {
		return AppendMarker(dst, reason, v.Type().String())
	}
	return AppendString(dst, message)
}

func messageOf(err error) (message, reason string) {
	defer func() {
		if r := recover(); r != nil {
			reason = panicReason(r)
		}
	}()
	return err.Error(), ""
}

// walk appends any value by its kind, or by its own method where it has one.
func (e *encoder) walk(dst []byte, v reflect.Value) []byte {
	info := infoOf(v.Type())
	if info.known != unknown {
		return e.known(dst, v, info.known)
	}
	if m := info.method(v.CanAddr()); m != noMethod {
		return e.marshaler(dst, v, m, info.trusted)
	}
	switch v.Kind() {
	case reflect.Interface:
		return e.value(dst, v.Interface())
	case reflect.Pointer:
		return e.walkPointer(dst, v)
	case reflect.Struct:
		return e.walkStruct(dst, v, info.fields)
	case reflect.Map:
		return e.walkMap(dst, v)
	case reflect.Slice:
		return e.walkSlice(dst, v)
	case reflect.Array:
		return e.walkArray(dst, v)
	}
	return appendScalar(dst, v)
}

// appendScalar appends a value of a simple kind whatever its name.
func appendScalar(dst []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(dst, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(dst, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.AppendUint(dst, v.Uint(), 10)
	case reflect.Float32:
		return appendFloatBits(dst, v.Float(), 32)
	case reflect.Float64:
		return AppendFloat(dst, v.Float())
	case reflect.String:
		if v.Type() == numberType { // reached inside a string, by the option "string"
			return appendNumber(dst, json.Number(v.String()))
		}
		return AppendString(dst, v.String())
	}
	return AppendMarker(dst, reasonUnsupported, v.Type().String())
}

func (e *encoder) walkPointer(dst []byte, v reflect.Value) []byte {
	if v.IsNil() {
		return append(dst, "null"...)
	}
	if reason := e.follow(place{ptr: v.Pointer(), typ: addressOfType(v.Type())}); reason != "" {
		return AppendMarker(dst, reason, v.Type().String())
	}
	dst = e.walk(dst, v.Elem())
	e.unfollow()
	return dst
}

func (e *encoder) walkSlice(dst []byte, v reflect.Value) []byte {
	if v.Len() == 0 && !infoOf(v.Type().Elem()).plainByte {
		return appendEmptyList(dst, v.IsNil())
	}
	if infoOf(v.Type().Elem()).plainByte {
		return appendBase64(dst, v.Bytes())
	}
	if reason := e.enter(place{ptr: v.Pointer(), len: v.Len(), typ: addressOfType(v.Type())}); reason != "" {
		return AppendMarker(dst, reason, v.Type().String())
	}
	dst = e.walkElements(dst, v)
	e.leave()
	return dst
}

// walkArray needs no look for cycles: an array cannot hold itself but through a pointer.
func (e *encoder) walkArray(dst []byte, v reflect.Value) []byte {
	e.begin()
	if e.depth >= MaxDepth {
		return AppendMarker(dst, reasonTooDeep, v.Type().String())
	}
	if v.Len() == 0 {
		return append(dst, "[]"...)
	}
	e.depth++
	dst = e.walkElements(dst, v)
	e.depth--
	return dst
}

func (e *encoder) walkElements(dst []byte, v reflect.Value) []byte {
	sep := byte('[')
	for i := range v.Len() {
		if e.full(dst) {
			return appendRestOmitted(dst, sep, ']')
		}
		dst = e.walk(append(dst, sep), v.Index(i))
		sep = ','
	}
	return append(dst, ']')
}
