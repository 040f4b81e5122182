package genai_test

import (
	"encoding/json"
	"testing"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
)

// Providers have the names of the conventions, whatever they are called in a span, and are told from the model where a span does not say.
func TestProviders(t *testing.T) {
	for named, want := range map[string]string{
		"openai.responses": "openai", "azure.responses": "azure.ai.openai", "azure-openai.chat": "azure.ai.openai", "az.ai.openai": "azure.ai.openai",
		"azure.ai.inference": "azure.ai.inference", "az.ai.inference": "azure.ai.inference", "aws.bedrock": "aws.bedrock", "amazon-bedrock": "aws.bedrock",
		"google.generative-ai": "gcp.gemini", "google.vertex.chat": "gcp.vertex_ai", "vertex.anthropic.messages": "gcp.vertex_ai", "gcp.vertex_ai": "gcp.vertex_ai",
		"xai.chat": "x_ai", "ibm.watsonx.ai": "ibm.watsonx.ai",
	} {
		call := genai.Read(callOf("shop", genai.Attribute{Key: "gen_ai.operation.name", Value: "chat"}, genai.Attribute{Key: "gen_ai.provider.name", Value: named}))
		if call.Provider != want {
			t.Errorf("%s is %q, want %q", named, call.Provider, want)
		}
	}
	for model, want := range map[string]string{
		"gpt-4o": "openai", "text-embedding-3-small": "openai", "text-embedding-004": "gcp.gemini", "eu.anthropic.claude-sonnet-4": "aws.bedrock", "mistral/mistral-small": "mistral_ai",
	} {
		call := genai.Read(callOf("shop", genai.Attribute{Key: "gen_ai.operation.name", Value: "chat"}, genai.Attribute{Key: "gen_ai.request.model", Value: model},
			genai.Attribute{Key: "gen_ai.system", Value: "spring_ai"}))
		if call.Provider != want {
			t.Errorf("%s is of %q, want %q", model, call.Provider, want)
		}
	}
}

// The AI SDK's counts of Anthropic's models leave cached tokens out before version 6, also in somebody else's cloud.
func TestCachedTokensOfAnthropicAtGoogle(t *testing.T) {
	call := genai.Read(written("ai", "ai.generateText.doGenerate", "ai.operationId", "ai.generateText.doGenerate", "ai.model.provider", "vertex.anthropic.messages",
		"ai.usage.inputTokens", int64(78), "ai.usage.cachedInputTokens", int64(64), "ai.usage.outputTokens", int64(5)))
	if want := (genai.Usage{Input: 142, Output: 5, Total: 147, CacheRead: 64}); call.Usage != want {
		t.Errorf("usage %+v, want %+v", call.Usage, want)
	}
}

// Two names of one parameter give the same every time.
func TestParametersUnderTwoNames(t *testing.T) {
	for range 50 {
		call := genai.Read(written("openinference.x", "c", "openinference.span.kind", "LLM", "llm.invocation_parameters", `{"max_tokens":1,"max_completion_tokens":2,"maxTokens":3}`))
		if got := string(call.Parameters["max_tokens"].(json.RawMessage)); got != "3" {
			t.Fatalf("max_tokens = %s", got)
		}
	}
}
