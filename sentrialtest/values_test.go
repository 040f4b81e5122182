package sentrialtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestValuesAreComparedAsJSON on both sides: what the tool got, and what the test writes.
func TestValuesAreComparedAsJSON(t *testing.T) {
	type named struct {
		Name string `json:"name"`
		Skip string `json:"-"`
		None *int   `json:"none,omitempty"`
	}
	for _, c := range []struct {
		input, want any
		equal       bool
	}{
		{named{"a", "x", nil}, map[string]any{"name": "a"}, true},
		{named{"a", "x", nil}, map[string]any{"name": "b"}, false},
		{map[string]any{"name": "a"}, named{Name: "a", Skip: "y"}, true},
		{map[string]any{"name": "a", "more": 1}, named{Name: "a"}, false},
		{[]int{1, 2}, []any{1.0, json.Number("2e0")}, true},
		{[]int{1, 2}, []int{2, 1}, false},
		{[]int{1, 2}, []int{1}, false},
		{int64(9007199254740993), json.Number("9007199254740993"), true},
		{int64(9007199254740993), json.Number("9007199254740992"), false},
		{0.1, json.Number("0.10"), true},
		{0.1, 0.2, false},
		{1, "1", false},
		{nil, nil, true},
		{nil, "", false},
		{nil, sentrialtest.Any, true},
		{"x", sentrialtest.Any, true},
		{map[string]any{"at": "now", "ids": []string{"a", "b"}}, map[string]any{"at": sentrialtest.Any, "ids": []any{"a", sentrialtest.Any}}, true},
		{map[string]any{"at": "now"}, map[string]any{"id": sentrialtest.Any}, false},
		{true, true, true},
		{true, false, false},
		{"<&>\u2028", "<&>\u2028", true},
		{[]byte("abc"), []byte("abc"), true},
	} {
		f := judged("TestX", func(inner testing.TB) {
			rec := sentrialtest.New(inner)
			rec.Client().Session("s").TrackToolCall(t.Context(), types.ToolCall{ToolName: "x", ToolInput: c.input})
			rec.WantToolInputs("x", c.want)
		})
		if f.Failed() == c.equal {
			t.Errorf("input %#v, want %#v: equal should be %t: %s", c.input, c.want, c.equal, f.said())
		}
	}
}

// FuzzEqualJSON: a value equals itself, and is told from what it is put into.
func FuzzEqualJSON(f *testing.F) {
	f.Add(`{"a":[1,2.50,null,"x"]}`, `{"a":[1.0,2.5,null,"x"]}`)
	f.Add(`1e400`, `-0`)
	f.Add(`{"$sentrialtest":"any"}`, `1`)
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := decoded(a), decoded(b)
		if strings.Contains(a+b, "$sentrialtest") { // stands for anything
			sentrialtest.EqualJSON(x, y)
			return
		}
		if strings.Contains(a, "e") || strings.Contains(a, "E") { // beyond float64 a number equals nothing
			return
		}
		if !sentrialtest.EqualJSON(x, x) || sentrialtest.EqualJSON(x, []any{x}) || sentrialtest.EqualJSON(map[string]any{"k": x}, x) {
			t.Errorf("%q is not equal to itself alone", a)
		}
		if sentrialtest.EqualJSON(x, y) != sentrialtest.EqualJSON(y, x) {
			t.Errorf("%q and %q are equal in one direction", a, b)
		}
	})
}

func decoded(text string) (v any) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	_ = d.Decode(&v)
	return v
}

func TestPaths(t *testing.T) {
	for text, want := range map[string]string{
		"plan":                `["plan"] []`,
		"a > b >> c d > *":    `["a" "b" "c d" "*"] [">" ">>" ">"]`,
		"  a  >  b  ":         `["a" "b"] [">"]`,
		"a>b > c->d":          `["a>b" "c->d"] [">"]`,
		"a > > b":             "error",
		"a >":                 "error",
		">> a":                "error",
		"":                    "error",
		" ":                   "error",
		"look up > tool x\ty": `["look up" "tool x\ty"] [">"]`,
	} {
		names, signs, err := sentrialtest.PathNames(text)
		got := fmt.Sprintf("%q %q", names, signs)
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%q is %s (%v), want %s", text, got, err, want)
		}
	}
}

// FuzzPath: a path that is written again from its parts is the same path.
func FuzzPath(f *testing.F) {
	f.Add("session a > b >> c")
	f.Add(" > ")
	f.Add("a>b >  > c")
	f.Fuzz(func(t *testing.T, text string) {
		names, signs, err := sentrialtest.PathNames(text)
		if err != nil {
			return
		}
		again := names[0]
		for i, name := range names[1:] {
			again += " " + signs[i] + " " + name
		}
		names2, signs2, err := sentrialtest.PathNames(again)
		if err != nil || !slices.Equal(names, names2) || !slices.Equal(signs, signs2) {
			t.Errorf("%q is %q %q, written as %q it is %q %q (%v)", text, names, signs, again, names2, signs2, err)
		}
	})
}
