package jsonenc_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

type (
	panicsWith  struct{ v any }
	selfError   struct{}
	selfText    struct{}
	named2      string
	plainStruct struct{ N int }
	mutualError struct{ other *mutualError }
)

func (p panicsWith) MarshalJSON() ([]byte, error) { panic(p.v) }
func (e selfError) Error() string                 { panic(e) }
func (e selfText) String() string                 { panic(e) }
func (e *mutualError) Error() string              { panic(e.other) }

func mutual() error {
	a, b := &mutualError{}, &mutualError{}
	a.other, b.other = b, a
	return a
}

func selfPointer() any {
	var v any
	v = &v
	return v
}

func selfMap() map[string]any {
	m := map[string]any{}
	m["self"] = m
	return m
}

// recovered are values that programs panic with, and what is said of them.
var recovered = []struct {
	name string
	v    any
	want string
}{
	{"text", "boom", "boom"},
	{"error", errors.New("boom"), "boom"},
	{"wrapped error", fmt.Errorf("a: %w", errors.New("b")), "a: b"},
	{"Stringer", json.Number("12"), "12"},
	{"named text", named2("boom"), "boom"},
	{"number", 42, "42"},
	{"float", 0.5, "0.5"},
	{"true", true, "true"},
	{"struct", plainStruct{1}, "{1}"},
	{"pointer", &plainStruct{1}, "&{1}"},
	{"list and map", []any{1, map[string]any{"a": []int{2}}, nil, [1]bool{true}}, "[1 map[a:[2]] <nil> [true]]"},
	{"nothing in it", struct{ P *int }{}, "{<nil>}"},
	{"methods inside", []any{selfError{}}, "a value of type []interface {}"},
	{"text method inside", struct{ E selfText }{}, "a value of type struct { E jsonenc_test.selfText }"},
	{"method of a key", map[selfText]int{{}: 1}, "a value of type map[jsonenc_test.selfText]int"},
	{"long list", make([]int, 1000), "a value of type []int"},
	{"deep list", nested(10, 1), "a value of type []interface {}"},
	{"long text", strings.Repeat("x", 1000), strings.Repeat("x", 1000)},
	{"map that holds itself", selfMap(), "a value of type map[string]interface {}"},
	{"slice too deep for fmt", nested(5_000_000, 1), "a value of type []interface {}"},
	{"error that panics with itself", selfError{}, "a value of type jsonenc_test.selfError"},
	{"Stringer that panics with itself", selfText{}, "a value of type jsonenc_test.selfText"},
	{"errors that panic with each other", mutual(), "a value of type *jsonenc_test.mutualError"},
	{"nil error", (*codeError)(nil), "a value of type *jsonenc_test.codeError"},
	{"pointer to itself", selfPointer(), "a value of type *interface {}"},
}

func TestPanicText(t *testing.T) {
	for _, c := range recovered {
		if got := jsonenc.PanicText(c.v); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if got := jsonenc.PanicText(nil); got != "a value of type <nil>" {
		t.Errorf("nil: got %q", got)
	}
}

// A MarshalJSON runs on a goroutine of its own: were the panic let out, the program would end.
func TestMarshalJSONMayPanicWithAnything(t *testing.T) {
	for _, c := range recovered {
		want := marker("panic: "+c.want, "jsonenc_test.panicsWith")
		got := decoded(t, jsonenc.Append(nil, panicsWith{c.v})).(map[string]any)
		if text, _ := got["$omitted"].(string); c.name == "long text" && strings.HasPrefix(text, "panic: xxx") && len(text) < 300 {
			continue
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: got %v, want %v", c.name, got, want)
		}
	}
}

func TestErrorThatPanicsWithItself(t *testing.T) {
	for name, v := range map[string]error{"selfError": selfError{}, "mutualError": mutual()} {
		got := string(jsonenc.Append(nil, []any{1, v}))
		if !strings.HasPrefix(got, `[1,{"$omitted":"panic: a value of type `) || !strings.Contains(got, name) {
			t.Errorf("got %s", got)
		}
	}
}
