package genai

import (
	"encoding/json"
	"strings"
)

// counted is a field with the names that it has in the objects in which APIs and frameworks count tokens. A dot goes into an object.
type counted struct {
	field field
	names []string
}

var countedNames = []counted{
	{fieldInputTokens, []string{"input_tokens", "prompt_tokens", "inputTokens", "promptTokens", "promptTokenCount", "prompt_token_count"}},
	{fieldOutputTokens, []string{"output_tokens", "completion_tokens", "outputTokens", "completionTokens", "candidatesTokenCount", "candidates_token_count"}},
	{fieldTotalTokens, []string{"total_tokens", "totalTokens", "totalTokenCount", "total_token_count"}},
	{fieldCacheReadTokens, []string{
		"cache_read_input_tokens", "prompt_tokens_details.cached_tokens", "input_tokens_details.cached_tokens", "cachedContentTokenCount", "cached_content_token_count",
		"cachedContentTokens", "cachedInputTokens", "cacheReadInputTokens", "prompt_cached_tokens", "input_token_details.cache_read",
	}},
	{fieldCacheWriteTokens, []string{
		"cache_creation_input_tokens", "cacheWriteInputTokens", "cacheCreationInputTokens", "cache_creation_tokens", "input_token_details.cache_creation",
	}},
	{fieldReasoningTokens, []string{
		"completion_tokens_details.reasoning_tokens", "output_tokens_details.reasoning_tokens", "thoughtsTokenCount", "thoughts_token_count", "thoughtsTokens",
		"reasoningTokens", "reasoning_tokens", "output_token_details.reasoning",
	}},
}

// giveCounts gives what an object counts, with the rank of the dialect's i-th key.
func (r *reading) giveCounts(d *dialect, i int, key string, usage json.RawMessage) {
	if objectIn(usage) == nil {
		return
	}
	for _, c := range countedNames {
		for _, name := range c.names {
			if v := value(member(usage, strings.Split(name, ".")...)); v != nil {
				r.give(d, i, c.field, key, v)
				break
			}
		}
	}
}

// withoutCache corrects an input that was counted without its cached tokens, as the API of Anthropic counts, where a dialect knows that it was.
func (r *reading) withoutCache(why string) {
	in, counted := countOf(r.found[fieldInputTokens].value)
	read, _ := countOf(r.found[fieldCacheReadTokens].value)
	write, _ := countOf(r.found[fieldCacheWriteTokens].value)
	if counted && read+write > 0 {
		r.set(fieldInputTokens, int64(in+read+write), r.found[fieldInputTokens].key+", and "+why)
	}
}
