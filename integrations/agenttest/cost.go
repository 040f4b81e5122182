package agenttest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

// pricesOf is the table by which all runs are recorded, so that figures do not depend on the model: each class of tokens has a price of its own.
func pricesOf(t *testing.T, model string) *pricing.Table {
	t.Helper()
	table, err := pricing.Parse(strings.NewReader(fmt.Sprintf(
		`{"version": "agenttest", "models": [{"model": %q, "input": 2, "cache_read": 0.5, "cache_write": 3, "output": 8, "reasoning": 10}]}`, model)))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// price puts the cost of its tokens in each expected event that has one. What the driver lacks of the tokens is not in it.
func price(events []event, table *pricing.Table, model string) {
	for i := range events {
		n := &events[i]
		if n.Cost == "" {
			continue
		}
		n.Cost = "unknown"
		if cost, ok := table.Cost("", model, n.usage()); ok {
			n.Cost = dollars(cost.USD())
		}
	}
}

func (n *event) usage() types.Usage {
	return types.Usage{
		PromptTokens: n.PromptTokens, CachedTokens: n.CachedTokens, CacheWriteTokens: n.CacheWriteTokens,
		CompletionTokens: n.CompletionTokens, ReasoningTokens: n.ReasoningTokens,
	}
}

func dollars(usd float64) string { return "$" + strconv.FormatFloat(usd, 'f', -1, 64) }
