package server

import (
	"math"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// sumBody is the JSON of sums over events. The tokens are those of the calls among them.
type sumBody struct {
	Events           int64    `json:"events"`
	Errors           int64    `json:"errors"`
	PromptTokens     int64    `json:"prompt_tokens,omitempty"`
	CompletionTokens int64    `json:"completion_tokens,omitempty"`
	TokensUsed       int64    `json:"tokens_used,omitempty"`
	CachedTokens     int64    `json:"cached_tokens,omitempty"`
	CacheWriteTokens int64    `json:"cache_write_tokens,omitempty"`
	ReasoningTokens  int64    `json:"reasoning_tokens,omitempty"`
	Cost             *float64 `json:"cost,omitempty"` // USD; absent = unknown
}

func newSumBody(c *store.Counters) sumBody {
	t := &c.Tokens
	return sumBody{
		Events: c.Events, Errors: c.Errors, PromptTokens: t.Prompt, CompletionTokens: t.Completion, TokensUsed: t.Total, CachedTokens: t.Cached,
		CacheWriteTokens: t.CacheWrite, ReasoningTokens: t.Reasoning, Cost: usdOf(c),
	}
}

// usdOf returns the cost in dollars, nil when it is unknown.
func usdOf(c *store.Counters) *float64 {
	if c.Costed == 0 {
		return nil
	}
	usd := c.Cost.USD()
	return &usd
}

// millisOf returns milliseconds with up to 3 decimals.
func millisOf(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	ms := math.Round(float64(*d)/1e3) / 1e3
	return &ms
}
