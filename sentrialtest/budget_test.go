package sentrialtest_test

import (
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestUnknownIsNotWithinABudget: a test whose calls say nothing of cost would pass for ever.
func TestUnknownIsNotWithinABudget(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		rec := sentrialtest.New(inner)
		s := rec.Client().Session("s")
		s.TrackLLMCall(t.Context(), types.LLMCall{RequestModel: "m"})
		s.TrackLLMCall(t.Context(), types.LLMCall{Model: "m", Error: "overloaded"}) // cost nothing
		s.TrackToolCall(t.Context(), types.ToolCall{ToolName: "free"})
		rec.WantWithin(sentrialtest.Budget{USD: 1, Tokens: 1})
		rec.WantCost(0)
		rec.WantWithin(sentrialtest.Budget{LLMCalls: 2})
		rec.WantModels("m")
	})
	const happened = `
what happened:
session (unnamed): active, 2 LLM calls, 1 tool call
  +0s  llm m
  +0s  llm m: error "overloaded"
  +0s  tool free`
	const price, tokens = "a call of m has no cost: set Cost, or use sentrial.WithCost", "a call of m has no tokens: set Usage"
	const want = "WantWithin: not within the budget\n" + price + "\n" + tokens + happened + "\nWantCost: another cost\n" + price + happened
	if got := withoutTimes(f.said()); got != want {
		t.Errorf("the test failed with\n%s\nwant\n%s", got, want)
	}
}

// TestCostIsExact: ten times 0.1 are 1, and a limit of as much as was spent holds.
func TestCostIsExact(t *testing.T) {
	rec := sentrialtest.New(t)
	s := rec.Client().Session("s")
	for range 10 {
		s.TrackLLMCall(t.Context(), types.LLMCall{Model: "m", Cost: sentrial.Ptr(0.1), Usage: types.Usage{TotalTokens: 7, PromptTokens: 3}})
	}
	for range 3 {
		s.TrackToolCall(t.Context(), types.ToolCall{ToolName: "x", Cost: sentrial.Ptr(0.000_000_001)})
	}
	rec.WantCost(1.000_000_003)
	rec.WantWithin(sentrialtest.Budget{USD: 1.000_000_003, Tokens: 70})
	if c := rec.Sessions()[0].Cost; c == nil || *c != 1.000_000_003 {
		t.Errorf("the session's cost is %v", c)
	}
}
