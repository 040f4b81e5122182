package sentrial

import (
	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

// What the metadata says of a cost that the program did not give, unless the program uses these names itself.
const (
	keyCostSource = pricing.CostSource
	keyPriceTable = pricing.PriceTable
	costEstimated = pricing.Estimated
)

// estimate is what a call of a model cost by the client's table of prices.
type estimate struct {
	usd   float64
	table string // its version, "" = there is no estimate
}

// estimateOf gives the cost of a call for which the program gave none, where the table knows it.
func (c *Client) estimateOf(call *types.LLMCall) (e estimate) {
	if call == nil || call.Cost != nil || c.prices == nil {
		return e
	}
	if cost, version, ok := c.prices.CostOf(call); ok {
		e = estimate{cost.USD(), version}
	}
	return e
}

// estimated gives an event for redactor and hooks its estimate, where there is one. e is not changed, nor is what belongs to the program.
func (c *Client) estimated(e *types.Event) *types.Event {
	est := c.estimateOf(e.LLMCall)
	if est.table == "" {
		return e
	}
	priced, usd := *e, est.usd
	priced.LLMCall = clonePtr(e.LLMCall)
	priced.LLMCall.Cost = &usd
	priced.Metadata = merged(map[string]any{keyCostSource: costEstimated, keyPriceTable: est.table}, e.Metadata)
	return &priced
}

// costOf keeps what an LLM call cost: what the program says, else the estimate.
func (s *scratch) costOf(call *types.LLMCall) {
	if s.estimate.table != "" {
		s.number(tagCost, &s.estimate.usd)
		return
	}
	s.cost(call.Cost)
}

// estimatedMetadata writes m and where the cost is from. It makes no map for that: agents record it with every call.
func (s *scratch) estimatedMetadata(m map[string]any) {
	if len(m) == 0 {
		s.buf = append(s.buf, `{"`+keyCostSource+`":"`+costEstimated+`","`+keyPriceTable+`":`...)
		s.buf = append(jsonenc.AppendString(s.buf, s.estimate.table), '}')
		return
	}
	at := len(s.buf)
	s.appendJSON(tagMetadata, m)
	if last := len(s.buf) - 1; last > at+1 && s.buf[last] == '}' {
		s.buf[last] = ','
	} else {
		s.buf = append(s.buf[:at], '{')
	}
	s.member(m, keyCostSource, costEstimated)
	s.member(m, keyPriceTable, s.estimate.table)
	s.buf[len(s.buf)-1] = '}' // in place of the last comma
}

// member writes one of the SDK's own facts and a comma, unless the program says something under that name.
func (s *scratch) member(m map[string]any, name, text string) {
	if _, taken := m[name]; taken {
		return
	}
	s.buf = append(jsonenc.AppendString(s.buf, name), ':')
	s.buf = append(jsonenc.AppendString(s.buf, text), ',')
}

// noteEstimate says the same where the SDK has other facts to tell.
func (s *scratch) noteEstimate(m map[string]any) {
	if s.estimate.table == "" {
		return
	}
	for _, n := range []note{{keyCostSource, costEstimated}, {keyPriceTable, s.estimate.table}} {
		if _, taken := m[n.name]; !taken {
			s.notes = append(s.notes, n)
		}
	}
}

// keepEstimate says in the metadata of an event that keeps its facts alone where its cost is from. What the program put under these names stays behind with all else.
func (c *Client) keepEstimate(kept, e *types.Event) *types.Event {
	if e.LLMCall == nil || e.LLMCall.Cost == nil || e.Metadata[keyCostSource] != costEstimated {
		return kept
	}
	bare := *e.LLMCall
	bare.Cost = nil
	if est := c.estimateOf(&bare); est.table != "" && est.usd == *e.LLMCall.Cost {
		kept.Metadata[keyCostSource], kept.Metadata[keyPriceTable] = costEstimated, est.table
	}
	return kept
}
