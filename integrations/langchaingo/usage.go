package langchaingo

import (
	"math"
	"reflect"

	"github.com/sentrial/sentrial-go/types"
)

// usageOf reads the tokens from what a provider says of an answer. Each has its own names.
func usageOf(info map[string]any) types.Usage {
	g := generation(info)
	if usage, ok := g.mistral(); ok {
		return usage
	}
	u := types.Usage{
		PromptTokens:     g.first("PromptTokens", "input_tokens", "prompt_tokens"),
		CompletionTokens: g.first("CompletionTokens", "OutputTokens", "output_tokens", "completion_tokens"),
		TotalTokens:      g.first("TotalTokens", "total_tokens"),
		CachedTokens:     g.first("PromptCachedTokens", "CacheReadInputTokens", "CachedTokens"),
		CacheWriteTokens: g.first("CacheCreationInputTokens"),
		ReasoningTokens:  g.first("ReasoningTokens", "CompletionReasoningTokens", "ThinkingTokens", "ThinkingOutputTokens"),
	}
	if _, own := g["InputTokens"]; own { // anthropic counts what is cached beside the rest
		u.PromptTokens = g.first("InputTokens") + u.CachedTokens + u.CacheWriteTokens
	}
	if _, own := g["CacheHit"]; own { // ollama's context cache of langchaingo: an estimate of no tokens that are counted
		u.CachedTokens = 0
	}
	return u
}

type generation map[string]any

// first is the first count that is there and not 0.
func (g generation) first(names ...string) int {
	for _, name := range names {
		if n := count(reflect.ValueOf(g[name])); n > 0 {
			return n
		}
	}
	return 0
}

// mistral reads the struct that mistral's client gives.
func (g generation) mistral() (types.Usage, bool) {
	v := reflect.ValueOf(g["usage"])
	if v.Kind() != reflect.Struct {
		return types.Usage{}, false
	}
	return types.Usage{
		PromptTokens: count(v.FieldByName("PromptTokens")), CompletionTokens: count(v.FieldByName("CompletionTokens")), TotalTokens: count(v.FieldByName("TotalTokens")),
	}, true
}

// count is a number of any type, 0 if it is no number of tokens.
func count(v reflect.Value) int {
	switch {
	case !v.IsValid():
		return 0
	case v.CanInt():
		return int(min(max(v.Int(), 0), math.MaxInt32))
	case v.CanUint():
		return int(min(v.Uint(), math.MaxInt32))
	case v.CanFloat():
		if f := v.Float(); f >= 0 && f <= math.MaxInt32 {
			return int(f)
		}
	}
	return 0
}
