package types

import (
	"encoding/json"
	"reflect"
	"time"
)

// field ties a wire name to the Go value that holds it. One list of fields per type serves writing, reading, and telling which names are
// unknown; names match exactly, unlike those of struct tags, which encoding/json matches in any case.
type field struct {
	name   string
	value  any  // pointer
	always bool // written even when empty
}

// empty reports whether the field is left out on the wire.
func (f field) empty() bool {
	if t, ok := f.value.(*time.Time); ok {
		return t.IsZero()
	}
	v := reflect.ValueOf(f.value).Elem()
	if kind := v.Kind(); kind == reflect.Map || kind == reflect.Slice {
		return v.Len() == 0
	}
	return v.IsZero()
}

func (f field) encode() (json.RawMessage, error) {
	encoded, err := encodeValue(f.value)
	if err != nil {
		return nil, &FieldError{Field: f.name, Err: err}
	}
	return encoded, nil
}

func (f field) decode(raw json.RawMessage) error {
	if err := decodeValue(raw, f.value); err != nil {
		return &FieldError{Field: f.name, Err: explain(err)}
	}
	return nil
}

func encodeValue(pointer any) (json.RawMessage, error) {
	switch v := pointer.(type) {
	case *time.Duration:
		return formatMilliseconds(*v), nil
	case *time.Time:
		return encodeTime(*v)
	case **time.Time:
		return encodeTime(**v)
	}
	return encode(pointer)
}

func decodeValue(raw json.RawMessage, pointer any) (err error) {
	switch v := pointer.(type) {
	case *time.Duration:
		*v, err = parseMilliseconds(raw)
	case *time.Time:
		*v, err = decodeTime(raw)
	case **time.Time:
		var t time.Time
		t, err = decodeTime(raw)
		*v = &t
	case *any:
		if err = decodeExact(raw, v); err == nil {
			*v = exactNumbers(*v)
		}
	case *map[string]any:
		if err = decodeExact(raw, v); err == nil {
			exactNumbers(*v)
		}
	case *[]Message:
		err = decodeMessages(raw, v)
	case *int:
		err = decodeWhole(raw, v)
	case *int64:
		err = decodeWhole(raw, v)
	default:
		err = json.Unmarshal(raw, v)
	}
	return err
}
