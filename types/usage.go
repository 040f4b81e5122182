package types

// Usage counts tokens as OpenTelemetry's GenAI conventions do: cached and cache-write tokens are part of PromptTokens, reasoning tokens part of
// CompletionTokens. 0 means not reported and is not written. On the wire the counts are flat fields of what holds them.
type Usage struct {
	PromptTokens     int // prompt_tokens: all input, cached or not
	CompletionTokens int // completion_tokens: all output, reasoning included
	TotalTokens      int // tokens_used: as reported, normally the sum of the two above
	CachedTokens     int // cached_tokens: input read from the provider's cache
	CacheWriteTokens int // cache_write_tokens: input written to the provider's cache
	ReasoningTokens  int // reasoning_tokens: output spent on reasoning
}

func (u *Usage) fields() []field {
	return []field{
		{name: "prompt_tokens", value: &u.PromptTokens},
		{name: "completion_tokens", value: &u.CompletionTokens},
		{name: "tokens_used", value: &u.TotalTokens},
		{name: "cached_tokens", value: &u.CachedTokens},
		{name: "cache_write_tokens", value: &u.CacheWriteTokens},
		{name: "reasoning_tokens", value: &u.ReasoningTokens},
	}
}
