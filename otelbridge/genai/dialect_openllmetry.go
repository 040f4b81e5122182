package genai

import (
	"encoding/json"
	"strings"
)

// OpenLLMetry (Traceloop): decorators for workflows, agents, tasks and tools, and instrumentations of providers. Since 2026 the latter follow the conventions; before,
// and still in many programs, they wrote llm.* and gen_ai.prompt.N.*, the latter of which is read with the deprecated spellings.
var _ = newDialect(dialect{
	name: "openllmetry", rank: 50, turn: 40,
	scopes: []string{"@traceloop/*", "traceloop.*"},
	keys: []keyed{
		{"traceloop.association.properties.session_id", fieldSessionID},
		{"traceloop.association.properties.sessionId", fieldSessionID},
		{"traceloop.association.properties.session.id", fieldSessionID},
		{"traceloop.association.properties.conversation_id", fieldSessionID},
		{"traceloop.association.properties.thread_id", fieldSessionID},
		{"traceloop.association.properties.chat_id", fieldSessionID},
		{"traceloop.association.properties.user_id", fieldUserID},
		{"traceloop.association.properties.userId", fieldUserID},
		{"traceloop.association.properties.user.id", fieldUserID},
		{"traceloop.entity.name", fieldEntityName},
		{"traceloop.entity.input", fieldInput},
		{"traceloop.entity.output", fieldOutput},
		{"traceloop.prompt.key", fieldPromptName},
		{"traceloop.prompt.version", fieldPromptVersion},

		{"llm.vendor", fieldProvider},
		{"llm.request.model", fieldRequestModel},
		{"llm.response.model", fieldServedModel},
		{"llm.response.id", fieldResponseID},
		{"llm.response.finish_reason", fieldFinishReasons},
		{"llm.response.stop_reason", fieldFinishReasons},
		{"gen_ai.response.finish_reason", fieldFinishReasons},
		{"gen_ai.response.stop_reason", fieldFinishReasons},
		{"llm.usage.prompt_tokens", fieldInputTokens},
		{"llm.usage.completion_tokens", fieldOutputTokens},
		{"llm.usage.total_tokens", fieldTotalTokens},
		{"llm.usage.reasoning_tokens", fieldReasoningTokens},
		{"llm.usage.cache_read_input_tokens", fieldCacheReadTokens},
		{"llm.usage.cache_creation_input_tokens", fieldCacheWriteTokens},
		{"llm.user", fieldUserID},
		{"gen_ai.user", fieldUserID},
		{"llm.temperature", fieldParameter},
		{"llm.top_p", fieldParameter},
		{"llm.top_k", fieldParameter},
		{"llm.frequency_penalty", fieldParameter},
		{"llm.presence_penalty", fieldParameter},
		{"llm.chat.stop_sequences", fieldParameter},
		{"llm.is_streaming", fieldParameter},
		{"gen_ai.is_streaming", fieldParameter},
		{"llm.headers", fieldIgnored}, // may hold keys
		{"gen_ai.headers", fieldIgnored},
	},
	families: []string{
		"traceloop.association.properties.", "llm.request.", "llm.request.functions.", "llm.completions.", "gen_ai.tool.definitions.", "llm.watsonx.",
	},
	facts: []string{
		"traceloop.span.kind", "llm.request.type", "traceloop.workflow.name", "traceloop.entity.path", "traceloop.entity.version", "traceloop.prompt.managed",
		"traceloop.prompt.version_name", "traceloop.prompt.version_hash", "traceloop.correlation.id", "gen_ai.openai.api_base", "gen_ai.openai.api_version",
		"gen_ai.openai.api_type", "gen_ai.openai.system_fingerprint", "llm.usage.token_type", "gen_ai.response.reasoning_effort", "llm.response.reasoning_effort",
	},
	kind:   kindOfOpenLLMetry,
	read:   readOpenLLMetry,
	repair: repairOpenLLMetry,
})

var openLLMetryKinds = map[string]kind{"workflow": kindWorkflow, "agent": kindAgent, "task": kindChain, "tool": kindTool}

var requestTypes = map[string]kind{
	"chat": kindLLM, "completion": kindLLM, "embedding": kindEmbeddings, "embeddings": kindEmbeddings, "rerank": kindRetrieval,
}

func kindOfOpenLLMetry(r *reading) (kind, string) {
	if k, rule := r.kindBy("traceloop.span.kind", openLLMetryKinds); k != kindOther {
		return k, rule
	}
	return r.kindBy("llm.request.type", requestTypes)
}

func readOpenLLMetry(r *reading, d *dialect) {
	r.keepFamily("traceloop.association.properties.")
	r.parametersOfFamily("llm.request.")
	r.parametersOfFamily("llm.watsonx.")
	r.answered(d, "llm.completions.*", flatMessages(r.family("llm.completions."), "assistant"))
	for _, prefix := range [...]string{"llm.request.functions.", "gen_ai.tool.definitions."} {
		r.give(d, 900, fieldToolDefinitions, prefix+"*", flatTools(r.family(prefix), ""))
	}
}

func repairOpenLLMetry(r *reading) {
	for _, f := range [...]field{fieldInput, fieldOutput} {
		if v := r.get(f); v.key == "traceloop.entity.input" || v.key == "traceloop.entity.output" {
			switch inner := entityBody(structured(v.value)); {
			case inner == nil:
			case emptyJSON(inner):
				r.drop(f) // no arguments
			default:
				r.set(f, value(inner), "")
			}
		}
	}
	if r.kind.toolLike() {
		r.unchain(fieldOutput)
	}
	// The instrumentation of Anthropic's library for JavaScript reports the API's counts as they are, which leave cached tokens out. The one for Python adds them.
	if s := r.span.Scope.Name; strings.HasPrefix(s, "@traceloop/") && strings.Contains(s, "anthropic") {
		r.excluded()
	}
}

// entityBody takes what went in or came out of what was put around it: arguments of functions, and of LangChain's callbacks.
func entityBody(raw json.RawMessage) json.RawMessage {
	members := objectIn(raw)
	if inner := first(members, "inputs", "outputs", "output", "input_str"); inner != nil && (members["kwargs"] != nil || members["tags"] != nil) {
		return inner
	}
	args, hasArgs := members["args"]
	kwargs, hasKwargs := members["kwargs"]
	if !hasArgs || !hasKwargs || len(members) != 2 {
		return nil
	}
	list := listIn(args)
	switch {
	case len(list) == 0:
		return kwargs
	case len(objectIn(kwargs)) > 0:
		return nil
	case len(list) == 1:
		return list[0]
	}
	return args
}
