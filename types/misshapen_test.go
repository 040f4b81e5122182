package types_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// TestMisshapenMessages are read as the nearest there is, and do not change when they are written and read again.
func TestMisshapenMessages(t *testing.T) {
	text := func(s string) []types.Part { return []types.Part{{Type: types.PartText, Content: s}} }
	for data, want := range map[string]types.Message{
		`1`:                             {Parts: text("1")},
		`"hi"`:                          {Parts: text("hi")},
		`["a",{"b":1}]`:                 {Parts: text(`["a",{"b":1}]`)},
		`null`:                          {},
		`""`:                            {},
		`{"role":"user","content":7}`:   {Role: "user", Parts: text("7")},
		`{"role":5,"content":"hi"}`:     {Role: "5", Parts: text("hi")},
		`{"role":"user","parts":"hi"}`:  {Role: "user", Parts: text("hi")},
		`{"parts":["hi",2,null]}`:       {Parts: append(append(text("hi"), text("2")...), types.Part{})},
		`{"content":["hi"]}`:            {Parts: text("hi")},
		`{"parts":7,"content":"never"}`: {Parts: text("7")},
		`{"parts":[{"type":"text","content":{"a":1}},{"type":"text","content":"b"}]}`: {Parts: append([]types.Part{
			{Type: "text", Content: `{"a":1}`, Raw: json.RawMessage(`{"type":"text","content":{"a":1}}`)},
		}, text("b")...)},
		`{"parts":[{"type":3}]}`:                        {Parts: []types.Part{{Type: "3", Raw: json.RawMessage(`{"type":3}`)}}},
		`{"name":[],"finish_reason":{},"content":"hi"}`: {Name: "[]", FinishReason: "{}", Parts: text("hi")},
	} {
		event := `{"type":"llm_call","messages":[{"role":"user","content":"before"},` + data + `]}`
		e, _, ok := checkStable[types.Event](t, []byte(event))
		if !ok || len(e.LLMCall.Messages) != 2 || e.LLMCall.Messages[0].Role != "user" {
			t.Errorf("%s: %+v", data, e.LLMCall)
			continue
		}
		if got := e.LLMCall.Messages[1]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", data, got, want)
		}
	}
}

// TestMessagesAloneAreStrict: who reads messages that are not in an event wants to know whether they are of the schema.
func TestMessagesAloneAreStrict(t *testing.T) {
	for _, data := range []string{`[1]`, `[{"content":7}]`, `[{"parts":["hi"]}]`, `[{"parts":[{"type":"text","content":{}}]}]`} {
		var messages []types.Message
		if err := json.Unmarshal([]byte(data), &messages); err == nil {
			t.Errorf("%s was read as %+v", data, messages)
		}
	}
}
