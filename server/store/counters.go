package store

import (
	"math"

	"github.com/sentrial/sentrial-go/types"
)

// Tokens counts tokens as OpenTelemetry's GenAI conventions do: cached and cache-write tokens are part of Prompt, reasoning tokens of
// Completion. 0 = not reported.
type Tokens struct {
	Prompt, Completion, Total, Cached, CacheWrite, Reasoning int64
}

// Counters sums up a session's events. A span that was reported as running and again when it ended counts once, with its final figures.
type Counters struct {
	Events int64
	Errors int64  // see [Event.Failed]
	Tokens Tokens // over llm_call, where Total takes Prompt + Completion if an event has no total, and what sessions say beyond that
	Cost   NanoUSD
	Costed int64 // events whose cost is known; 0 means that Cost is unknown
}

// Counters returns what e adds to its session.
func (e *Event) Counters() Counters {
	c := Counters{Events: 1}
	if e.Failed() {
		c.Errors = 1
	}
	switch e.Type {
	case types.EventLLMCall:
		c.Tokens = e.Tokens
		if c.Tokens.Total == 0 {
			c.Tokens.Total = add(e.Tokens.Prompt, e.Tokens.Completion)
		}
	case types.EventSessionUpdate, types.EventSessionEnd:
		c.Tokens = e.Tokens
	case types.EventToolCall:
	default:
		return c
	}
	if e.Cost != nil {
		c.Cost, c.Costed = *e.Cost, 1
	}
	return c
}

// Settle turns the totals that e gives of its session into what they exceed c by, the session's counters before e. A sender that knows
// the sums but not the calls they are of is counted by it, and one that says the same twice is counted once.
func (e *Event) Settle(c Counters) {
	if !e.Totals {
		return
	}
	said := Counters{Tokens: e.Tokens}
	said.Sub(c)
	e.Tokens, e.Totals = said.Tokens, false
	if e.Cost == nil {
		return
	}
	rest := NanoUSD(sub(int64(*e.Cost), int64(c.Cost)))
	if e.Cost = &rest; rest == 0 && c.Costed > 0 {
		e.Cost = nil
	}
}

// Add adds d. Sums stop at the largest integer instead of wrapping.
func (c *Counters) Add(d Counters) { c.combine(d, add) }

// Sub takes d away, which was added before.
func (c *Counters) Sub(d Counters) { c.combine(d, sub) }

func (c *Counters) combine(d Counters, op func(a, b int64) int64) {
	c.Events = op(c.Events, d.Events)
	c.Errors = op(c.Errors, d.Errors)
	c.Tokens.Prompt = op(c.Tokens.Prompt, d.Tokens.Prompt)
	c.Tokens.Completion = op(c.Tokens.Completion, d.Tokens.Completion)
	c.Tokens.Total = op(c.Tokens.Total, d.Tokens.Total)
	c.Tokens.Cached = op(c.Tokens.Cached, d.Tokens.Cached)
	c.Tokens.CacheWrite = op(c.Tokens.CacheWrite, d.Tokens.CacheWrite)
	c.Tokens.Reasoning = op(c.Tokens.Reasoning, d.Tokens.Reasoning)
	c.Cost = NanoUSD(op(int64(c.Cost), int64(d.Cost)))
	c.Costed = op(c.Costed, d.Costed)
}

// add and sub work on amounts that are never negative.
func add(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func sub(a, b int64) int64 { return max(a-b, 0) }
