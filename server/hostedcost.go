package server

import (
	"bytes"
	"strconv"
)

// cost is take for what something cost.
func (t *translation) cost() []byte {
	if raw := t.take("estimatedCost", checkCost); !t.idle(raw) {
		return raw
	}
	return nil
}

// idle reports whether a cost is the 0 that many programs send with everything, which says nothing. Our SDK means it.
func (t *translation) idle(cost []byte) bool {
	if t.meta.ours || cost == nil {
		return false
	}
	usd, err := strconv.ParseFloat(string(cost), 64)
	return err == nil && usd == 0
}

// llmCost writes estimatedCost, else the output's cost_usd. Where the output has none, 0 is what a model costs that is free.
func (t *translation) llmCost(out *part) {
	estimated, priced := t.take("estimatedCost", checkCost), out.has("cost_usd")
	usd := out.takeFit("cost_usd", fitting(checkCost))
	if priced && t.idle(estimated) {
		estimated = nil
	}
	t.out.raw("cost", firstOf(estimated, usd))
	if estimated != nil && !bytes.Equal(estimated, usd) {
		out.keep("cost_usd", usd)
	}
}
