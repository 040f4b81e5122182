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

// CostOf is Cost for a call as it is recorded: of the model that answered, else of the one asked for. version is that of the table that the price is from. An answer whose tokens
// were not told, as of a stream that broke off, leaves the cost unknown.
func (t *Table) CostOf(call *types.LLMCall) (cost Cost, version string, ok bool) {
	r := t.look(call.Provider, cmp.Or(call.Model, call.RequestModel))
	if r.model == nil || call.Usage.CompletionTokens == 0 && answered(call) {
		return 0, "", false
	}
	cost, _, _, err := r.model.sum(&call.Usage)
	return cost, r.model.table.version, err == nil
}

func answered(call *types.LLMCall) bool {
	return call.Response != "" || len(call.OutputMessages) > 0 || call.TimeToFirstToken > 0
}

// Estimate gives an event of an LLM call without a cost the one that CostOf tells, and marks it in the metadata, where names that are there stay as they are. It reports
// whether there was one. The call and the metadata are copied before they change.
func (t *Table) Estimate(e *types.Event) bool {
	if e.LLMCall == nil || e.LLMCall.Cost != nil {
		return false
	}
	cost, version, ok := t.CostOf(e.LLMCall)
	if !ok {
		return false
	}
	call, usd := *e.LLMCall, cost.USD()
	call.Cost, e.LLMCall = &usd, &call
	metadata := map[string]any{CostSource: Estimated, PriceTable: version}
	maps.Copy(metadata, e.Metadata)
	e.Metadata = metadata
	return true
}
