package wire_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// odd are replies of which nothing may depend on whether a value comes in one piece: its depth, what is left out of it, how it is written.
var odd = map[string]struct{ at, contentType, body string }{
	"deep":             {chat, "application/json", `{"choices":[{"message":{"content":[{"type":"x","in":` + strings.Repeat(`[`, 250) + strings.Repeat(`]`, 250) + `}]}}]}`},
	"long":             {chat, "text/event-stream", `data: {"choices":[{"delta":{"content":"` + strings.Repeat("天", 4000) + `"},"finish_reason":"stop"}]}` + "\n\ndata: [DONE]\n\n"},
	"spaces":           {ollama, "application/x-ndjson", `{"message" : { "tool_calls" : [ {"function": {"name": "f", "arguments": {"a" : [1 , "b c", "\" : "]}}}]} , "done" : true}`},
	"many spaces":      {ollama, "application/x-ndjson", `{"message":{"tool_calls":[{"function":{"name":"f","arguments":{"a":1` + strings.Repeat(" ", 900) + `}}}]},"done":true}`},
	"a line in a text": {chat, "text/event-stream", "data: {\"choices\":[{\"delta\":{\"content\":\"a\ndata: b\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"c\"}}]}\n\n"},
	"a line of lines":  {ollama, "application/x-ndjson", "{\"message\":\n{\"content\":\"a\"}}\n{\"message\":{\"content\":\"b\"},\"done\":true}\n"},
	"names twice":      {chat, "application/json", `{"id":"a","id":"b","\u0069d":"c","choices":[],"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}`},
	"no JSON":          {chat, "text/event-stream", "data: {\"id\":\"a\" \"b\"}\n\ndata: {\"id\":\"c\",}\n\ndata: {\"id\":\"d\"}]}\n\ndata: {\"id\":tr ue}\n\ndata: {\"choices\":[{\"text\":\"e\"}]}\n\n"},
	"codes":            {chat, "application/json", `{"error":{"message":"m","code":[ 1 , {"a": 2} ]}}`},
	"details":          {chat, "text/event-stream", "event: error\ndata: {\"detail\": [ 1 , {\"a\": \"b c\"} ]}\n\n"},
	"garbage":          {chat, "application/json", "{\"model\":\"a\"} and {\"model\":\"b\"}\n{\"id\":\"c\"}"},
	"half a mark":      {chat, "", "\uFEFF \n\uFEFF{}"},
}

// A value is read at once if it is all there, and from a copy otherwise: with the same result.
func TestInOnePieceOrMany(t *testing.T) {
	for name, o := range odd {
		for _, status := range []int{200, 400} {
			for _, most := range []int{0, 20, 200, 1000, limit} {
				body := []byte(o.body)
				whole, errWhole := answered(t, find(t, o.at), status, o.contentType, most, body)
				single, errSingle := answered(t, find(t, o.at), status, o.contentType, most, single(body)...)
				if !reflect.DeepEqual(whole, single) || fmt.Sprint(errWhole) != fmt.Sprint(errSingle) {
					t.Errorf("%s, %d, %d: got\n%+v, %v, and in many pieces\n%+v, %v", name, status, most, whole, errWhole, single, errSingle)
				}
			}
		}
	}
}

// A text that a line ends in is no JSON, though it goes on in the next.
func TestLineInText(t *testing.T) {
	call, err := answered(t, find(t, chat), 200, "text/event-stream", limit, []byte("data: {\"choices\":[{\"text\":\"a\ndata: b\"}]}\n\ndata: {\"choices\":[{\"text\":\"c\"}]}\n\ndata: [DONE]\n\n"))
	if err != nil || len(call.OutputMessages) != 1 || call.OutputMessages[0].Parts[0].Content != "c" || call.Metadata["unreadable_pieces"] != 1 {
		t.Errorf("%v, %+v", err, call)
	}
}

// The pieces of many calls that come by turns find each its own.
func TestCallsByTurns(t *testing.T) {
	a := find(t, chat).Answer(200, "text/event-stream", limit)
	const calls = 40
	for _, half := range []string{`{\"n\":`, `%d}`} {
		for i := range calls {
			text := half
			if strings.Contains(half, "%") {
				text = fmt.Sprintf(half, i)
			}
			fmt.Fprintf(a, `data: {"choices":[{"delta":{"tool_calls":[{"index":%d,"function":{"name":"f","arguments":"%s"}}]}}]}`+"\n\n", i, text)
		}
	}
	var call types.LLMCall
	_ = a.Finish(&call)
	parts := call.OutputMessages[0].Parts
	if len(parts) != calls {
		t.Fatalf("%d calls", len(parts))
	}
	for i, p := range parts {
		if got := fmt.Sprint(p.Arguments); got != fmt.Sprintf("map[n:%d]", i) {
			t.Errorf("call %d has %s", i, got)
		}
	}
}

// Counts are whole numbers, however they are written; what is none counts nothing.
func TestCounts(t *testing.T) {
	for text, want := range map[string]int{
		"0": 0, "7": 7, "123456789": 123456789, "2000000001": 2000000001, "12.0": 12, "1e3": 1000, "-5": 0, `"7"`: 0, "null": 0, "true": 0, "[1]": 0, "99999999999999999999": 0, "18446744073709551623": 0, "1e400": 0,
	} {
		call, _ := answered(t, find(t, chat), 200, "application/json", limit, []byte(`{"usage":{"prompt_tokens":`+text+`}}`))
		if call.Usage.PromptTokens != want {
			t.Errorf("%s: %d", text, call.Usage.PromptTokens)
		}
	}
}
