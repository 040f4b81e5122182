package genai

import (
	"encoding/json"
	"strings"
)

// Mastra's exporters (@mastra/otel-exporter, @mastra/otel-bridge). One call of a model is up to four spans inside each other: model_generation, model_step,
// model_inference and model_chunk; of late only model_inference counts tokens. Before that it was model_generation, and llm_generation in the beginning.
var _ = newDialect(dialect{
	name: "mastra", rank: 40, turn: 52,
	scopes: []string{"@mastra/*", "mastra*"},
	keys: []keyed{
		{"mastra.metadata.sessionId", fieldSessionID},
		{"mastra.metadata.threadId", fieldSessionID},
		{"mastra.metadata.userId", fieldUserID},
		{"mastra.completion_start_time", fieldFirstTokenTime},
		{"mastra.tags", fieldTags},
		{"gen_ai.tool.input", fieldToolInput},
		{"gen_ai.tool.output", fieldToolOutput},
		{"gen_ai.usage.cached_input_tokens", fieldCacheReadTokens},
		{"gen_ai.usage.cache_creation.5m_input_tokens", fieldIgnored}, // of which the whole is counted elsewhere
		{"gen_ai.usage.cache_creation.1h_input_tokens", fieldIgnored},
	},
	families: []string{"mastra.metadata.", "mastra."},
	facts:    []string{"mastra.span.type", "gen_ai.tool.success"},
	kind:     kindOfMastra,
	read:     readMastra,
})

var mastraKinds = map[string]kind{
	"agent_run": kindAgent, "workflow_run": kindWorkflow,
	"llm_generation": kindLLM, "model_inference": kindLLM, "rag_embedding": kindEmbeddings,
	"tool_call": kindTool, "mcp_tool_call": kindTool, "provider_tool_call": kindTool, "client_tool_call": kindTool,
	"rag_vector_operation": kindRetrieval, "memory_operation": kindMemory,
}

func kindOfMastra(r *reading) (kind, string) {
	word := r.word("mastra.span.type")
	k := mastraKinds[word]
	if word == "model_generation" && (r.has(fieldInputTokens) || r.has(fieldOutputTokens)) {
		k = kindLLM
	}
	if k == kindOther && word != "" {
		k = kindChain
	}
	return k, r.saysFact("mastra.span.type")
}

func readMastra(r *reading, d *dialect) {
	for _, a := range r.family("mastra.metadata.") {
		r.leave("mastra.metadata."+a.Key, a.Value)
	}
	for _, a := range r.family("mastra.") {
		key := "mastra." + a.Key
		switch {
		case strings.HasSuffix(key, ".input"):
			r.give(d, 100, fieldInput, key, a.Value)
		case strings.HasSuffix(key, ".output"):
			mastraOutput(r, d, key, a.Value)
		default:
			r.fact(key, a.Value)
		}
	}
	if v, ok := r.facts["gen_ai.tool.success"]; ok && !boolOf(v) {
		r.fail(d, "gen_ai.tool.success")
	}
}

// mastraOutput reads what came out of a model or an agent: an object of the answer's text, reasoning, calls and object.
func mastraOutput(r *reading, d *dialect, key string, v any) {
	members := objectIn(structured(v))
	_, text := members["text"]
	if !text || strings.Contains(key, "tool") {
		r.give(d, 100, fieldOutput, key, v)
		return
	}
	r.giveAnswer(d, 100, key, members)
}

// giveAnswer gives the pieces of an answer, as the AI SDK and those who use it return it.
func (r *reading) giveAnswer(d *dialect, i int, key string, members map[string]json.RawMessage) {
	r.give(d, i, fieldOutputText, key, firstText(members, "text"))
	r.give(d, i, fieldReasoning, key, firstText(members, "reasoningText", "reasoning"))
	for f, raw := range map[field]json.RawMessage{
		fieldOutputObject: first(members, "object"), fieldOutputCalls: first(members, "toolCalls"), fieldFinishReasons: first(members, "finishReason"),
	} {
		if !emptyJSON(raw) {
			r.give(d, i, f, key, value(raw))
		}
	}
}
