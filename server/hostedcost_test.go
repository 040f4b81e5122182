package server_test

import "testing"

// TestCostsOfNothing: our SDK names a cost only when it is known, 0 included.
func TestCostsOfNothing(t *testing.T) {
	a := newApp(t)
	a.sdk(sdkPairs[0].request)
	a.sdk(`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"x","estimatedCost":0}`)
	a.sdk(`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"llm:p:m","toolOutput":{"cost_usd":0.5},"estimatedCost":0}`)
	_, events := a.read("sess_1")
	if tool, llm := events[1].ToolCall.Cost, events[2].LLMCall.Cost; tool == nil || *tool != 0 || llm == nil || *llm != 0 {
		t.Errorf("costs are %v and %v", tool, llm)
	}
}
