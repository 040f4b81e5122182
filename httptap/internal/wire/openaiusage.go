package wire

import (
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// readOpenaiUsage takes tokens in the words of chat completions, or of responses. What is said later is the sum so far.
func readOpenaiUsage(s *said, o value) {
	if o.There() {
		s.usage = openaiUsage(o, strings.Contains(s.model, "gemini"))
	}
}

// openaiUsage counts reasoning as output, which some that speak OpenAI's words count beside it: xAI says how much that is, Google leaves it to the total.
func openaiUsage(o value, google bool) types.Usage {
	input, output := o.object("prompt_tokens_details", "input_tokens_details"), o.object("completion_tokens_details", "output_tokens_details")
	u := types.Usage{
		PromptTokens:     o.number("prompt_tokens", "input_tokens"),
		CompletionTokens: o.number("completion_tokens", "output_tokens"),
		TotalTokens:      o.number("total_tokens"),
		CachedTokens:     max(input.number("cached_tokens"), o.number("prompt_cache_hit_tokens", "cached_tokens")), // the latter are DeepSeek's and Moonshot's
		CacheWriteTokens: input.number("cache_write_tokens"),
		ReasoningTokens:  output.number("reasoning_tokens"),
	}
	beside := u.TotalTokens - u.PromptTokens - u.CompletionTokens
	if google && u.ReasoningTokens == 0 {
		u.ReasoningTokens = max(0, beside)
	}
	if beside == u.ReasoningTokens {
		u.CompletionTokens += beside
	}
	return u
}
