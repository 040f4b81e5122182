package types

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// FieldError says which field could not be written or read. Where a field lies inside another, Err holds the FieldError of the inner one, and
// the text names the whole path, such as messages.parts.
type FieldError struct {
	Field string // the wire name; "" = the value as a whole, which is not a JSON object
	Err   error
}

func (e *FieldError) Error() string {
	var path []string
	cause := error(e)
	for inner := (*FieldError)(nil); errors.As(cause, &inner); cause = inner.Err {
		if inner.Field != "" {
			path = append(path, inner.Field)
		}
	}
	if len(path) == 0 {
		return fmt.Sprintf("types: %v", cause)
	}
	return fmt.Sprintf("types: field %q: %v", strings.Join(path, "."), cause)
}

// Unwrap gives the cause.
func (e *FieldError) Unwrap() error { return e.Err }

// PayloadError says that an Event does not carry the one payload that its type calls for.
type PayloadError struct {
	Type     EventType // of the event; "" = none given
	Payloads []string  // names of the Event fields that are set
}

func (e *PayloadError) Error() string {
	set := strings.Join(e.Payloads, ", ")
	if len(e.Payloads) > 1 {
		return fmt.Sprintf("types: event of type %q carries %s: set exactly one payload", e.Type, set)
	}
	return fmt.Sprintf("types: event of type %q carries %s, which is another type's payload: set the one of its type, or leave Type empty", e.Type, set)
}

var errRaw = errors.New("want one JSON object")

// explain puts encoding/json's complaint about a wrong type in the terms of the wire.
func explain(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	return fmt.Errorf("want %s, got %s", wireKind(wrong.Type), wrong.Value)
}

func wireKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number in range"
	case reflect.Float64:
		return "a number in range"
	case reflect.Slice:
		return "an array"
	default:
		return "an object"
	}
}
