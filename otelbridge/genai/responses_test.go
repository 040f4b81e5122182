package genai_test

import (
	"reflect"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// What a tool answered has three names, see the schema's own history.
func TestNamesOfResponses(t *testing.T) {
	for _, name := range []string{"response", "result", "content"} {
		call := genai.Read(callOf("shop", genai.Attribute{Key: "gen_ai.operation.name", Value: "chat"}, genai.Attribute{
			Key: "gen_ai.input.messages", Value: `[{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","` + name + `":"18 degrees"}]}]`,
		}))
		want := []genai.Message{{Role: "tool", Parts: []genai.Part{{Type: "tool_call_response", ID: "c1", Response: "18 degrees"}}}}
		if !reflect.DeepEqual(call.Messages, want) {
			t.Errorf("as %s: %+v", name, call.Messages)
		}
	}
}

// The Responses API gives a summary of what a model reasoned, among the messages.
func TestSummaryOfReasoning(t *testing.T) {
	call := genai.Read(callOf("shop", genai.Attribute{Key: "gen_ai.operation.name", Value: "chat"}, genai.Attribute{
		Key:   "gen_ai.output.messages",
		Value: `[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"It is far."},{"type":"summary_text","text":"A train, then."}],"encrypted_content":"gAAA"}]`,
	}))
	want := []genai.Message{{Role: "assistant", Parts: []genai.Part{{Type: "reasoning", Content: "It is far.\nA train, then."}}}}
	if !reflect.DeepEqual(call.OutputMessages, want) {
		t.Errorf("%+v", call.OutputMessages)
	}
}

// Google's total has thoughts in it which some instrumentations count nowhere else. Of others the total may have anything more in it.
func TestThoughtsOnlyInTheTotal(t *testing.T) {
	for provider, want := range map[string]genai.Usage{"gcp.gemini": {Input: 10, Output: 20, Total: 30}, "openai": {Input: 10, Output: 5, Total: 30}} {
		call := genai.Read(callOf("shop", genai.Attribute{Key: "gen_ai.operation.name", Value: "chat"}, genai.Attribute{Key: "gen_ai.provider.name", Value: provider},
			genai.Attribute{Key: "gen_ai.usage.input_tokens", Value: int64(10)}, genai.Attribute{Key: "gen_ai.usage.output_tokens", Value: int64(5)},
			genai.Attribute{Key: "gen_ai.usage.total_tokens", Value: int64(30)}))
		if call.Usage != want {
			t.Errorf("%s: %+v", provider, call.Usage)
		}
	}
}
