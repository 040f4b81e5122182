package genai_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// FuzzAttributes: whatever a span says, it is read without harm, the same way each time, and into what has a JSON form.
func FuzzAttributes(f *testing.F) {
	files, _ := filepath.Glob("testdata/dialects/*.json")
	for _, file := range files {
		spans, _ := readOTLP(f, file)
		for _, s := range spans {
			for i, a := range s.Attributes {
				other := s.Attributes[(i+1)%len(s.Attributes)]
				f.Add(s.Scope.Name, s.Name, a.Key, fmt.Sprint(a.Value), other.Key, fmt.Sprint(other.Value))
			}
		}
	}
	f.Fuzz(func(t *testing.T, scope, name, key, value, otherKey, otherValue string) {
		attributes := []genai.Attribute{{Key: key, Value: value}, {Key: otherKey, Value: unspelled(otherValue)}}
		s := &genai.Span{Name: name, Scope: genai.Scope{Name: scope}, Attributes: attributes, Events: []genai.SpanEvent{{Name: otherValue, Attributes: attributes}}}
		first, err := json.Marshal(genai.Look(s))
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(genai.Look(s)); !bytes.Equal(first, again) {
			t.Fatalf("read once as %s\nand once as %s", first, again)
		}
	})
}

// unspelled gives the value that a text spells in JSON, as attributes with structure have it.
func unspelled(text string) any {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return text
	}
	return v
}
