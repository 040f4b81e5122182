package genai_test

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// What is nested deeper than anybody means it to be is kept as a text, and takes no longer for it.
func TestDeep(t *testing.T) {
	deep := strings.Repeat(`{"messages":[`, 4000) + strings.Repeat(`]}`, 4000)
	for _, key := range []string{"gen_ai.input.messages", "gen_ai.prompt", "input.value", "langfuse.observation.input", "ai.prompt"} {
		seen := genai.Look(&genai.Span{Attributes: []genai.Attribute{{Key: "gen_ai.operation.name", Value: "chat"}, {Key: key, Value: deep}}})
		if c := seen.LLMCall; len(c.Messages) != 1 || c.Messages[0].Parts[0].Content != deep {
			t.Errorf("%s became %d messages", key, len(c.Messages))
		}
	}
	flat := "gen_ai.prompt." + strings.Repeat("0.", 5000) + "content"
	seen := genai.Look(&genai.Span{Attributes: []genai.Attribute{{Key: "gen_ai.operation.name", Value: "chat"}, {Key: flat, Value: "hi"}}})
	if len(seen.LLMCall.Messages) != 1 {
		t.Errorf("a name of many numbers became %d messages", len(seen.LLMCall.Messages))
	}
}
