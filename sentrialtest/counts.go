package sentrialtest

import "github.com/sentrial/sentrial-go/types"

// count adds what an event counts for, as servers do.
func (s *folded) count(e *types.Event) {
	s.Events++
	if failed(e) {
		s.Errors++
	}
	used, usd := spent(e)
	add(&s.Usage, used)
	if usd != nil {
		s.addCost(nanoOf(*usd))
	}
}

// failed tells whether an event is one of the errors of its session, whose own status is none of them.
func failed(e *types.Event) bool {
	switch e.Type {
	case types.EventSessionStart, types.EventSessionUpdate, types.EventSessionEnd:
		return false
	case types.EventError:
		return true
	}
	return e.Status == types.StatusError
}

// spent is what an LLM call or a tool call used. cost is nil if it is unknown.
func spent(e *types.Event) (used types.Usage, cost *float64) {
	switch {
	case e.LLMCall != nil:
		used = e.LLMCall.Usage
		used.TotalTokens = tokensOf(used)
		return used, e.LLMCall.Cost
	case e.ToolCall != nil:
		return used, e.ToolCall.Cost
	}
	return used, nil
}

func add(sum *types.Usage, u types.Usage) {
	sum.PromptTokens += u.PromptTokens
	sum.CompletionTokens += u.CompletionTokens
	sum.TotalTokens += u.TotalTokens
	sum.CachedTokens += u.CachedTokens
	sum.CacheWriteTokens += u.CacheWriteTokens
	sum.ReasoningTokens += u.ReasoningTokens
}

// addCost adds in nano dollars: sums of what people call 0.1 and 0.2 should be what they call 0.3.
func (s *folded) addCost(more nanoUSD) {
	if s.Cost != nil {
		more += nanoOf(*s.Cost)
	}
	total := more.usd()
	s.Cost = &total
}
