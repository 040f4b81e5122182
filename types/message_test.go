package types_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

func TestMessageRead(t *testing.T) {
	text := []types.Part{{Type: types.PartText, Content: "hi"}}
	tests := []struct {
		name, data string
		want       types.Message
	}{
		{
			"schema", `{"role":"user","name":"ann","parts":[{"type":"text","content":"hi"}],"finish_reason":"stop"}`,
			types.Message{Role: "user", Name: "ann", Parts: text, FinishReason: "stop"},
		},
		{"content text", `{"role":"user","content":"hi"}`, types.Message{Role: "user", Parts: text}},
		{"content array", `{"role":"user","content":[{"type":"text","content":"hi"}]}`, types.Message{Role: "user", Parts: text}},
		{"content null", `{"role":"assistant","content":null}`, types.Message{Role: "assistant"}},
		{"content empty", `{"role":"assistant","content":""}`, types.Message{Role: "assistant"}},
		{"parts win", `{"content":"no","parts":[{"type":"text","content":"hi"}]}`, types.Message{Parts: text}},
		{"unknown field", `{"role":"user","x":1}`, types.Message{Role: "user"}},
		{"null", `null`, types.Message{}},
		{"empty", `{}`, types.Message{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := unmarshal[types.Message](t, tt.data); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("\n got %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestPartReadAndWritten(t *testing.T) {
	tests := []struct {
		name, data string
		want       types.Part
		written    string // "" = as read
	}{
		{"text", `{"type":"text","content":"hi"}`, types.Part{Type: "text", Content: "hi"}, ""},
		{"reasoning", `{"type":"reasoning","content":"so"}`, types.Part{Type: "reasoning", Content: "so"}, ""},
		{
			"tool call", `{"type":"tool_call","id":"c1","name":"f","arguments":{"n":9007199254740993}}`,
			types.Part{Type: "tool_call", ID: "c1", Name: "f", Arguments: map[string]any{"n": json.Number("9007199254740993")}},
			"",
		},
		{"arguments as a text", `{"type":"tool_call","name":"f","arguments":"{}"}`, types.Part{Type: "tool_call", Name: "f", Arguments: "{}"}, ""},
		{
			"response", `{"type":"tool_call_response","id":"c1","response":["ok"]}`,
			types.Part{Type: "tool_call_response", ID: "c1", Response: []any{"ok"}},
			"",
		},
		{
			"result", `{"type":"tool_call_response","id":"c1","result":"ok"}`,
			types.Part{Type: "tool_call_response", ID: "c1", Response: "ok"},
			`{"type":"tool_call_response","id":"c1","response":"ok"}`,
		},
		{
			"content", `{"type":"tool_call_response","content":{"a":1}}`,
			types.Part{Type: "tool_call_response", Response: map[string]any{"a": 1.0}},
			`{"type":"tool_call_response","response":{"a":1}}`,
		},
		{
			"null response, then result", `{"type":"tool_call_response","response":null,"result":false}`,
			types.Part{Type: "tool_call_response", Response: false},
			`{"type":"tool_call_response","response":false}`,
		},
		{
			"unknown type", `{"type":"uri","modality":"image","uri":"gs://b/o"}`,
			types.Part{Type: "uri", Raw: json.RawMessage(`{"type":"uri","modality":"image","uri":"gs://b/o"}`)},
			"",
		},
		{"unknown type alone", `{"type":"uri"}`, types.Part{Type: "uri", Raw: json.RawMessage(`{"type":"uri"}`)}, ""},
		{
			"response before result", `{"type":"tool_call_response","response":1,"result":2}`,
			types.Part{Type: "tool_call_response", Response: 1.0, Raw: json.RawMessage(`{"type":"tool_call_response","response":1,"result":2}`)},
			"",
		},
		{"no type", `{"content":"hi"}`, types.Part{Raw: json.RawMessage(`{"content":"hi"}`)}, ""},
		{
			"unknown field", `{"type":"text","content":"hi","cache":true}`,
			types.Part{Type: "text", Content: "hi", Raw: json.RawMessage(`{"type":"text","content":"hi","cache":true}`)},
			"",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := unmarshal[types.Part](t, tt.data)
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("\n got %+v\nwant %+v", got, tt.want)
			}
			want := tt.written
			if want == "" {
				want = tt.data
			}
			if written := marshal(t, got); written != want {
				t.Errorf("written %s, want %s", written, want)
			}
		})
	}
}

func TestRawPartWins(t *testing.T) {
	part := types.Part{Type: "text", Content: "a", Raw: json.RawMessage(`{"type":"text","content":"b"}`)}
	if got, want := marshal(t, part), `{"type":"text","content":"b"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRawPartIsACopy(t *testing.T) {
	data := []byte(`{"type":"uri","uri":"a"}`)
	var part types.Part
	if err := part.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	clear(data)
	if got, want := marshal(t, part), `{"type":"uri","uri":"a"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
