package jsonenc_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// decoded reads JSON with numbers kept as they are written, and fails on anything else.
func decoded(t testing.TB, b []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		t.Fatalf("not one JSON value (%v): %.200q", err, b)
	}
	return v
}

func standard(t testing.TB, v any) []byte {
	t.Helper()
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatalf("encoding/json refuses %T: %v", v, err)
	}
	return buf.Bytes()
}

type (
	named      string
	namedInt   int16
	namedBytes []byte
	octet      byte
	loudOctet  byte

	byValue   struct{ N int }
	byPointer struct{ N int }
	asText    struct{ A, B string }
	textPtr   struct{ A string }

	inner  struct{ X, Y int }
	hidden struct{ Seen, Other string }
	Deep   struct{ Shadow, DeepOnly string }
	Left   struct{ Both, LeftOnly string }
	Right  struct{ Both, RightOnly string }
	Tagged struct {
		Shown string `json:"both"`
	}
	Untagged struct {
		Both2 string `json:"-"`
		Plain string `json:"both2"`
	}
	recursive struct {
		Name string
		Next *recursive   `json:",omitempty"`
		All  []*recursive `json:"all,omitempty"`
	}
	embeds struct {
		inner
		*hidden
		Deep
		Left
		Right
		Tagged
		Untagged
		named
		Shadow string
	}
	EmbedsNil struct {
		*Deep
		Z int
	}
	EmbedsMarshaler struct {
		byValue
		Extra string
	}
	EmbedsNamed struct {
		inner `json:"in"`
		Deep  `json:"-"`
		any
		Level
	}
	Base    struct{ InBoth, Once string }
	ViaA    struct{ Base }
	ViaB    struct{ *Base }
	diamond struct {
		ViaA
		ViaB
		Z int
	}
	Level   int
	options struct {
		E0 string         `json:"e0,omitempty"`
		E1 []int          `json:"e1,omitempty"`
		E2 map[string]int `json:"e2,omitempty"`
		E3 *int           `json:"e3,omitempty"`
		E4 any            `json:"e4,omitempty"`
		E5 [0]int         `json:"e5,omitempty"`
		E6 inner          `json:"e6,omitempty"`
		E7 float64        `json:"e7,omitempty"`
		Z0 time.Time      `json:"z0,omitzero"`
		Z1 inner          `json:"z1,omitzero"`
		Z2 never          `json:"z2,omitzero"`
		Z3 *never         `json:"z3,omitzero"`
		Z4 viaPointer     `json:"z4,omitzero"`
		Z5 zeroer         `json:"z5,omitzero"`
		Z6 any            `json:"z6,omitzero"`
		S0 int            `json:"s0,string"`
		S1 string         `json:"s1,string"`
		S2 *float64       `json:"s2,string"`
		S3 bool           `json:",string"`
		S4 []int          `json:"s4,string"`
		S5 json.Number    `json:"s5,string"`
		S6 asText         `json:"s6,string"`
		N0 int            `json:"with space"`
		N1 int            `json:"bad\"quote"`
		N2 int            `json:"-,"`
		N3 int            `json:"ключ"`
		N4 int            `json:"a<b"`
	}
	zeroer     interface{ IsZero() bool }
	never      struct{ N int }
	viaPointer struct{ N int }
	unusual    struct {
		A  [3]int
		B  [2]byte
		C  namedBytes
		D  []octet
		E  []loudOctet
		F  []byValue
		G  []byPointer
		H  map[string]byPointer
		I  *byPointer
		J  byPointer
		K  []textPtr
		L  []any
		M  **int
		N  *[]string
		O  []*string
		P  map[asText]int
		Q  map[namedInt]string
		R  map[uint8]bool
		S  json.Marshaler
		T  *json.RawMessage
		U  float32
		V  []float32
		W  uintptr
		X  []json.Number
		Y  map[string][]map[string]float64
		Z  interface{ Error() string }
		AA struct{ time.Time }
	}
)

func (never) IsZero() bool                        { return false }
func (p *viaPointer) IsZero() bool                { return p.N == 7 }
func (v byValue) MarshalJSON() ([]byte, error)    { return json.Marshal([]int{v.N}) }
func (p *byPointer) MarshalJSON() ([]byte, error) { return json.Marshal(map[string]int{"p": p.N}) }
func (a asText) MarshalText() ([]byte, error)     { return []byte(a.A + "/" + a.B), nil }
func (p *textPtr) MarshalText() ([]byte, error)   { return []byte("<" + p.A + ">"), nil }
func (o loudOctet) MarshalText() ([]byte, error)  { return []byte{'0' + byte(o)}, nil }

