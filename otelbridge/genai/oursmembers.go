package genai

import "encoding/json"

// ourMember is a member of an event on the wire that is an attribute of its span.
type ourMember struct {
	key, name string
	how       func(any) any
	content   bool
}

// member reads one.
func (o *ourEvent) member(m ourMember) {
	if m.content && o.withoutContent {
		return
	}
	if v := o.value(m.key); v != nil && o.fields[m.name] == nil {
		if v = m.how(v); v != nil {
			o.fields[m.name] = v
		}
	}
}

// The ways in which a member is written.
func asItIs(v any) any { return v }
func asText(v any) any { return textOf(v) }

func asTexts(v any) any { return textsOf(v) }

// asFirst is for a list of which an event has one.
func asFirst(v any) any {
	if list := textsOf(v); len(list) > 0 {
		return list[0]
	}
	return nil
}

func inJSON(v any) any {
	if raw := structured(v); raw != nil {
		return raw
	}
	if text, ok := v.(string); ok && json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return nil
}

// inJSONOrText is for values that are written as they are when they are texts that are no JSON.
func inJSONOrText(v any) any {
	if raw := inJSON(v); raw != nil {
		return raw
	}
	return v
}

func inMilliseconds(v any) any {
	if seconds, ok := numberOf(v); ok {
		return seconds * 1000
	}
	return nil
}

// asSaid is for what an agent was asked or answered, which is a message where it is a text.
func asSaid(v any) any { return plainText(conversation(v, "user")) }

var ourEnvelope = []ourMember{
	{"sentrial.seq", "seq", asItIs, false},
	{"sentrial.metadata", "metadata", inJSON, false},
}

var (
	ourInput = []ourMember{
		{"sentrial.input", "input", inJSON, true},
		{"gen_ai.input.messages", "input", asSaid, true},
	}
	ourOutput = []ourMember{
		{"sentrial.output", "output", inJSON, true},
		{"gen_ai.output.messages", "output", asSaid, true},
	}
	ourSession = append([]ourMember{
		{"sentrial.session.name", "name", asText, false},
		{"sentrial.session.agent_name", "agent_name", asText, false},
		{"gen_ai.agent.version", "agent_version", asText, false},
		{"sentrial.user.id", "user_id", asText, false},
		{"sentrial.conversation.id", "conversation_id", asText, false},
		{"sentrial.session.parent_id", "parent_session_id", asText, false},
		{"sentrial.tags", "tags", asTexts, false},
	}, ourInput...)
	ourJudgement = []ourMember{
		{"gen_ai.evaluation.name", "name", asText, false},
		{"gen_ai.evaluation.score.value", "score", asItIs, false},
		{"gen_ai.evaluation.score.label", "label", asText, false},
		{"gen_ai.evaluation.explanation", "comment", asText, true},
	}
)

// ourMembers are the members of each type of event. Of two attributes for one member the first counts.
var ourMembers = map[EventType][]ourMember{
	EventSessionStart:  ourSession,
	EventSessionUpdate: ourSession,
	EventSessionEnd: append([]ourMember{
		{"sentrial.summary", "summary", asText, true},
		{"sentrial.metrics", "metrics", inJSON, false},
	}, ourOutput...),
	EventToolCall: {
		{"gen_ai.tool.name", "tool_name", asText, false},
		{"gen_ai.tool.call.id", "call_id", asText, false},
		{"gen_ai.tool.call.arguments", "tool_input", inJSONOrText, true},
		{"gen_ai.tool.call.result", "tool_output", inJSONOrText, true},
		{"sentrial.reasoning", "reasoning", asText, true},
		{"sentrial.error", "error", asText, false},
		{"sentrial.attempt", "attempt", asItIs, false},
		{"sentrial.cost", "cost", asItIs, false},
	},
	EventDecision: {
		{"sentrial.decision.reasoning", "reasoning", asText, true},
		{"sentrial.decision.alternatives", "alternatives", asTexts, true},
		{"sentrial.decision.chosen", "chosen", asText, true},
		{"sentrial.decision.confidence", "confidence", asItIs, false},
	},
	EventLLMCall: {
		{"gen_ai.response.model", "model", asText, false},
		{"gen_ai.request.model", "request_model", asText, false},
		{"gen_ai.provider.name", "provider", asText, false},
		{"gen_ai.operation.name", "operation", asText, false},
		{"gen_ai.response.id", "response_id", asText, false},
		{"sentrial.prompt", "prompt", asText, true},
		{"sentrial.response", "response", asText, true},
		{"gen_ai.tool.definitions", "tool_definitions", inJSON, true},
		{"gen_ai.prompt.name", "prompt_name", asText, false},
		{"sentrial.prompt.version", "prompt_version", asText, false},
		{"gen_ai.usage.input_tokens", "prompt_tokens", asItIs, false},
		{"gen_ai.usage.output_tokens", "completion_tokens", asItIs, false},
		{"sentrial.usage.total_tokens", "tokens_used", asItIs, false},
		{"gen_ai.usage.cache_read.input_tokens", "cached_tokens", asItIs, false},
		{"gen_ai.usage.cache_creation.input_tokens", "cache_write_tokens", asItIs, false},
		{"gen_ai.usage.reasoning.output_tokens", "reasoning_tokens", asItIs, false},
		{"sentrial.cost", "cost", asItIs, false},
		{"gen_ai.response.finish_reasons", "finish_reason", asFirst, false},
		{"sentrial.attempts", "attempts", asItIs, false},
		{"gen_ai.response.time_to_first_chunk", "time_to_first_token_ms", inMilliseconds, false},
		{"sentrial.error", "error", asText, false},
	},
	EventStep: append(append([]ourMember{
		{"sentrial.step.name", "name", asText, false},
		{"sentrial.step.kind", "kind", asText, false},
		{"sentrial.error", "error", asText, false},
	}, ourInput...), ourOutput...),
	EventError: {
		{"exception.type", "error_type", asText, false},
		{"exception.message", "error_message", asText, false},
		{"exception.stacktrace", "stack_trace", asText, false},
		{"sentrial.error.recoverable", "recoverable", asItIs, false},
		{"sentrial.error.recovery_action", "recovery_action", asText, false},
	},
	EventFeedback: {
		{"sentrial.feedback.event_id", "event_id", asText, false},
		{"sentrial.feedback.user_id", "user_id", asText, false},
	},
}
