package sentrialtest

import (
	"fmt"
	"slices"
	"strings"
)

// Budget says how much an agent may use in all. A limit of 0 is no limit.
type Budget struct {
	USD       float64 // cost of LLM calls and tool calls, in US dollars, compared to the billionth
	Tokens    int     // of all LLM calls: their total as reported, else prompt and completion
	LLMCalls  int     // failed ones included
	ToolCalls int     // failed ones included
}

// WantWithin wants the agent to have kept within the budget. What is not known is not within a limit: with a limit of cost or tokens every LLM call that
// succeeded has to say its own.
//
//	rec.WantWithin(sentrialtest.Budget{USD: 0.02, Tokens: 4000, LLMCalls: 3})
func (r *Recorder) WantWithin(b Budget) {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	if lines := b.exceeded(t); len(lines) > 0 {
		r.failf(t, "WantWithin: not within the budget\n%s", strings.Join(lines, "\n"))
	}
}

func (b Budget) exceeded(t *trace) (lines []string) {
	limit := func(set, over bool, what string, got, most any) {
		if set && over {
			lines = append(lines, fmt.Sprintf("%s: got %v, want at most %v", what, got, most))
		}
	}
	limit(b.USD > 0, t.cost() > nanoOf(b.USD), "cost", t.cost(), nanoOf(b.USD))
	limit(b.Tokens > 0, t.tokens() > b.Tokens, "tokens", t.tokens(), b.Tokens)
	limit(b.LLMCalls > 0, len(t.llmCalls()) > b.LLMCalls, "LLM calls", len(t.llmCalls()), b.LLMCalls)
	limit(b.ToolCalls > 0, len(t.tools()) > b.ToolCalls, "tool calls", len(t.tools()), b.ToolCalls)
	if b.USD > 0 {
		lines = append(lines, t.unpriced()...)
	}
	if b.Tokens > 0 {
		lines = append(lines, t.uncounted()...)
	}
	if b == (Budget{}) {
		lines = append(lines, "the budget has no limit")
	}
	return lines
}

// unpriced tells of LLM calls that make the sum unknown.
func (t *trace) unpriced() (lines []string) {
	for _, c := range t.llmCalls() {
		if c.Cost == nil && c.Status == successful {
			lines = append(lines, fmt.Sprintf("a call of %s has no cost: set Cost, or use sentrial.WithCost", modelOf(c)))
		}
	}
	return slices.Compact(lines)
}

func (t *trace) uncounted() (lines []string) {
	for _, c := range t.llmCalls() {
		if tokensOf(c.Usage) == 0 && c.Status == successful {
			lines = append(lines, fmt.Sprintf("a call of %s has no tokens: set Usage", modelOf(c)))
		}
	}
	return slices.Compact(lines)
}

// WantCost wants LLM calls and tool calls to have cost exactly this, in US dollars, to the billionth. Every LLM call that succeeded has to say its cost.
func (r *Recorder) WantCost(usd float64) {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	lines := t.unpriced()
	if t.cost() != nanoOf(usd) {
		lines = append([]string{fmt.Sprintf(" got: %v\nwant: %v", t.cost(), nanoOf(usd))}, lines...)
	}
	if len(lines) > 0 {
		r.failf(t, "WantCost: another cost\n%s", strings.Join(lines, "\n"))
	}
}

// WantLLMCalls wants exactly n calls of models, failed ones included.
func (r *Recorder) WantLLMCalls(n int) {
	r.t.Helper()
	if t, ok := r.trace(); ok && len(t.llmCalls()) != n {
		r.failf(t, "WantLLMCalls: models were called %s, want %d", times(len(t.llmCalls())), n)
	}
}

// WantModels wants exactly these models to have been called, each at least once, in any order. A call that names no model that answered counts for the one
// asked for.
func (r *Recorder) WantModels(names ...string) {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	var got []string
	for _, c := range t.llmCalls() {
		got = append(got, modelOf(c))
	}
	got, want := distinct(got), distinct(names)
	if !slices.Equal(got, want) {
		r.failf(t, "WantModels: other models were called\n got: %s\nwant: %s", list(got), list(want))
	}
}

func distinct(names []string) []string { return slices.Compact(slices.Sorted(slices.Values(names))) }
