package pricing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/pricing"
)

// TestPlaces asks for models at providers other than the one that the table names.
func TestPlaces(t *testing.T) {
	for _, test := range []struct {
		provider, asked string
		found           bool
	}{
		{"", "gpt-4o", true},
		{"openai", "gpt-4o", true},
		{"litellm", "gpt-4o", true}, // a gateway
		{"some-proxy", "gpt-4o", true},
		{"openrouter", "openai/gpt-4o", true},
		{"openai", "claude-sonnet-4-5", true}, // a server that speaks the wire
		{"openai", "deepseek-chat", true},
		{"azure.ai.openai", "gpt-4o", true},
		{"azure.ai.inference", "claude-sonnet-4-5", false},
		{"aws.bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", true},
		{"aws.bedrock", "gpt-4o", false},
		{"gcp.vertex_ai", "gemini-2.5-pro", true},
		{"gcp.vertex_ai", "mistral-large-2411", false},
		{"gcp.gemini", "publishers/google/models/gemini-2.5-pro", true},
		{"anthropic", "gemini/gemini-2.5-pro", false}, // the two contradict each other
		{"gcp.gemini", "gpt-4o", false},
		{"anthropic", "gpt-4o", false},
		{"groq", "gpt-4o", false},
		{"ollama", "gpt-4o", false},
		{"Ollama", "gpt-4o", false},
		{"llama-cpp", "gpt-4o", false},
		{"Amazon-Bedrock", "gpt-4o", false},
		{"Groq", "llama-3.3-70b-versatile", true},
		// Models that anyone may serve.
		{"groq", "openai/gpt-oss-20b", true},
		{"", "openai/gpt-oss-20b", true},
		{"openai", "openai/gpt-oss-20b", false}, // vllm serves it under that name
		{"openrouter", "openai/gpt-oss-20b", false},
		{"openai", "groq/openai/gpt-oss-20b", true}, // a gateway that says who serves it
		{"", "groq/openai/gpt-oss-20b", true},
		{"", "openrouter/openai/gpt-oss-20b", false},
		{"ollama", "mistral-small", false},
		{"openai", "mistral-small", false},
		{"mistral_ai", "mistral-small", true},
		{"openai", "llama-3.3-70b-versatile", false},
		{"together_ai", "deepseek-r1", false},
		{"deepseek", "deepseek-r1", true},
		{"", "google/gemma-3-27b-it", false}, // free at Google alone
		{"gcp.gemini", "gemma-3-27b-it", true},
		{"", "meta-llama/llama-guard-4-12b", true},
	} {
		if m, ok := pricing.Default().LookUp(test.provider, test.asked); ok != test.found {
			t.Errorf("%q at %q: found is %v (%q), want %v", test.asked, test.provider, ok, m.Name, test.found)
		}
	}
}

func TestAPriceOfAnotherProviderIsExplained(t *testing.T) {
	x := pricing.Default().Explain("openai", "llama-3.3-70b-versatile", small)
	if !errors.Is(x.Err, pricing.ErrOtherProvider) || !strings.Contains(x.String(), "listed as llama-3.3-70b-versatile of groq") {
		t.Errorf("explained as\n%s", x)
	}
}

// TestAProvidersOwnPriceComesFirst, before the one that a file has for all others.
func TestAProvidersOwnPriceComesFirst(t *testing.T) {
	mine := parse(t, `{"models": [{"model": "m", "input": 1, "output": 1}, {"model": "m", "provider": "azure", "input": 2, "output": 2}, {"model": "m", "provider": "openai", "input": 3, "output": 3}]}`)
	for provider, want := range map[string]string{"": "$1.00", "azure.ai.openai": "$2.00", "openai": "$3.00", "acme": "$1.00", "ollama": "$1.00"} {
		if m, ok := mine.LookUp(provider, "m"); !ok || m.Input.String() != want {
			t.Errorf("at %q: %s, %v, want %s", provider, m.Input, ok, want)
		}
	}
	if m, ok := mine.LookUp("", "azure/m"); !ok || m.Provider != "azure" {
		t.Errorf("behind a prefix: %+v, %v", m, ok)
	}
}

func TestSeveralProvidersOfOneName(t *testing.T) {
	table := pricing.Default().With(parse(t, `{"version": "mine", "models": [
		{"model": "gpt-4o", "provider": "azure.ai.openai", "input": 3, "output": 11},
		{"model": "gpt-4o", "provider": "acme", "input": 0.5, "output": 0.5}
	]}`))
	for provider, want := range map[string]string{"openai": "$2.50", "azure": "$3.00", "azure.ai.openai": "$3.00", "acme": "$0.50"} {
		if m, ok := table.LookUp(provider, "gpt-4o"); !ok || m.Input.String() != want {
			t.Errorf("at %q: %s, %v, want %s", provider, m.Input, ok, want)
		}
	}
	if x := table.Explain("", "gpt-4o", small); !errors.Is(x.Err, pricing.ErrAmbiguous) || x.Found {
		t.Errorf("without a provider:\n%s", x)
	}
	two := parse(t, `{"models": [{"model": "m", "provider": "anthropic", "input": 1, "output": 1}, {"model": "m", "provider": "openai", "input": 2, "output": 2}, {"model": "m", "provider": "zz", "input": 3, "output": 3}]}`)
	if x := two.Explain("litellm", "m", small); !errors.Is(x.Err, pricing.ErrAmbiguous) {
		t.Errorf("of two makers and one who is none a gateway takes\n%s", x)
	}
	if m, ok := table.LookUp("litellm", "gpt-4o"); !ok || m.Provider != "openai" {
		t.Errorf("a gateway takes the price of %q", m.Provider)
	}
}
