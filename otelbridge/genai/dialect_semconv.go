package genai

import "strings"

// The GenAI conventions of OpenTelemetry as they stand (semantic-conventions-genai, 2026-08). They are still moving and the semconv packages of the Go SDK drop and
// regain names from one version to the next, so their spelling is kept here.
var _ = newDialect(dialect{
	name: "semconv", rank: 20, turn: 30,
	keys: []keyed{
		{"gen_ai.operation.name", fieldOperation},
		{"gen_ai.provider.name", fieldProvider},
		{"gen_ai.request.model", fieldRequestModel},
		{"gen_ai.response.model", fieldServedModel},
		{"gen_ai.response.id", fieldResponseID},
		{"gen_ai.response.finish_reasons", fieldFinishReasons},
		{"gen_ai.response.time_to_first_chunk", fieldFirstTokenSeconds},
		{"gen_ai.output.type", fieldOutputType},
		{"gen_ai.embeddings.dimension.count", fieldDimensions},
		{"gen_ai.prompt.name", fieldPromptName},
		{"gen_ai.prompt.version", fieldPromptVersion},

		{"gen_ai.usage.input_tokens", fieldInputTokens},
		{"gen_ai.usage.output_tokens", fieldOutputTokens},
		{"gen_ai.usage.total_tokens", fieldTotalTokens},
		{"gen_ai.usage.cache_read.input_tokens", fieldCacheReadTokens},
		{"gen_ai.usage.cache_creation.input_tokens", fieldCacheWriteTokens},
		{"gen_ai.usage.reasoning.output_tokens", fieldReasoningTokens},

		{"gen_ai.system_instructions", fieldSystem},
		{"gen_ai.input.messages", fieldInputMessages},
		{"gen_ai.output.messages", fieldOutputMessages},
		{"gen_ai.tool.definitions", fieldToolDefinitions},

		{"gen_ai.tool.name", fieldToolName},
		{"gen_ai.tool.call.id", fieldToolCallID},
		{"gen_ai.tool.call.arguments", fieldToolInput},
		{"gen_ai.tool.call.result", fieldToolOutput},
		{"gen_ai.retrieval.query.text", fieldToolInput},
		{"gen_ai.retrieval.documents", fieldToolOutput},
		{"gen_ai.memory.query.text", fieldToolInput},
		{"gen_ai.memory.records", fieldToolOutput},

		{"gen_ai.agent.name", fieldAgentName},
		{"gen_ai.agent.version", fieldAgentVersion},
		{"gen_ai.workflow.name", fieldEntityName},
		{"session.id", fieldSessionID},
		{"gen_ai.conversation.id", fieldSessionID},
		{"gen_ai.conversation.id", fieldConversationID},
		{"user.id", fieldUserID},
		{"enduser.id", fieldUserID},

		{"gen_ai.evaluation.name", fieldEvaluationName},
		{"gen_ai.evaluation.score.value", fieldEvaluationScore},
		{"gen_ai.evaluation.score.label", fieldEvaluationLabel},
		{"gen_ai.evaluation.explanation", fieldEvaluationExplanation},

		{"error.type", fieldErrorType},
		{"error.message", fieldErrorMessage},
	},
	families: []string{"gen_ai.request.", "gen_ai.usage."},
	facts: []string{
		"gen_ai.agent.id", "gen_ai.data_source.id", "gen_ai.token.type", "gen_ai.tool.type", "gen_ai.memory.store.id", "gen_ai.memory.record.id",
		"gen_ai.memory.record.count", "server.address", "server.port", "aws.bedrock.guardrail.id", "aws.bedrock.knowledge_base.id",
		"azure.resource_provider.namespace", "openai.api.type", "openai.request.service_tier", "openai.response.service_tier",
		"openai.response.system_fingerprint", "http.response.status_code", "http.status_code", "gen_ai.client.operation.duration", "gen_ai.execute_tool.duration", "gen_ai.workflow.duration",
		"gen_ai.invoke_agent.duration",
	},
	common: []string{
		"session.id", "user.id", "enduser.id", "error.type", "error.message", "server.address", "server.port", "http.response.status_code", "http.status_code",
		"azure.resource_provider.namespace",
	},
	events: []string{"gen_ai.client.inference.operation.details", "gen_ai.evaluation.result"},
	kind:   kindOfOperation,
	read:   readSemconv,
})

func kindOfOperation(r *reading) (kind, string) {
	if !r.has(fieldOperation) {
		return kindOther, ""
	}
	name := strings.ToLower(wordOf(r.get(fieldOperation).value))
	k, ok := operations[name]
	switch {
	case ok && k.inference() && r.get(fieldToolCallID).key != "" && !r.has(fieldRequestModel):
		return kindTool, "it has " + r.get(fieldToolCallID).key
	case ok:
		return k, r.saysOperation()
	}
	return kindOther, "" // an operation of somebody's own
}

// readSemconv reads parameters, counts that have no field, and what was said in events.
func readSemconv(r *reading, d *dialect) {
	for _, a := range r.family("gen_ai.request.") {
		r.parameter(a.Key, a.Value)
	}
	for _, a := range r.family("gen_ai.usage.") {
		r.fact("gen_ai.usage."+a.Key, a.Value)
	}
	r.eachEvent(func(e *SpanEvent) {
		switch e.Name {
		case "gen_ai.client.inference.operation.details", "gen_ai.evaluation.result":
			for i := range e.Attributes {
				r.sort(&e.Attributes[i])
			}
		}
	})
}

// eachEvent calls fn for the events of the span and the log records that belong to it.
func (r *reading) eachEvent(fn func(*SpanEvent)) {
	for _, list := range [2][]SpanEvent{r.span.Events, r.extra} {
		for i := range list {
			fn(&list[i])
		}
	}
}
