package jsonenc_test

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// Which of several keys gets which number depends on the map's order, so names and values are compared apart.
func TestKeysThatLookAlikeAreToldApart(t *testing.T) {
	type values map[string]any
	for name, c := range map[string]struct {
		v     any
		names []string
	}{
		"invalid UTF-8":               {map[string]any{"\xff": 1, "\xfe": 2, "\xfd": 3}, []string{"\ufffd", "\ufffd (2)", "\ufffd (3)"}},
		"invalid UTF-8 and its stand": {map[string]any{"\xff": 1, "\ufffd": 2, "x": 3}, []string{"x", "\ufffd", "\ufffd (2)"}},
		"the number is taken":         {map[string]any{"\xff": 1, "\ufffd": 2, "\ufffd (2)": 3}, []string{"\ufffd", "\ufffd (2)", "\ufffd (3)"}},
		"each byte counts":            {map[string]any{"\xff\xff": 1, "\xff": 2, "a\xff": 3}, []string{"a\ufffd", "\ufffd", "\ufffd\ufffd"}},
		"texts":                       {map[string]string{"\xff": "1", "\xfe": "2", "b\n": "3"}, []string{"b\n", "\ufffd", "\ufffd (2)"}},
		"named keys":                  {map[named]values{"\xff": {}, "\xfe": {}, "\ufffd": {}}, []string{"\ufffd", "\ufffd (2)", "\ufffd (3)"}},
		"kinds":                       {map[any]any{1: 1, "1": 2, int8(1): 3}, []string{"1", "1 (2)", "1 (3)"}},
		"words":                       {map[any]any{true: 1, "true": 2, nil: 3}, []string{"null", "true", "true (2)"}},
		"NaN":                         {map[float64]int{math.NaN(): 1, math.Copysign(math.NaN(), -1): 2, 1: 3}, []string{"1", "NaN", "NaN (2)"}},
	} {
		got := jsonenc.Append(nil, c.v)
		var m map[string]any
		if err := json.Unmarshal(got, &m); err != nil {
			t.Fatal(err)
		}
		var found []string
		for name := range m {
			found = append(found, name)
		}
		slices.Sort(found)
		if !slices.Equal(found, c.names) || reflect.ValueOf(c.v).Len() != len(m) {
			t.Errorf("%s: got %q in %s, want %q", name, found, got, c.names)
		}
	}
}

func TestKeysThatLookAlikeBesideExtraMembers(t *testing.T) {
	got := decoded(t, jsonenc.AppendMap(nil, map[string]any{"\xff": "mine"}, jsonenc.Member{Name: "\ufffd", Value: "extra"}))
	if want := map[string]any{"\ufffd": "extra", "\ufffd (2)": "mine"}; !reflect.DeepEqual(got, any(want)) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// FuzzNames: as many members come out as there are keys, and valid names are unchanged.
func FuzzNames(f *testing.F) {
	f.Add("\xff", "\xfe", "\ufffd", "\ufffd (2)")
	f.Add("a", "b\xc3", "b\xc4", "b\ufffd")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		m := map[string]any{a: 1, b: 2, c: 3, d: 4}
		typed := map[named][]int{named(a): {1}, named(b): {2}, named(c): {3}, named(d): {4}}
		mixed := map[any]any{a: 1, b: 2, c: 3, d: 4, named(a): 5, 7: 6}
		for _, v := range []any{m, typed, mixed} {
			got := decoded(t, jsonenc.Append(nil, v)).(map[string]any)
			if len(got) != reflect.ValueOf(v).Len() {
				t.Errorf("%q became %v", v, got)
			}
		}
		got := decoded(t, jsonenc.Append(nil, m)).(map[string]any)
		for name, v := range m {
			if string([]rune(name)) == name && got[name] != num(v.(int)) {
				t.Errorf("%q: %q became %v", m, name, got)
			}
		}
	})
}
