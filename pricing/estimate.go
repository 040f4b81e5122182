package pricing

import (
	"cmp"
	"maps"

	"github.com/sentrial/sentrial-go/types"
)

// What the metadata of an event says when its cost is not what a program reported, but what a table gives.
const (
	CostSource = "cost_source" // Estimated
	PriceTable = "price_table" // the version of the table that the price is from

	Estimated = "estimated"
)

// Estimate gives an event of an LLM call without a cost the one that t has for its model, else for the model asked for, and marks it in the metadata, where names that are there
// stay as they are. It reports whether there was one. The call and the metadata are copied before they change.
func (t *Table) Estimate(e *types.Event) bool {
	if e.LLMCall == nil || e.LLMCall.Cost != nil {
		return false
	}
	m, ok := t.LookUp(e.LLMCall.Provider, cmp.Or(e.LLMCall.Model, e.LLMCall.RequestModel))
	if !ok {
		return false
	}
	cost, ok := m.Cost(e.LLMCall.Usage)
	if !ok {
		return false
	}
	call, usd := *e.LLMCall, cost.USD()
	call.Cost, e.LLMCall = &usd, &call
	metadata := map[string]any{CostSource: Estimated, PriceTable: m.Version()}
	maps.Copy(metadata, e.Metadata)
	e.Metadata = metadata
	return true
}
