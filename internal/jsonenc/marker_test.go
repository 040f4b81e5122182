package jsonenc_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

type (
	panics      struct{}
	fails       struct{}
	lies        struct{ JSON string }
	exits       struct{}
	badText     struct{ N int }
	badError    struct{}
	codeError   struct{ Code int }
	jsonError   struct{ Code int }
	badZero     struct{ N int }
	withBadPart struct {
		Before string
		F      float64 `json:"f"`
		C      chan int
		Fn     func()     `json:"fn"`
		X      complex128 `json:"x"`
		P      panics
		S      float64 `json:"s,string"`
		Err    error
		After  []float32
	}
)

func (panics) MarshalJSON() ([]byte, error)    { panic("no JSON today") }
func (fails) MarshalJSON() ([]byte, error)     { return nil, errors.New("cannot") }
func (l lies) MarshalJSON() ([]byte, error)    { return []byte(l.JSON), nil }
func (exits) MarshalJSON() ([]byte, error)     { runtime.Goexit(); return nil, nil }
func (b badText) MarshalText() ([]byte, error) { return nil, fmt.Errorf("no text for %d", b.N) }
func (badError) Error() string                 { panic(errors.New("worse")) }
func (c *codeError) Error() string             { return fmt.Sprintf("code %d", c.Code) }
func (jsonError) Error() string                { return "message" }
func (j jsonError) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]int{"code": j.Code})
}
func (badZero) IsZero() bool { panic("zero?") }

func marker(reason, goType string) map[string]any {
	return map[string]any{"$omitted": reason, "type": goType}
}

func TestMarkers(t *testing.T) {
	for _, c := range []struct {
		name string
		v    any
		want any
	}{
		{"NaN", math.NaN(), marker("NaN", "float64")},
		{"+Inf", math.Inf(1), marker("+Inf", "float64")},
		{"-Inf", float32(math.Inf(-1)), marker("-Inf", "float32")},
		{"NaN pointer", ptr(math.NaN()), marker("NaN", "float64")},
		{"channel", make(chan int), marker("unsupported type", "chan int")},
		{"function", func() {}, marker("unsupported type", "func()")},
		{"complex", 1i, marker("unsupported type", "complex128")},
		{"map keys", map[[1]int]int{{1}: 1}, marker("unsupported type", "map[[1]int]int")},
		{"panic", panics{}, marker("panic: no JSON today", "jsonenc_test.panics")},
		{"error", fails{}, marker("error: cannot", "jsonenc_test.fails")},
		{"text error", badText{3}, marker("error: no text for 3", "jsonenc_test.badText")},
		{"Goexit", exits{}, marker("panic: the goroutine was ended", "jsonenc_test.exits")},
		{"not JSON", lies{"{]"}, marker("invalid JSON: ']' at byte 1 where a name was expected", "jsonenc_test.lies")},
		{"no JSON", lies{""}, marker("invalid JSON: the end at byte 0 where a value was expected", "jsonenc_test.lies")},
		{"two values", lies{"1 2"}, marker("invalid JSON: '2' at byte 2 where the end was expected", "jsonenc_test.lies")},
		{"raw", json.RawMessage(`{"a":nope}`), marker("invalid JSON: 'o' at byte 6 where null was expected", "json.RawMessage")},
		{"empty raw", json.RawMessage{}, marker("invalid JSON: the end at byte 0 where a value was expected", "json.RawMessage")},
		{"number", json.Number("0x1"), marker(`invalid JSON: number literal "0x1"`, "json.Number")},
		{"error that panics", badError{}, marker("panic: worse", "jsonenc_test.badError")},
		{"year", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), marker("error: year outside of 0 to 9999", "time.Time")},
		{"zone", time.Date(2000, 1, 1, 0, 0, 0, 0, time.FixedZone("far", 86400)), marker("error: zone a day or more from UTC", "time.Time")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := decoded(t, jsonenc.Append(nil, c.v)); !reflect.DeepEqual(got, c.want) {
				t.Errorf("alone:\n got %v\nwant %v", got, c.want)
			}
			around := []any{"before", c.v, map[string]any{"in": c.v}, "after"}
			want := []any{"before", c.want, map[string]any{"in": c.want}, "after"}
			if got := decoded(t, jsonenc.Append(nil, around)); !reflect.DeepEqual(got, any(want)) {
				t.Errorf("in a list:\n got %v\nwant %v", got, want)
			}
		})
	}
}

