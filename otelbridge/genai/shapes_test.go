package genai_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// What the spans of each dialect are found to be does not depend on whether an object comes as JSON or as itself.
func TestDialectsOfOtherShapes(t *testing.T) {
	files, _ := filepath.Glob("testdata/dialects/*.json")
	for _, file := range files {
		spans, logs := readOTLP(t, file)
		for i, s := range spans {
			s := spelledOut(s)
			want, got := essence(t, genai.Look(spans[i], logsOf(s, logs)...)), essence(t, genai.Look(s, logsOf(s, logs)...))
			if !bytes.Equal(got, want) {
				t.Errorf("%s, %s:\n got %s\nwant %s", file, s.Name, got, want)
			}
		}
	}
}

// essence leaves out what is kept as it came.
func essence(t *testing.T, seen genai.Seen) []byte {
	t.Helper()
	seen.Metadata, seen.Attributes = nil, nil
	raw, err := json.Marshal(readable(t, seen))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// spelledOut gives a span whose attributes, and those of its events, are objects and lists where they were JSON.
func spelledOut(s *genai.Span) *genai.Span {
	c := *s
	c.Attributes = spelledAttributes(s.Attributes)
	c.Events = slices.Clone(s.Events)
	for i := range c.Events {
		c.Events[i].Attributes = spelledAttributes(c.Events[i].Attributes)
	}
	return &c
}

func spelledAttributes(list []genai.Attribute) []genai.Attribute {
	list = slices.Clone(list)
	for i, a := range list {
		if text, ok := a.Value.(string); ok && (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) {
			list[i].Value = unspelled(text)
		}
	}
	return list
}
