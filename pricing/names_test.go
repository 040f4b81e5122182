package pricing_test

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

var small = types.Usage{PromptTokens: 1, CompletionTokens: 1}

func listed() map[string]bool {
	names := make(map[string]bool)
	for _, m := range pricing.Default().Models() {
		names[m.Name] = true
	}
	return names
}

func TestEveryNameHasItsOwnPrice(t *testing.T) {
	for _, m := range pricing.Default().Models() {
		for _, provider := range []string{"", m.Provider} {
			got, ok := pricing.Default().LookUp(provider, m.Name)
			if !ok || !got.Exact() || got.Model != m {
				t.Errorf("%q at %q is %+v, %v", m.Name, provider, got, ok)
			}
		}
	}
}

// TestOtherNamesHaveNoPrice appends to every name what makes another model of it.
func TestOtherNamesHaveNoPrice(t *testing.T) {
	names := listed()
	for name := range names {
		for _, end := range []string{"-pro", "-mini", "-x", "2", "-nano", "-preview", "-v2", "-20251301", "-2025-02-30", "@99999999", "-latest2", "-001x", " ", "-"} {
			if names[name+end] {
				continue
			}
			for _, asked := range []string{name + end, "openrouter/openai/" + name + end, "us.anthropic." + name + end, name + end + "-latest", name + end + "-20250514"} {
				if got, ok := pricing.Default().LookUp("", asked); ok && got.Name != name+end {
					t.Errorf("%q has the price of %q", asked, got.Name)
				}
				if cost, ok := pricing.Default().Cost("", asked, small); ok && asked == name+end {
					t.Errorf("%q costs %s", asked, cost)
				}
			}
		}
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct{ provider, asked, want, rule string }{
		{"openai", "gpt-4o", "gpt-4o", "by its exact name"},
		{"openai", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13", "by its exact name"}, // twice the price of gpt-4o
		{"openai", "gpt-4o-20240513", "", ""},                                     // the same day
		{"openai", "gpt-4o@20240513", "", ""},
		{"openai", "gpt-4o-20240513-v1", "", ""},
		{"openai", "gpt-4o-20240806", "gpt-4o", "without the suffix -20240806"}, // that day's costs as much
		{"openai", "gpt-4o-2025-01-01", "gpt-4o", "without the suffix -2025-01-01"},
		{"openai", "gpt-4o-20250101", "gpt-4o", "without the suffix -20250101"},
		{"openai", "gpt-4o-latest", "gpt-4o", "without the suffix -latest"},
		{"openai", "chatgpt-4o-latest", "chatgpt-4o-latest", "by its exact name"},
		{"openai", "gpt-4o-2024-02-30", "", ""},
		{"openai", "gpt-4o-2024-02-29", "gpt-4o", "without the suffix -2024-02-29"},
		{"openai", "gpt-4o-2023-02-29", "", ""},
		{"openai", "gpt-4o-0513", "", ""},
		{"openai", "GPT-4o", "", ""},
		{"openai", "", "", ""},
		{"openai", "-latest", "", ""},
		{"openai", "openai/", "", ""},
		{"azure.ai.openai", "azure/gpt-4o-mini", "gpt-4o-mini", "without the prefix azure/"},
		{"", "openrouter/openai/gpt-4o-latest", "gpt-4o", "without the prefix openrouter/openai/ and the suffix -latest"},
		{"aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929", "without the prefix us.anthropic. and the suffix -v1:0"},
		{"aws.bedrock", "anthropic.claude-opus-4-5-20991231-v1:0", "claude-opus-4-5", "without the prefix anthropic. and the suffix -20991231-v1:0"},
		{"gcp.vertex_ai", "claude-opus-4-5@20251101", "claude-opus-4-5", "without the suffix @20251101"},
		{"gcp.vertex_ai", "publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro", "without the prefix publishers/google/models/"},
		{"gcp.gemini", "models/gemini-2.5-flash-001", "gemini-2.5-flash", "without the prefix models/ and the suffix -001"},
		{"gcp.gemini", "gemini-2.0-flash-001", "gemini-2.0-flash-001", "by its exact name"}, // half as much again as gemini-2.0-flash
		{"", "vertex_ai/gemini-3.1-flash-lite", "vertex_ai/gemini-3.1-flash-lite", "by its exact name"},
		{"deepseek", "deepseek-coder-v2", "", ""},
		{"anthropic", "claude-3-7-sonnet-latest", "", ""}, // the table has a dated name alone
		{"groq", "groq/openai/gpt-oss-20b", "openai/gpt-oss-20b", "without the prefix groq/"},
		{"", "unknown/gpt-4o", "", ""},
		{"", "ft:gpt-4o:acme::1", "", ""},
		{"", "openrouter/openrouter/openai/openai/gpt-4o", "", ""},
		{"", strings.Repeat("openai/", 1000) + "gpt-4o", "", ""},
	} {
		got, ok := pricing.Default().LookUp(test.provider, test.asked)
		if ok != (test.want != "") || got.Name != test.want || ok && got.Rule() != test.rule {
			t.Errorf("%q at %q is %q, %s, want %q, %s", test.asked, test.provider, got.Name, got.Rule(), test.want, test.rule)
		}
	}
}

// FuzzNames holds what every name must: a price is of what is left when known pieces are taken off the ends, and never of a name that goes on in another way.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"gpt-4o", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "openai/gpt-oss-20b", "models/gemini-2.5-flash-001", "gpt-4o-2024-02-30"} {
		f.Add("openai", name, "-pro")
	}
	names := listed()
	f.Fuzz(func(t *testing.T, provider, name, end string) {
		m, ok := pricing.Default().LookUp(provider, name)
		if again, same := pricing.Default().LookUp(provider, name); again != m || same != ok {
			t.Fatalf("%q is %v, then %v", name, m, again)
		}
		if ok && (!names[m.Name] || m.Prefix+m.Name+m.Suffix != name) {
			t.Fatalf("%q is %q and %q and %q", name, m.Prefix, m.Name, m.Suffix)
		}
		if other, ok := pricing.Default().LookUp(provider, name+end+"x"); ok && !names[other.Name] {
			t.Fatalf("%q has a price of no model", name+end+"x")
		} else if ok && !strings.HasSuffix(other.Name, "x") {
			t.Fatalf("%q has the price of %q", name+end+"x", other.Name) // no suffix that is taken off ends so
		}
	})
}
