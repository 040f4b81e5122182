package genai

// Pipecat. A conversation is a span, each turn of it another, and in a turn what was heard, thought and said; only calls of models (and of tools) are events.
var _ = newDialect(dialect{
	name: "pipecat", rank: 99, turn: 97,
	scopes: []string{"pipecat*"},
	keys: []keyed{
		{"conversation.id", fieldSessionID},
		{"conversation.id", fieldConversationID},
		{"conversation.type", fieldFact},
		{"turn.number", fieldFact},
		{"turn.was_interrupted", fieldFact},
		{"service.operation", fieldFact},
		{"text_output", fieldOutputText},
		{"tool.function_name", fieldToolName},
		{"tool.call_id", fieldToolCallID},
		{"tool.arguments", fieldToolInput},
		{"tool.result", fieldToolOutput},
		{"tool.result_status", fieldToolStatus},
		{"metrics.ttfb", fieldFirstTokenSeconds},
	},
	common: []string{"conversation.id", "conversation.type", "turn.number", "turn.was_interrupted", "service.operation", "text_output"},
	kind:   kindOfPipecat,
})

func kindOfPipecat(r *reading) (kind, string) {
	switch r.span.Name {
	case "conversation":
		if r.has(fieldConversationID) {
			return kindAgent, "a span of Pipecat called conversation"
		}
	case "turn":
		return kindChain, "a span of Pipecat called turn"
	}
	switch textOf(r.get(fieldOperation).value) {
	case "tts", "stt", "llm_setup", "llm_request", "llm_tool_result", "transcription", "text_to_speech", "speech_to_text":
		return kindChain, r.saysOperation() // they name a model, but are no calls of one
	case "llm_tool_call":
		return kindTool, r.saysOperation()
	case "llm_response", "model_turn":
		return kindLLM, r.saysOperation()
	}
	return kindOther, ""
}
