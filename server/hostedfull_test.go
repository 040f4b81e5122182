package server_test

import (
	"strings"
	"testing"
)

// fullProgram is what a client sends that writes every field it knows into each body, null or 0.0 where there is nothing to say.
var fullProgram = []string{
	`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"set_temperature","toolInput":{"value":21},"toolOutput":{"value":null},"toolError":null,"reasoning":"cold",
		"alternativesConsidered":null,"confidence":null,"stateBefore":{"room":17},"stateAfter":{"room":21},"estimatedCost":0.0,"tokenCount":null,"traceId":null,"spanId":null,
		"branchName":"main","metadata":{"sentrial_duration_ms":3}}`,
	`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"open_window","toolInput":{},"toolOutput":null,"toolError":{"message":"stuck","type":null,"stack_trace":null},
		"reasoning":null,"alternativesConsidered":null,"confidence":null,"stateBefore":null,"stateAfter":null,"estimatedCost":0.002,"tokenCount":null,"traceId":"t1","spanId":"s1",
		"branchName":null,"metadata":null}`,
	`POST /events {"sessionId":"SESSION","eventType":"tool_call","toolName":"llm:openai:gpt-4o","toolInput":{"messages":[{"role":"user","content":"hi"}],"model":"gpt-4o","provider":"openai"},
		"toolOutput":{"content":"Hello.","tokens":{"prompt":12,"completion":8,"total":20},"cost_usd":0.0042},"toolError":null,"reasoning":"LLM call","alternativesConsidered":null,"confidence":null,
		"stateBefore":null,"stateAfter":null,"estimatedCost":0.0,"tokenCount":20,"traceId":null,"spanId":null,"branchName":null,"metadata":{}}`,
	`POST /events {"sessionId":"SESSION","eventType":"llm_decision","toolName":null,"toolInput":null,"toolOutput":null,"toolError":null,"reasoning":"warm enough","alternativesConsidered":["wait"],
		"confidence":0.9,"stateBefore":{"room":17},"stateAfter":{"room":21},"estimatedCost":0.0,"tokenCount":null,"traceId":"t1","spanId":null,"branchName":"main","metadata":null}`,
	`POST /events {"sessionId":"SESSION","eventType":"error","toolName":"open_window","toolInput":null,"toolOutput":null,"toolError":{"message":"stuck","type":"IOError","stack_trace":null},
		"reasoning":null,"alternativesConsidered":null,"confidence":null,"stateBefore":{"window":"shut"},"stateAfter":null,"estimatedCost":0.0,"tokenCount":null,"traceId":"t1","spanId":"s1",
		"branchName":null,"metadata":null}`,
	`POST /events {"sessionId":"SESSION","eventType":"state_change","toolName":null,"toolInput":null,"toolOutput":null,"toolError":null,"reasoning":null,"alternativesConsidered":null,
		"confidence":null,"stateBefore":{"value":1},"stateAfter":{"value":2},"estimatedCost":0.0,"tokenCount":null,"traceId":null,"spanId":null,"branchName":null,"metadata":null}`,
	`PATCH /sessions/SESSION {"status":"completed","success":true,"failureReason":null,"estimatedCost":0.0,"durationMs":1500,"promptTokens":null,"completionTokens":null,"totalTokens":0,
		"customMetrics":null,"userInput":"warmer, please","assistantOutput":"21 degrees","branchName":null,"metadata":null}`,
}

// TestFullProgram has what becomes of bodies that name every field.
func TestFullProgram(t *testing.T) {
	a := newApp(t)
	id := decode[struct{ ID string }](t, a.must("POST", "/sessions", `{"name":"heating","agentName":"home","userId":"u1","branchName":null,"parentSessionId":null,"metadata":null}`)).ID
	for _, request := range fullProgram {
		method, rest, _ := strings.Cut(strings.ReplaceAll(request, "SESSION", id), " ")
		target, body, _ := strings.Cut(rest, " ")
		a.must(method, target, body)
	}
	golden(t, "hosted_full", a.get("/v1/sessions/"+id), a.get("/v1/sessions/"+id+"/events"))
}
