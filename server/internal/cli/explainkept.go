package cli

import (
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// keptIn is where an attribute is in an event that is in none of the fields: metadata, attributes or parameters.
type keptIn struct {
	Key string `json:"key"`
	In  string `json:"in"`
}

// leftovers are the attributes of a span that no field came from: those that an event has all the same, and those that nothing was made of.
func (x *explainedSpan) leftovers() (kept []keptIn, unread []string) {
	kept, unread = []keptIn{}, []string{}
	for _, a := range x.Attributes {
		switch place := x.placeOf(a.Key); {
		case x.reads(a.Key):
		case place != "":
			kept = append(kept, keptIn{a.Key, place})
		default:
			unread = append(unread, a.Key)
		}
	}
	return kept, unread
}

// placeOf is where the span's events have an attribute as it came, "" = nowhere.
func (x *explainedSpan) placeOf(key string) string {
	for i := range x.became {
		e := &x.became[i]
		switch {
		case has(e.Metadata, key):
			return "metadata"
		case has(e.Attributes, key):
			return "attributes"
		case e.LLMCall != nil && has(e.LLMCall.Parameters, key[strings.LastIndexByte(key, '.')+1:]):
			return "parameters"
		}
	}
	return ""
}

func has(m map[string]any, key string) bool {
	_, ok := m[key]
	return ok
}

// reads reports whether a field, the rule or the session came from the attribute. A field may name the beginning of many.
func (x *explainedSpan) reads(key string) bool {
	if key == x.why.From || x.why.Rule == key || strings.HasPrefix(x.why.Rule, key+" ") {
		return true
	}
	return slices.ContainsFunc(x.why.Fields, func(f genai.FieldSource) bool {
		return key == f.Key || f.Key != "" && strings.HasPrefix(key, f.Key+".")
	})
}

func keptText(list []keptIn) string {
	words := make([]string, len(list))
	for i, k := range list {
		words[i] = k.Key + " (" + k.In + ")"
	}
	return strings.Join(words, ", ")
}