func TestTheRestOfAStructSurvives(t *testing.T) {
	nan := float32(math.NaN())
	v := withBadPart{Before: "b", F: math.Inf(1), S: math.NaN(), Err: &codeError{7}, After: []float32{1, nan, 2}}
	want := map[string]any{
		"Before": "b", "f": marker("+Inf", "float64"), "C": marker("unsupported type", "chan int"), "fn": marker("unsupported type", "func()"),
		"x": marker("unsupported type", "complex128"), "P": marker("panic: no JSON today", "jsonenc_test.panics"), "s": marker("NaN", "float64"),
		"Err": "code 7", "After": []any{json.Number("1"), marker("NaN", "float32"), json.Number("2")},
	}
	if got := decoded(t, jsonenc.Append(nil, &v)); !reflect.DeepEqual(got, any(want)) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
}

func TestErrorsAreTheirMessage(t *testing.T) {
	for _, c := range []struct {
		v    any
		want string
	}{
		{errors.New("plain"), `"plain"`},
		{fmt.Errorf("outer: %w", errors.New("inner")), `"outer: inner"`},
		{&codeError{5}, `"code 5"`},
		{(*codeError)(nil), `null`},
		{[]error{errors.New("a"), nil}, `["a",null]`},
		{map[string]error{"e": errors.New("a")}, `{"e":"a"}`},
		{jsonError{5}, `{"code":5}`},
		{[]codeError{{5}}, `[{"Code":5}]`}, // the type says more than the method
	} {
		if got := string(jsonenc.Append(nil, c.v)); got != c.want {
			t.Errorf("%T: got %s, want %s", c.v, got, c.want)
		}
	}
}

func TestKeysThatEncodingJSONRefuses(t *testing.T) {
	for _, c := range []struct{ v, want any }{
		{map[any]any{"a": 1, 2: "b", 2.5: nil, true: []any{}, nil: 0}, map[string]any{"a": json.Number("1"), "2": "b", "2.5": nil, "true": []any{}, "null": json.Number("0")}},
		{map[float32]int{0.1: 1}, map[string]any{"0.1": json.Number("1")}},
		{map[any]int{[1]int{}: 1}, map[string]any{"$omitted 1: unsupported type [1]int": json.Number("1")}},
		{map[badText]int{{4}: 1}, map[string]any{"$omitted 1: error: no text for 4": json.Number("1")}},
	} {
		if got := decoded(t, jsonenc.Append(nil, c.v)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%T:\n got %v\nwant %v", c.v, got, c.want)
		}
	}
}

func TestInvalidUTF8InForeignJSONIsReplaced(t *testing.T) {
	const want = `{"k\ufffd":"a\ufffd\ufffdb"}`
	for _, v := range []any{json.RawMessage("{ \"k\xff\" : \"a\xed\xffb\" }"), lies{"{\"k\xff\":\"a\xed\xffb\"}"}} {
		if got := string(jsonenc.Append(nil, v)); got != want {
			t.Errorf("%T: got %q, want %q", v, got, want)
		}
	}
}

func TestIsZeroThatPanicsKeepsTheField(t *testing.T) {
	got := string(jsonenc.Append(nil, struct {
		Z badZero `json:"z,omitzero"`
	}{badZero{1}}))
	if got != `{"z":{"N":1}}` {
		t.Errorf("got %s", got)
	}
}

func TestReasonsAreShort(t *testing.T) {
	got := jsonenc.AppendMarker(nil, strings.Repeat("é", 10_000), strings.Repeat("T", 10_000))
	m := decoded(t, got).(map[string]any)
	for name, s := range m {
		if len(s.(string)) > 260 || !utf8.ValidString(s.(string)) || strings.ContainsRune(s.(string), utf8.RuneError) {
			t.Errorf("%s is %d bytes: %.300q", name, len(s.(string)), s)
		}
	}
	if got := string(jsonenc.AppendMarker(nil, "NaN", "")); got != `{"$omitted":"NaN"}` {
		t.Errorf("without a type: %s", got)
	}
}
