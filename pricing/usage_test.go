package pricing_test

import (
	"errors"
	"math"
	"testing"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

func TestUnknownCosts(t *testing.T) {
	for name, test := range map[string]struct {
		model string
		usage types.Usage
		want  error
	}{
		"unknown model":            {"gpt-4o-pro", small, pricing.ErrUnknownModel},
		"no usage":                 {"gpt-4o", types.Usage{}, pricing.ErrNoUsage},
		"a total alone":            {"gpt-4o", types.Usage{TotalTokens: 7}, pricing.ErrNoUsage},
		"cache write, no price":    {"gpt-4o", types.Usage{PromptTokens: 9, CacheWriteTokens: 1, CompletionTokens: 1}, pricing.ErrUnknownPrice},
		"cache read, no price":     {"gpt-5-pro", types.Usage{PromptTokens: 9, CachedTokens: 1, CompletionTokens: 1}, pricing.ErrUnknownPrice},
		"more cached than prompt":  {"gpt-4o", types.Usage{PromptTokens: 9, CachedTokens: 10, CompletionTokens: 1}, pricing.ErrIncoherent},
		"cached and written":       {"claude-opus-5", types.Usage{PromptTokens: 9, CachedTokens: 5, CacheWriteTokens: 5}, pricing.ErrIncoherent},
		"reasoning beside":         {"gpt-5", types.Usage{PromptTokens: 9, CompletionTokens: 5, ReasoningTokens: 6}, pricing.ErrIncoherent},
		"reasoning in total alone": {"grok-4.5", types.Usage{PromptTokens: 9, CompletionTokens: 5, ReasoningTokens: 4, TotalTokens: 18}, pricing.ErrIncoherent},
		"no prompt":                {"gpt-4o", types.Usage{CompletionTokens: 5}, pricing.ErrIncoherent},
		"negative":                 {"gpt-4o", types.Usage{PromptTokens: -1, CompletionTokens: 5}, pricing.ErrIncoherent},
		"absurd":                   {"gpt-4o", types.Usage{PromptTokens: math.MaxInt, CompletionTokens: 5}, pricing.ErrIncoherent},
		"too much":                 {"o1-pro", types.Usage{PromptTokens: 1_000_000_000_000_000}, pricing.ErrCostOutOfRange},
	} {
		t.Run(name, func(t *testing.T) {
			if cost, ok := pricing.Default().Cost("", test.model, test.usage); ok || cost != 0 {
				t.Errorf("costs %s", cost)
			}
			x := pricing.Default().Explain("", test.model, test.usage)
			var unknown *pricing.UnknownError
			if !errors.Is(x.Err, test.want) || !errors.As(x.Err, &unknown) || unknown.Model != test.model {
				t.Errorf("explained by %v, want %v", x.Err, test.want)
			}
		})
	}
}

func TestKnownCosts(t *testing.T) {
	for name, test := range map[string]struct {
		model string
		usage types.Usage
		want  string
	}{
		"no output, as of embeddings": {"gpt-4o", types.Usage{PromptTokens: 1_000_000}, "$2.50"},
		"with a total":                {"gpt-4o", types.Usage{PromptTokens: 10, CompletionTokens: 10, TotalTokens: 20}, "$0.000125"},
		"reasoning is output":         {"o3", types.Usage{PromptTokens: 10, CompletionTokens: 10, ReasoningTokens: 10}, "$0.0001"},
		"all of it cached":            {"gpt-4o", types.Usage{PromptTokens: 8, CachedTokens: 8, CompletionTokens: 1}, "$0.00002"},
		"thousands of dollars":        {"o1-pro", types.Usage{PromptTokens: 1_000_000_000, CompletionTokens: 1}, "$150,000.0006"},
	} {
		if cost, ok := pricing.Default().Cost("", test.model, test.usage); !ok || cost.String() != test.want {
			t.Errorf("%s: %s, %v, want %s", name, cost, ok, test.want)
		}
	}
}
