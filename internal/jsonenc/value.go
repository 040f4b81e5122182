package jsonenc

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"
)

// value appends v by its dynamic type. The kinds that agents use are here or in common;
// whatever else there is goes through reflection.
func (e *encoder) value(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return AppendString(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return AppendFloat(dst, v)
	case map[string]any:
		return e.anyMap(dst, v)
	case []any:
		return e.anyList(dst, v)
	case []string:
		return appendList(e, dst, v, AppendString)
	case []float64:
		return appendList(e, dst, v, AppendFloat)
	case map[string]string:
		return appendMap(e, dst, v, AppendString)
	case []map[string]any:
		return e.mapList(dst, v)
	case json.Number:
		return appendNumber(dst, v)
	case json.RawMessage:
		return e.rawMessage(dst, v)
	case []byte:
		return appendBase64(dst, v)
	case time.Time:
		return appendZonedTime(dst, v)
	case time.Duration:
		return strconv.AppendInt(dst, int64(v), 10)
	}
	return e.scalar(dst, v)
}

// scalar appends the rarer simple kinds.
func (e *encoder) scalar(dst []byte, v any) []byte {
	switch v := v.(type) {
	case int8:
		return appendInt(dst, v)
	case int16:
		return appendInt(dst, v)
	case int32:
		return appendInt(dst, v)
	case uint:
		return appendUint(dst, v)
	case uint8:
		return appendUint(dst, v)
	case uint16:
		return appendUint(dst, v)
	case uint32:
		return appendUint(dst, v)
	case uint64:
		return appendUint(dst, v)
	case float32:
		return appendFloatBits(dst, float64(v), 32)
	}
	return e.typed(dst, v)
}

// typed appends the rarer slices and maps.
func (e *encoder) typed(dst []byte, v any) []byte {
	switch v := v.(type) {
	case []int:
		return appendList(e, dst, v, appendInt)
	case []int64:
		return appendList(e, dst, v, appendInt)
	case []bool:
		return appendList(e, dst, v, strconv.AppendBool)
	case map[string]int:
		return appendMap(e, dst, v, appendInt)
	case map[string]float64:
		return appendMap(e, dst, v, AppendFloat)
	}
	return e.pointer(dst, v)
}

// pointer appends pointers to simple kinds.
func (e *encoder) pointer(dst []byte, v any) []byte {
	switch v := v.(type) {
	case *string:
		return appendPointer(dst, v, AppendString)
	case *bool:
		return appendPointer(dst, v, strconv.AppendBool)
	case *int:
		return appendPointer(dst, v, appendInt)
	case *int64:
		return appendPointer(dst, v, appendInt)
	case *float64:
		return appendPointer(dst, v, AppendFloat)
	case *time.Time:
		return appendPointer(dst, v, appendZonedTime)
	}
	return e.other(dst, v)
}

func appendPointer[T any](dst []byte, p *T, elem func([]byte, T) []byte) []byte {
	if p == nil {
		return append(dst, "null"...)
	}
	return elem(dst, *p)
}

func appendInt[T ~int | ~int8 | ~int16 | ~int32 | ~int64](dst []byte, n T) []byte {
	return strconv.AppendInt(dst, int64(n), 10)
}

func appendUint[T ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr](dst []byte, n T) []byte {
	return strconv.AppendUint(dst, uint64(n), 10)
}

func appendBase64(dst, b []byte) []byte {
	if b == nil {
		return append(dst, "null"...)
	}
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, b)
	return append(dst, '"')
}
