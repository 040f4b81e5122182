package sentrialtest

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// Any stands in a wanted value for anything: whatever is recorded in its place is right.
//
//	rec.WantToolInputs("search", map[string]any{"query": "oslo", "request_id": sentrialtest.Any})
var Any any = anything{}

type anything struct{}

const anythingJSON = `{"$sentrialtest":"any"}`

// MarshalJSON lets Any stand inside of structs and maps.
func (anything) MarshalJSON() ([]byte, error) { return []byte(anythingJSON), nil }

// jsonText is a value in one line. Values come from JSON, so they have a form.
func jsonText(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), anythingJSON, "(any)")
}

// asJSON is what reading the value's JSON gives: maps, slices, strings, json.Numbers, booleans and nil.
func asJSON(v any) (value any, err error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&value)
	return value, err
}

// equalJSON compares values as asJSON gives them.
func equalJSON(got, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		if isAnything(want) {
			return true
		}
		got, ok := got.(map[string]any)
		return ok && maps.EqualFunc(got, want, equalJSON)
	case []any:
		got, ok := got.([]any)
		return ok && slices.EqualFunc(got, want, equalJSON)
	case json.Number:
		got, ok := got.(json.Number)
		return ok && equalNumbers(got.String(), want.String())
	}
	return got == want
}

func isAnything(v map[string]any) bool { return len(v) == 1 && v["$sentrialtest"] == "any" }

// equalNumbers compares integers of any size exactly, and other numbers as programs hold them: 1, 1.0 and 1e0 are one.
func equalNumbers(a, b string) bool {
	x, whole := new(big.Int).SetString(a, 10)
	y, too := new(big.Int).SetString(b, 10)
	if whole && too {
		return x.Cmp(y) == 0
	}
	f, err := json.Number(a).Float64()
	g, err2 := json.Number(b).Float64()
	return err == nil && err2 == nil && f == g
}
