package jsonenc_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// brackets nests n levels of the unit, lists or objects, around a leaf.
func brackets(n int, open, leaf, end string) string {
	return strings.Repeat(open, n) + leaf + strings.Repeat(end, n)
}

// Of foreign JSON only the parts are lost that are too deep.
func TestDeepPartsOfForeignJSON(t *testing.T) {
	const most = jsonenc.MaxDepth
	deep := marker("too deep", "json.RawMessage")
	for name, c := range map[string]struct {
		src  string
		want func(any) any // what the deepest place holds, around which most-1 lists are
	}{
		"a list":               {`[1]`, func(any) any { return deep }},
		"an empty list":        {`[]`, func(any) any { return deep }},
		"an object":            {`{"a":1}`, func(any) any { return deep }},
		"scalars stay":         {`1.50`, func(v any) any { return v }},
		"a million levels":     {brackets(1_000_000, "[", "", "]"), func(any) any { return deep }},
		"a million objects":    {brackets(1_000_000, `{ "a" : `, "null", " } "), func(any) any { return deep }},
		"a marker":             {`{"$omitted":"NaN","type":"float64"}`, func(any) any { return marker("NaN", "float64") }},
		"a false marker":       {`{"$omitted":"NaN","type":[]}`, func(any) any { return deep }},
		"a marker with spaces": {`{"$omitted": "NaN" }`, func(any) any { return map[string]any{"$omitted": "NaN"} }},
	} {
		src := brackets(most-1, "[", `["before",`+c.src+`,"after"]`, "]")
		want := nested(most-1, []any{"before", nil, "after"})
		leaf := want
		for range most - 1 {
			leaf = leaf.([]any)[0]
		}
		var v any
		if name == "scalars stay" {
			v = json.Number(c.src)
		}
		leaf.([]any)[1] = c.want(v)
		if got := decoded(t, jsonenc.Append(nil, json.RawMessage(src))); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %.400v", name, got)
		}
	}
}

// What is too deep is checked all the same: a marker in the middle of what is no JSON would be a lie.
func TestDeepForeignJSONMustBeJSON(t *testing.T) {
	const most = jsonenc.MaxDepth
	for _, leaf := range []string{
		`[`, `[1`, `[1,`, `[1,]`, `[1 2]`, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{1:1}`, `{"a" 1}`, `[}`, `{]`, `{"a":[}}`, `[[]`, `[nope]`, `["\x"]`,
		`[{"a":[1,{"b":2}],"c":}]`,
	} {
		src := json.RawMessage(brackets(most, "[", leaf, "]"))
		got := decoded(t, jsonenc.Append(nil, src))
		if m, _ := got.(map[string]any); m == nil || !strings.HasPrefix(m["$omitted"].(string), "invalid JSON: ") {
			t.Errorf("%s: got %.300v", leaf, got)
		}
	}
}

// Very many deep parts would be outgrown by their markers, so the whole becomes one.
func TestVeryManyDeepParts(t *testing.T) {
	for _, c := range []struct {
		n     int
		whole bool
	}{{1000, false}, {1024, false}, {1025, true}, {1_000_000, true}} {
		src := brackets(jsonenc.MaxDepth, "[", strings.TrimSuffix(strings.Repeat("[],", c.n), ","), "]")
		got := jsonenc.Append(nil, json.RawMessage(src))
		decoded(t, got)
		if whole := string(got) == `{"$omitted":"too deep","type":"json.RawMessage"}`; whole != c.whole {
			t.Errorf("%d parts: became one marker: %t", c.n, whole)
		}
	}
}

// What this package wrote it writes again as it is: so the input of a span keeps what a deep value had kept.
func TestWrittenAgain(t *testing.T) {
	for _, v := range []any{nested(200, 1), []any{nested(54, []int{1}), nested(55, map[string]any{"a": []any{}}), "x"}, json.RawMessage(brackets(100, `{"a":[1,`, "[]", "]}"))} {
		once := jsonenc.Append(nil, v)
		if twice := jsonenc.Append(nil, json.RawMessage(once)); string(twice) != string(once) {
			t.Errorf("got  %s\nthen %s", once, twice)
		}
	}
}

// FuzzDeepRaw holds the reading without recursion against the one with it.
func FuzzDeepRaw(f *testing.F) {
	for _, s := range rawSeeds {
		f.Add([]byte(s))
	}
	f.Add([]byte(`[{"a":[{}, [1, {"b": [[], {}, "\u00e9"]}]]}, {"$omitted":"x"}, [ ]]`))
	f.Fuzz(func(t *testing.T, src []byte) {
		deep := append([]byte(strings.Repeat("[", jsonenc.MaxDepth)), src...)
		deep = append(deep, strings.Repeat("]", jsonenc.MaxDepth)...)
		got := jsonenc.Append(nil, json.RawMessage(deep))
		decoded(t, got)
		lost := strings.HasPrefix(string(got), `{"$omitted":"invalid JSON`)
		if valid := jsonenc.Valid(deep, 1_000_000); valid == lost {
			t.Fatalf("%q: JSON is %t, and it became %.300s", src, valid, got)
		}
		if d := depthOf(got); d > jsonenc.MaxDepth+1 {
			t.Fatalf("%q: %d levels came of it", src, d)
		}
		if twice := jsonenc.Append(nil, json.RawMessage(got)); string(twice) != string(got) {
			t.Fatalf("%q: %s\nthen %s", src, got, twice)
		}
	})
}
