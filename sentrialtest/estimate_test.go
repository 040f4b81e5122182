package sentrialtest_test

import (
	"testing"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestEstimates are made as a program's client makes them, whatever the environment says, so that budgets hold for agents that say no cost.
func TestEstimates(t *testing.T) {
	t.Setenv("SENTRIAL_PRICES", "off")
	call := types.LLMCall{Model: "gpt-4o", Usage: types.Usage{PromptTokens: 1234, CompletionTokens: 56}}
	rec := sentrialtest.New(t)
	rec.Client().Session("s").TrackLLMCall(t.Context(), call)
	rec.WantCost(0.003645)
	rec.WantWithin(sentrialtest.Budget{USD: 0.004})

	rec = sentrialtest.New(t, sentrial.WithPrices(nil))
	rec.Client().Session("s").TrackLLMCall(t.Context(), call)
	if c := rec.LLMCalls()[0]; c.Cost != nil {
		t.Errorf("without prices the call costs %v", *c.Cost)
	}
}

// TestGoldenLeavesEstimatesOut: the next version of the table must not change the files of those who test agents.
func TestGoldenLeavesEstimatesOut(t *testing.T) {
	f := judged("TestX", func(inner testing.TB) {
		rec := sentrialtest.New(inner)
		s := rec.Client().Session("s")
		s.TrackLLMCall(t.Context(), types.LLMCall{Model: "gpt-4o", Usage: types.Usage{PromptTokens: 10}, Metadata: map[string]any{"k": "v"}})
		s.TrackLLMCall(t.Context(), types.LLMCall{Model: "gpt-4o", Usage: types.Usage{PromptTokens: 20}})
		s.TrackLLMCall(t.Context(), types.LLMCall{Model: "gpt-4o", Usage: types.Usage{PromptTokens: 30}, Cost: sentrial.Ptr(0.5), Metadata: map[string]any{pricing.CostSource: "invoice"}})
		rec.Golden("estimates")
		rec.Golden("estimates.kept", sentrialtest.Keep("cost"))
	})
	f.must(t)
}
