package wire_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// first are the pieces of each stream by which its first token has come.
var first = map[string]string{
	"openai_chat_tools": "I look it ", "openai_chat_choices": "I'm sorry", "azure_functions": `"name":"weather"`, "deepseek_reasoning": `9.80 "`, "groq_stream": `"Hello"`,
	"mistral_thinking": "Two and ", "openrouter_error": `"Hm"`, "openai_audio": "Hi ", "openai_completions": `" a"`, "responses_tools": `"Two "`, "responses_incomplete": "Let me see.",
	"responses_error": `"Le"`, "anthropic_tools": "The user ", "anthropic_server_tools": "server_tool_use", "anthropic_overloaded": `"Hel"`, "anthropic_vertex": `"Hello"`,
	"azure_parallel": `"Both"`, "moonshot_usage": `"As "`, "gemini_compatible": "function-call-1", "openrouter_choice_error": `"Hm"`, "vllm_reasoning": "Half of ", "responses_items": `"type":"mcp_list_tools"`,
	"responses_unnumbered": `"Hm, "`, "anthropic_thinking": "It says ", "anthropic_compaction": `"type":"compaction","content":null`, "anthropic_fallback": `"So"`, "gemini_numbers": `"C"`, "gemini_reasons": `"He"`,
	"gemini_parts": `"So."`, "gemini_partial_arguments": `"weather"`,
	"gemini_tools": "Let me ", "gemini_safety": "Well", "ollama_chat": `"I "`, "ollama_generate": "Scatter", "ollama_error": `"Hel"`,
}

// The first token is noticed with the piece that has it, neither before nor after, and never in a reply that is no stream.
func TestBegun(t *testing.T) {
	for _, c := range recordedCalls(t) {
		for _, r := range c.replies {
			a := c.wire.Answer(200, r.contentType, limit)
			begun := -1
			for i := range r.body {
				if _, _ = a.Write(r.body[i : i+1]); a.Begun() && begun < 0 {
					begun = i
				}
			}
			_ = a.Finish(&types.LLMCall{})
			text, streams := first[c.name]
			if r.name == "reply.json" || !streams {
				if begun >= 0 || a.Begun() {
					t.Errorf("%s, %s: begun at %d", c.name, r.name, begun)
				}
				continue
			}
			at := bytes.Index(r.body, []byte(text))
			if at < 0 {
				at = bytes.Index(r.body, []byte(strings.ReplaceAll(text, `"`, "")))
			}
			if end := bytes.IndexByte(r.body[at:], '\n'); begun < at || r.name != "array.json" && begun > at+end {
				t.Errorf("%s, %s: begun at %d, want it after %d and before %d", c.name, r.name, begun, at, at+end)
			}
		}
	}
}

// The end of a stream is the provider's own word for it; of others it is the last bracket. Gemini's events have no word for it.
func TestEnded(t *testing.T) {
	broken := []string{"openrouter_error", "responses_error", "anthropic_overloaded"}
	for _, c := range recordedCalls(t) {
		for _, r := range c.replies {
			endless := c.wire.Name() == "gemini.generate_content" && r.name == "reply.sse"
			if want := !slices.Contains(broken, c.name) && !endless; tell(t, c, r, r.body).Ended != want {
				t.Errorf("%s, %s: ended is %t, want %t", c.name, r.name, !want, want)
			}
			body := bytes.TrimRight(r.body, "\r\n ")
			if tell(t, c, r, body[:len(body)-1]).Ended {
				t.Errorf("%s, %s: it ends before its end", c.name, r.name)
			}
		}
	}
}

// A stream without the last word of its protocol is not cut when the model had given its reason to stop: some servers never say more.
func TestReasonWithoutEnd(t *testing.T) {
	a := find(t, chat).Answer(200, "text/event-stream", limit)
	_, _ = a.Write([]byte("data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n"))
	var call types.LLMCall
	if err := a.Finish(&call); err != nil || a.Ended() {
		t.Errorf("%v, ended %t", err, a.Ended())
	}
}

// Who calls knows the model that was asked for, and its own metadata.
func TestFinishKeepsWhatIsKnown(t *testing.T) {
	a := find(t, chat).Answer(200, "application/json", limit)
	_, _ = a.Write([]byte(`{"id":"c-1","model":"m-2","system_fingerprint":"fp","service_tier":"flex","choices":[]}`))
	known := map[string]any{"service_tier": "mine"}
	call := types.LLMCall{Model: "m-1", RequestModel: "m", Metadata: known, OutputMessages: said("before"), Usage: types.Usage{TotalTokens: 3}}
	if err := a.Finish(&call); err != nil {
		t.Error(err)
	}
	if call.Model != "m-2" || call.RequestModel != "m" || call.Metadata["service_tier"] != "mine" || call.Metadata["system_fingerprint"] != "fp" || len(known) != 1 {
		t.Errorf("got %+v, %v", call, known)
	}
	if len(call.OutputMessages) != 1 || call.Usage.TotalTokens != 3 {
		t.Errorf("what the answer does not say was taken away: %+v", call)
	}
}

// Servers that number all calls 0 tell them apart by their ids.
func TestCallsNumberedAlike(t *testing.T) {
	call, err := finished(t, chat, 200, "text/event-stream", `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":"{\"x\":"}}]}}]}

data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":"1}"}}]},"finish_reason":"tool_calls"}]}

data: [DONE]
`)
	want := []types.Part{{Type: "tool_call", ID: "a", Name: "f", Arguments: map[string]any{}}, {Type: "tool_call", ID: "b", Name: "g", Arguments: map[string]any{"x": 1.0}}}
	if err != nil || len(call.OutputMessages) != 1 || !same(types.LLMCall{OutputMessages: []types.Message{{Parts: call.OutputMessages[0].Parts}}}, types.LLMCall{OutputMessages: []types.Message{{Parts: want}}}) {
		t.Errorf("%v, %+v", err, call.OutputMessages)
	}
}
