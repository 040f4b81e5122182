package genai_test

import (
	"reflect"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// conversations are messages of the schema, and what is nearly that.
var conversations = []string{
	`[{"role":"user","parts":[{"type":"text","content":"hi"}]}]`,
	` [ { "role" : "user" , "parts" : [ { "content" : "a\n\"b\" \/ \\ é" , "type" : "text" } ] } ] `,
	`[{"role":"user","parts":[{"type":"text","content":"a\tb"}]},{"role":"assistant","name":"n","finish_reason":"end_turn","parts":[{"type":"reasoning","content":""}]}]`,
	`[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"look","arguments":{"city":"Lis]bon","n":[1,{"a":null}]}}],"finish_reason":"tool_calls"}]`,
	`[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"{\"a\":1}"},{"type":"tool_call_response","response":[1,2]}]}]`,
	`[{"role":"user","parts":[]}]`, `[]`, `[{}]`, `[{"role":"user"}]`, `[{"role":"user","parts":null}]`, `[{"role":null,"parts":[]}]`,
	`[{"role":"user","role":"x","parts":[]}]`, `[{"role":"user","parts":[{"type":"text","content":"\u00e9"}]}]`, `[{"role":"user","parts":[{"type":"text","content":"\x"}]}]`,
	`[{"role":"user","parts":[{"type":"image","content":"x"}]}]`, `[{"role":"user","content":"hi"}]`, `[{"role":"user","parts":[{"type":"text","content":"hi"}]}`,
	`[{"role":"user","parts":[{"type":"text","content":"hi"}]}]]`, `[{"role":"user","parts":[{"type":"text","content":"hi"}]},]`, "[{\"role\":\"a\nb\",\"parts\":[]}]",
	`[{"role":"a","parts":[{"type":"tool_call","arguments":{"a":}}]}]`, `[{"role":"a","parts":[{"type":"tool_call","arguments":7}]}]`, `[{"role":"a","parts":[{"type":"tool_call","arguments":]}]}]`,
	`[{"Role":"user","parts":[{"type":"text","content":"hi"}]}]`, "[{\"role\":\"\xff\",\"parts\":[]}]",
}

// TestQuickWay: what is plainly of the schema goes the quick way.
func TestQuickWay(t *testing.T) {
	for _, text := range conversations[:5] {
		if _, ok := genai.Quick(text); ok != (text[0] == '[') {
			t.Errorf("%s: quick is %v", text, ok)
		}
	}
}

// FuzzQuick: what the quick way takes, it reads as the other one does.
func FuzzQuick(f *testing.F) {
	for _, text := range conversations {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := genai.Quick(text)
		if !ok {
			return
		}
		want, ok := genai.Schema(text)
		if !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\nquick %#v\nelse  %#v (%v)", text, got, want, ok)
		}
	})
}
