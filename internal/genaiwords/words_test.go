package genaiwords_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/internal/genaiwords"
)

func TestWords(t *testing.T) {
	for name, words := range map[string]struct {
		of    func(string) string
		pairs map[string]string
	}{
		"FinishReason":   {genaiwords.FinishReason, map[string]string{"tool_calls": "tool_call", "END_TURN": "stop", "max_output_tokens": "length", "content_filter": "content_filter", "Paused": "Paused", "": ""}},
		"ParameterName":  {genaiwords.ParameterName, map[string]string{"max_completion_tokens": "max_tokens", "n": "choice.count", "messages": "", "api_key": "", "extra_headers": "", "seed": "seed"}},
		"ProviderOfHost": {genaiwords.ProviderOfHost, map[string]string{"API.openai.com": "openai", "shop.openai.azure.com": "azure.ai.openai", "bedrock-runtime.eu-west-1.amazonaws.com": "aws.bedrock", "localhost": ""}},
	} {
		for of, want := range words.pairs {
			if got := words.of(of); got != want {
				t.Errorf("%s(%q) is %q, want %q", name, of, got, want)
			}
		}
	}
}

func TestSecret(t *testing.T) {
	if !genaiwords.Secret("X-API-Key") || genaiwords.Secret("max_tokens") {
		t.Error("keys are not told from parameters")
	}
}
