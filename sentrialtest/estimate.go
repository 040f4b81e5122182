package sentrialtest

import (
	"maps"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

// withoutEstimate takes a cost that the SDK estimated out of an event, and what marks it: the next version of the price table is no change of the agent.
func withoutEstimate(e *types.Event) {
	if e.LLMCall == nil || e.Metadata[pricing.CostSource] != pricing.Estimated {
		return
	}
	e.LLMCall.Cost = nil
	e.Metadata = withoutMarks(e.Metadata)
	e.LLMCall.Metadata = withoutMarks(e.LLMCall.Metadata)
}

func withoutMarks(metadata map[string]any) map[string]any {
	kept := maps.Clone(metadata)
	delete(kept, pricing.CostSource)
	delete(kept, pricing.PriceTable)
	if len(kept) == 0 {
		return nil
	}
	return kept
}
