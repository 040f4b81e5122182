package cli

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/otelbridge/translate"
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

// reads reports whether a field, the rule or the session came from the attribute.
func (x *explainedSpan) reads(key string) bool {
	if key == x.why.From || x.why.Rule == key || strings.HasPrefix(x.why.Rule, key+" ") {
		return true
	}
	return slices.ContainsFunc(x.why.Fields, func(f genai.FieldSource) bool { return isFrom(f.Key, key) })
}

// isFrom reports whether the words about where a field came from name an attribute: itself, or what it and others like it begin with.
func isFrom(words, key string) bool {
	for word := range strings.FieldsSeq(words) {
		word = strings.TrimSuffix(strings.TrimSuffix(word, ","), ".*")
		if rest, ok := strings.CutPrefix(key, word); ok && word != "" && (rest == "" || rest[0] == '.') {
			return true
		}
	}
	return false
}

func keptText(list []keptIn) string {
	words := make([]string, len(list))
	for i, k := range list {
		words[i] = k.Key + " (" + k.In + ")"
	}
	return strings.Join(words, ", ")
}

// valueOf is what a field was made of. What comes from many attributes, or from events of the span, is told as the event has it.
func (x *explainedSpan) valueOf(f genai.FieldSource) any {
	if f.Value != nil {
		return f.Value
	}
	for _, e := range x.became {
		var doc map[string]json.RawMessage
		text, err := json.Marshal(translate.Event(e))
		if err != nil || json.Unmarshal(text, &doc) != nil {
			continue
		}
		for _, name := range []string{f.Field, ofSession[f.Field]} {
			if doc[name] != nil {
				return doc[name]
			}
		}
	}
	return nil
}

// ofSession is what a session has in place of a call's messages.
var ofSession = map[string]string{"messages": "input", "output_messages": "output"}
