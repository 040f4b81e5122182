package server

import "cmp"

// leftovers keeps what nobody took in the metadata, unless it says nothing.
func (t *translation) leftovers() {
	for _, m := range t.body.members {
		name := string(m.key)
		if isNull(m.value) || name == "estimatedCost" && t.idle(m.value) {
			continue
		}
		t.meta.keep(cmp.Or(hostedNames[name], name), m.value)
	}
}

// hostedNames are the names under which fields are kept in the metadata of events that have no place for them.
var hostedNames = map[string]string{
	"toolName": "tool_name", "toolInput": "tool_input", "toolOutput": "tool_output", "toolError": "tool_error", "reasoning": "reasoning",
	"alternativesConsidered": "alternatives_considered", "confidence": "confidence", "stateBefore": "state_before", "stateAfter": "state_after",
	"estimatedCost": "estimated_cost", "tokenCount": "token_count", "traceId": "trace_id", "spanId": "span_id",
}
