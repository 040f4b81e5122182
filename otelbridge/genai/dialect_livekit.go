package genai

import "strings"

// LiveKit Agents, in Python and TypeScript. What is said carries a "pii" in the name of its attribute since version 1.3. A call of a model is a span llm_request
// inside an llm_node, with attempts called llm_request_run in it; speech in and out are spans of the same conversation, and no calls of models.
var _ = newDialect(dialect{
	name: "livekit", rank: 98, turn: 85,
	scopes: []string{"livekit-agents", "livekit*", "@livekit/agents*"},
	keys: []keyed{
		{"lk.pii.chat_ctx", fieldInputMessages},
		{"lk.chat_ctx", fieldInputMessages},
		{"lk.pii.response.text", fieldOutputText},
		{"lk.response.text", fieldOutputText},
		{"lk.pii.response.function_calls", fieldOutputCalls},
		{"lk.response.function_calls", fieldOutputCalls},
		{"lk.response.ttft", fieldFirstTokenSeconds},
		{"lk.function_tools", fieldToolDefinitions},
		{"lk.pii.instructions", fieldSystem},
		{"lk.instructions", fieldSystem},
		{"lk.function_tool.id", fieldToolCallID},
		{"lk.function_tool.name", fieldToolName},
		{"lk.pii.function_tool.arguments", fieldToolInput},
		{"lk.function_tool.arguments", fieldToolInput},
		{"lk.pii.function_tool.output", fieldToolOutput},
		{"lk.function_tool.output", fieldToolOutput},
		{"lk.pii.user_input", fieldInput},
		{"lk.user_input", fieldInput},
		{"lk.pii.user_transcript", fieldInput},
		{"lk.user_transcript", fieldInput},
		{"lk.pii.input_text", fieldInput},
		{"lk.input_text", fieldInput},
		{"lk.agent_name", fieldAgentName},
		{"gen_ai.usage.input_cached_tokens", fieldCacheReadTokens},
		{"gen_ai.usage.cache_write.input_tokens", fieldCacheWriteTokens},
	},
	families: []string{"lk.pii.", "lk."},
	kind:     kindOfLiveKit,
	read:     readLiveKit,
})

// kindOfLiveKit goes by names. Speech has models too, and would be taken for calls of them.
func kindOfLiveKit(r *reading) (kind, string) {
	rule := "a span of LiveKit called " + r.span.Name
	switch name := r.span.Name; {
	case name == "llm_node", name == "llm_request":
		return kindLLM, rule
	case name == "function_tool":
		return kindTool, rule
	case name == "agent_session":
		return kindAgent, rule
	case name == "llm_request_run", strings.HasPrefix(name, "tts_"), strings.HasPrefix(name, "stt_"), strings.HasPrefix(name, "eou_"), strings.HasSuffix(name, "_turn"),
		strings.HasSuffix(name, "_agent_activity"), strings.HasSuffix(name, "_speaking"), name == "job_entrypoint":
		return kindChain, rule
	}
	return kindOther, ""
}

func readLiveKit(r *reading, d *dialect) {
	for _, a := range r.family("lk.pii.") {
		r.leave("lk.pii."+a.Key, a.Value)
	}
	for _, a := range r.family("lk.") {
		switch key := "lk." + a.Key; a.Key {
		case "llm_metrics", "realtime_model_metrics":
			livekitMetrics(r, d, key, a.Value)
		case "function_tool.is_error":
			if boolOf(a.Value) {
				r.fail(d, key)
			}
		case "participant_identity", "room_name", "tts_metrics", "session_options":
			r.leave(key, a.Value)
		default:
			r.fact(key, a.Value)
		}
	}
	livekitMessages(r)
}

func livekitMetrics(r *reading, d *dialect, key string, v any) {
	raw := structured(v)
	members := objectIn(raw)
	r.giveUsage(d, 110, key, objectIn(raw))
	r.give(d, 111, fieldResponseID, key, firstText(members, "request_id"))
	r.give(d, 112, fieldFirstTokenSeconds, key, value(first(members, "ttft")))
	r.give(d, 113, fieldRequestModel, key, firstText(objectIn(first(members, "metadata")), "model_name"))
	r.give(d, 114, fieldProvider, key, firstText(objectIn(first(members, "metadata")), "model_provider"))
}

// livekitMessages takes the messages out of what a conversation is written as: {"items": […]}.
func livekitMessages(r *reading) {
	f := r.get(fieldInputMessages)
	if f.of == nil || f.of.name != "livekit" {
		return
	}
	if items := member(structured(f.value), "items"); items != nil {
		r.set(fieldInputMessages, items, "")
	}
}
