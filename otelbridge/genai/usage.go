package genai

import "strings"

// usage gives the tokens of a call, with cached ones in the input and reasoning in the output, as the conventions count.
func (r *reading) usage() Usage {
	u := Usage{
		Input: r.count(fieldInputTokens), Output: r.count(fieldOutputTokens), Total: r.count(fieldTotalTokens),
		CacheRead: r.count(fieldCacheReadTokens), CacheWrite: r.count(fieldCacheWriteTokens), Reasoning: r.count(fieldReasoningTokens),
	}
	// A part that is larger than the whole proves that the whole leaves it out, as Anthropic's API counts.
	if cached := u.CacheRead + u.CacheWrite; cached > u.Input && u.Input+u.Output > 0 || cached > 0 && u.Total == u.Input+u.Output+cached {
		u.Input += cached
	}
	if u.Reasoning > u.Output && u.Output > 0 {
		u.Output += u.Reasoning
	}
	switch {
	case u.Total == 0:
		u.Total = u.Input + u.Output
	case u.Output == 0 && u.Total > u.Input:
		u.Output = u.Total - u.Input
	case u.Total > u.Input+u.Output && u.Reasoning > 0 && u.Total-u.Input == u.Output+u.Reasoning:
		u.Output = u.Total - u.Input // Gemini's candidates leave thoughts out
	case u.Total > u.Input+u.Output && u.Reasoning == 0 && strings.HasPrefix(r.provider(), "gcp."):
		u.Output = u.Total - u.Input // and those that only the total has are some
	case u.Total < u.Input+u.Output:
		u.Total = u.Input + u.Output
	}
	return u
}

func (r *reading) count(f field) int {
	if !r.has(f) {
		return 0
	}
	n, ok := countOf(r.get(f).value)
	if ok {
		r.use(f)
	}
	return n
}

// cost gives what the call cost in USD, if the span says so. Some write a cost of 0 for calls that failed.
func (r *reading) cost() *float64 {
	total, ok := numberOf(r.content(fieldCost))
	if !ok {
		in, hasIn := numberOf(r.content(fieldInputCost))
		out, hasOut := numberOf(r.content(fieldOutputCost))
		total, ok = in+out, hasIn || hasOut
	}
	if !ok || total < 0 || total == 0 && r.usage() == (Usage{}) {
		return nil
	}
	cost := total // only where there is one, it needs memory
	return &cost
}
