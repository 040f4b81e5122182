package genai_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// What opens doors is nowhere in what is made of a span, and what somebody said is in none of what is kept when content is withheld.
func TestSecretsAndContentAmongFacts(t *testing.T) {
	const key, said = "sk-canary", "what was said"
	for _, s := range []*genai.Span{
		written("openinference.instrumentation.openai", "ChatCompletion", "openinference.span.kind", "LLM", "llm.model_name", "m",
			"llm.invocation_parameters", `{"temperature":0.5,"extra_headers":{"Authorization":"`+key+`"},"api_key":"`+key+`","prediction":{"content":"`+said+`"},"documents":["`+said+`"]}`,
			"metadata", `{"OPENAI_API_KEY":"`+key+`","shop":"Porto"}`, "http.request.header.authorization", []string{key}),
		written("@traceloop/instrumentation-openai", "openai.chat", "llm.request.type", "chat", "llm.request.extra_headers", `{"x":"`+key+`"}`, "traceloop.association.properties.apiKey", key),
		written("ai", "ai.generateText.doGenerate", "ai.operationId", "ai.generateText.doGenerate", "ai.request.headers.authorization", key, "ai.settings.password", key),
		written("mcp", "prompts/get menu", "mcp.method.name", "prompts/get", "mcp.prompt.result.message_content", said, "mcp.logging.message", said, "mcp.prompt.arguments", said),
	} {
		seen := genai.Look(s)
		whole, err := json.Marshal(seen)
		if err != nil || strings.Contains(string(whole), key) {
			t.Errorf("%s: %s, %v", s.Name, whole, err)
		}
		kept := []any{seen.Metadata}
		if seen.LLMCall != nil {
			kept = append(kept, seen.LLMCall.Parameters)
		}
		if facts, _ := json.Marshal(kept); strings.Contains(string(facts), said) {
			t.Errorf("%s keeps %s", s.Name, facts)
		}
	}
}

func written(scope, name string, attributes ...any) *genai.Span {
	s := callOf(scope)
	s.Name = name
	for i := 0; i < len(attributes); i += 2 {
		s.Attributes = append(s.Attributes, genai.Attribute{Key: attributes[i].(string), Value: attributes[i+1]})
	}
	return s
}
