package jsonenc_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

func TestAppendMap(t *testing.T) {
	m := map[string]any{"a": 1, "b": "two"}
	for _, c := range []struct {
		name  string
		m     map[string]any
		extra []jsonenc.Member
		want  any
	}{
		{"nothing", nil, nil, nil},
		{"no members", map[string]any{}, nil, map[string]any{}},
		{"no extra", m, nil, map[string]any{"a": json.Number("1"), "b": "two"}},
		{"only extra", nil, []jsonenc.Member{{"x", true}}, map[string]any{"x": true}},
		{"both", m, []jsonenc.Member{{"x", []string{"y"}}}, map[string]any{"a": json.Number("1"), "b": "two", "x": []any{"y"}}},
		{"extra wins", m, []jsonenc.Member{{"a", "new"}}, map[string]any{"a": "new", "b": "two"}},
		{"extra replaces all", map[string]any{"a": 1}, []jsonenc.Member{{"a", nil}}, map[string]any{"a": nil}},
		{"the last extra wins", m, []jsonenc.Member{{"a", 8}, {"a", 9}}, map[string]any{"a": json.Number("9"), "b": "two"}},
		{"raw", nil, []jsonenc.Member{{"r", json.RawMessage(`[1]`)}}, map[string]any{"r": []any{json.Number("1")}}},
		{"marker", map[string]any{"n": math.NaN()}, []jsonenc.Member{{"x", 1}}, map[string]any{"n": marker("NaN", "float64"), "x": json.Number("1")}},
	} {
		got := jsonenc.AppendMap(nil, c.m, c.extra...)
		if v := decoded(t, got); !reflect.DeepEqual(v, c.want) {
			t.Errorf("%s: got %s, want %v", c.name, got, c.want)
		}
		if again := members(t, got); len(again) != len(asMap(c.want)) {
			t.Errorf("%s: a name occurs twice: %s", c.name, got)
		}
	}
}

func asMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// members lists an object's names, repeated ones repeatedly.
func members(t *testing.T, b []byte) (names []string) {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal(b, &m); err != nil || m == nil {
		return nil
	}
	for depth, i := 0, 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ':':
			if depth == 1 {
				names = append(names, "")
			}
		}
	}
	return names
}

func TestAppendMapThatHoldsItself(t *testing.T) {
	m := map[string]any{}
	m["m"] = m
	want := map[string]any{"m": marker("cycle", "map[string]interface {}"), "x": json.Number("1")}
	if got := decoded(t, jsonenc.AppendMap(nil, m, jsonenc.Member{Name: "x", Value: 1})); !reflect.DeepEqual(got, any(want)) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAppendMapKeepsExtraWhenItIsCut(t *testing.T) {
	m := map[string]any{"a": make([]bool, jsonenc.MaxBytes), "b": 1, "c": 2}
	got := decoded(t, jsonenc.AppendMap(nil, m, jsonenc.Member{Name: "x", Value: 1})).(map[string]any)
	if got["x"] != json.Number("1") {
		t.Errorf("the extra member is %v", got["x"])
	}
}
