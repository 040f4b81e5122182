package wire

import (
	"github.com/sentrial/sentrial-go/types"
)

// readAnthropicUsage takes the sums so far. Some gateways forget at the end what they said in the beginning, so none becomes 0 again.
func readAnthropicUsage(s *said, o value) {
	u, now := &s.usage, anthropicUsage(o)
	input := u.PromptTokens - u.CachedTokens - u.CacheWriteTokens
	later(&input, now.PromptTokens-now.CachedTokens-now.CacheWriteTokens)
	later(&u.CachedTokens, now.CachedTokens)
	later(&u.CacheWriteTokens, now.CacheWriteTokens)
	later(&u.CompletionTokens, now.CompletionTokens)
	later(&u.ReasoningTokens, now.ReasoningTokens)
	u.PromptTokens = input + u.CachedTokens + u.CacheWriteTokens
	u.TotalTokens = u.PromptTokens + u.CompletionTokens
	readSteps(s, o.pick("iterations"))
	s.note("cache_write_1h_tokens", o.object("cache_creation").number("ephemeral_1h_input_tokens"))
	s.noteText("service_tier", o.pick("service_tier"))
	if used, ok := o.object("server_tool_use").made().(map[string]any); ok {
		s.note("server_tool_use", used)
	}
}

func later(n *int, now int) {
	if now > 0 {
		*n = now
	}
}

// anthropicUsage counts the tokens of the cache as input, beside which they stand there.
func anthropicUsage(o value) types.Usage {
	cached, written := o.number("cache_read_input_tokens"), o.number("cache_creation_input_tokens")
	u := types.Usage{
		PromptTokens:     o.number("input_tokens") + cached + written,
		CompletionTokens: o.number("output_tokens"),
		CachedTokens:     cached,
		CacheWriteTokens: written,
		ReasoningTokens:  o.object("output_tokens_details").number("thinking_tokens"),
	}
	u.TotalTokens = u.PromptTokens + u.CompletionTokens
	return u
}

// readSteps reads what the sums leave out. The model's work to compact a conversation is paid for like the rest; that of another model, which gives advice, is told
// apart. The step of a model that takes over says which one that is.
func readSteps(s *said, steps value) {
	if steps.Empty() {
		return
	}
	s.apart = types.Usage{}
	var advice []any
	for _, step := range steps.items {
		switch step.typeWord() {
		case "compaction":
			s.apart = sum(s.apart, anthropicUsage(step))
		case "advisor_message":
			advice = append(advice, step.made())
		case "fallback_message":
			s.about(value{}, step.pick("model"))
		}
	}
	if advice != nil {
		s.note("advisor_usage", advice)
	}
}

func sum(a, b types.Usage) types.Usage {
	return types.Usage{
		PromptTokens:     a.PromptTokens + b.PromptTokens,
		CompletionTokens: a.CompletionTokens + b.CompletionTokens,
		TotalTokens:      a.TotalTokens + b.TotalTokens,
		CachedTokens:     a.CachedTokens + b.CachedTokens,
		CacheWriteTokens: a.CacheWriteTokens + b.CacheWriteTokens,
		ReasoningTokens:  a.ReasoningTokens + b.ReasoningTokens,
	}
}