func ptr[T any](v T) *T { return &v }

// same lists values of which encoding/json makes what this package must make too.
func same() map[string]any {
	raw := json.RawMessage(` { "b" : [ 1 , 2.50, -0 , 1e400, 12345678901234567890 ] , "a" : "\u00e9\ud800" } `)
	at := time.Date(2026, 11, 22, 1, 2, 3, 456_000_000, time.FixedZone("", 5*3600+1800))
	return map[string]any{
		"nil": nil, "true": true, "false": false, "string": "a\"b\\c\n\r\t\b\f\x00\x1f\x7f</b>&\u2028\u2029é世😀",
		"int": -1, "int8": int8(-128), "int16": int16(-1), "int32": int32(math.MinInt32), "int64": int64(math.MinInt64),
		"uint": uint(1), "uint8": uint8(255), "uint16": uint16(1), "uint32": uint32(1), "uint64": uint64(math.MaxUint64), "uintptr": uintptr(9),
		"floats":  []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 1e-6, 1e-7, 9.99e20, 1e21, 1e22, 123456789.125, 1 << 53, 1<<53 + 2, -1 << 60, math.MaxFloat64, math.SmallestNonzeroFloat64, 1e-10, 1e100},
		"float32": float32(0.1), "float32s": []float32{1e-6, 1e-7, 1e21, 16777216, 3.4e38}, "float": 2.5,
		"number": json.Number("12345678901234567890.125"), "empty number": json.Number(""), "exponent": json.Number("-1E+9"),
		"raw": raw, "nil raw": json.RawMessage(nil), "*raw": &raw, "raw in map": map[string]json.RawMessage{"r": raw},
		"bytes": []byte("\x00\xff bytes"), "nil bytes": []byte(nil), "empty bytes": []byte{}, "named bytes": namedBytes("x"), "octets": []octet("x"), "loud": []loudOctet{1, 2},
		"time": at, "*time": &at, "utc": at.UTC(), "duration": 90 * time.Second, "nil *time": (*time.Time)(nil),
		"times": []time.Time{at, {}}, "time in struct": struct{ At, Z time.Time }{At: at},
		"strings": []string{"a", "", "é"}, "nil strings": []string(nil), "no strings": []string{},
		"ints": []int{1, -2}, "int64s": []int64{1 << 62}, "bools": []bool{true, false}, "anys": []any{1, "a", nil, []any{}, map[string]any{}},
		"nil anys": []any(nil), "nil map": map[string]any(nil), "empty map": map[string]any{},
		"map": map[string]any{"": 1, "b\"": "x", "c": map[string]any{"d": []any{1.5}}}, "strings map": map[string]string{"a": "b"}, "ints map": map[string]int{"a": 1},
		"floats map": map[string]float64{"a": 1.5}, "maps": []map[string]any{{"a": 1}, nil, {}}, "nil maps": []map[string]any(nil), "nil strings map": map[string]string(nil),
		"*string": ptr("s"), "*int": ptr(1), "*int64": ptr(int64(2)), "*float64": ptr(2.5), "*bool": ptr(true), "nil *string": (*string)(nil), "**int": ptr(ptr(1)),
		"*any": ptr[any]("x"), "*map": &map[string]any{"a": 1}, "*[]any": &[]any{1}, "named": named("n<"), "named int": namedInt(3),
		"struct": inner{1, 2}, "*struct": &inner{1, 2}, "empty struct": struct{}{}, "array": [2]any{1, "x"}, "empty array": [0]int{}, "array of structs": [1]inner{{1, 2}},
		"marshaler": byValue{4}, "*marshaler": &byValue{4}, "nil *marshaler": (*byValue)(nil), "by pointer, not addressable": byPointer{5}, "by pointer": &byPointer{5},
		"marshalers": []byValue{{1}, {2}}, "pointer marshalers": []byPointer{{1}}, "marshaler map": map[string]byValue{"a": {1}}, "pointer marshaler map": map[string]byPointer{"a": {1}},
		"text": asText{"a", "b"}, "text keys": map[asText]int{{"a", "b"}: 1}, "int keys": map[int]string{-1: "a", 2: "b"}, "uint keys": map[uint64]int{math.MaxUint64: 1}, "named keys": map[named]int{"k": 1},
		"*text keys": map[*asText]int{{"a", "b"}: 1, nil: 2}, "level keys": map[Level]int{1: 1}, "empty int keys": map[int]int{}, "nil int keys": map[int]int(nil),
		"big": big.NewInt(0).Lsh(big.NewInt(1), 200), "addr": netip.MustParseAddr("::1"), "url": &url.URL{Scheme: "https", Host: "h"}, "big float": big.NewFloat(1.5), "nil big": (*big.Int)(nil),
		"embeds":  embeds{inner: inner{1, 2}, Deep: Deep{"a", "b"}, Left: Left{"l", "lo"}, Right: Right{"r", "ro"}, Tagged: Tagged{"tag"}, Untagged: Untagged{"x", "y"}, named: "n", Shadow: "s"},
		"embeds2": &embeds{hidden: &hidden{"a", "b"}}, "embeds nil": EmbedsNil{Z: 1}, "embeds set": EmbedsNil{Deep: &Deep{"a", "b"}}, "embeds marshaler": EmbedsMarshaler{byValue{1}, "lost"},
		"diamond": diamond{ViaB: ViaB{&Base{"a", "b"}}, Z: 1}, "embeds named": EmbedsNamed{inner: inner{1, 2}, Level: 3}, "recursive": recursive{"a", &recursive{Name: "b"}, []*recursive{{Name: "c"}, nil}},
		"options": options{}, "options set": options{E0: "a", E1: []int{1}, E2: map[string]int{"a": 1}, E3: ptr(0), E4: 0, E7: 1, Z0: at, Z1: inner{1, 0}, Z3: &never{}, Z4: viaPointer{7}, Z5: never{}, Z6: 0, S0: 5, S1: "q\"<", S2: ptr(1.5), S5: "7"},
		"*options": &options{Z4: viaPointer{7}, Z5: (*never)(nil), Z6: (*int)(nil), S2: ptr(0.0), S5: "1"},
		"unusual":  unusual{}, "*unusual": &unusual{C: namedBytes("x"), D: []octet("y"), E: []loudOctet{3}, F: []byValue{{1}}, G: []byPointer{{1}}, H: map[string]byPointer{"a": {2}}, I: &byPointer{3}, J: byPointer{4}, K: []textPtr{{"t"}}, L: []any{inner{}, &inner{}, byValue{1}}, M: ptr(ptr(1)), N: &[]string{"a"}, O: []*string{nil, ptr("s")}, P: map[asText]int{{"a", "b"}: 2}, Q: map[namedInt]string{1: "x"}, R: map[uint8]bool{1: true}, S: byValue{9}, T: &raw, U: 0.1, V: []float32{0.2}, X: []json.Number{"1", "2.0"}, Y: map[string][]map[string]float64{"a": {{"b": 1}}}},
		"structs":   structItems(),
		"invalid 1": "a\xffb", "invalid 2": "\xed\xa0\x80", "invalid 3": strings.Repeat("x", 20) + "\xc3", "invalid key": map[string]int{"k\xff": 1}, "invalid named": named("\xff"),
		"anonymous": struct {
			A int `json:"a"`
			_ int
			b int
		}{1, 2, 3},
	}
}

func TestSameAsEncodingJSON(t *testing.T) {
	for name, v := range same() {
		t.Run(name, func(t *testing.T) {
			want := decoded(t, standard(t, v))
			if got := decoded(t, jsonenc.Append(nil, v)); !reflect.DeepEqual(got, want) {
				t.Errorf("alone:\n got %v\nwant %v", got, want)
			}
			want = decoded(t, standard(t, map[string]any{"in": []any{v}}))
			if got := decoded(t, jsonenc.Append(nil, map[string]any{"in": []any{v}})); !reflect.DeepEqual(got, want) {
				t.Errorf("in a map:\n got %v\nwant %v", got, want)
			}
		})
	}
}

// What does not depend on a map's order must be the very bytes.
func TestSameBytesAsEncodingJSON(t *testing.T) {
	for _, name := range []string{"string", "floats", "float32s", "embeds", "options set", "*options", "times", "bytes", "invalid 1", "number", "raw in map", "big"} {
		v := same()[name]
		want := strings.TrimSuffix(string(standard(t, v)), "\n")
		if got := string(jsonenc.Append(nil, v)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	if got := string(jsonenc.Append([]byte("before "), 1)); got != "before 1" {
		t.Errorf("got %q", got)
	}
}
