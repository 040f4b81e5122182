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
