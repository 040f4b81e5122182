package genai

import (
	"encoding/json"
	"strings"
)

// LangSmith's SDKs for Python and JavaScript: runs of LangChain and of traced functions, with whole bodies as prompt and completion. It is asked for the kind before
// the conventions are, because it calls prompts "chat" and retrievers "embeddings" in gen_ai.operation.name. What it calls a session is a project.
var _ = newDialect(dialect{
	name: "langsmith", rank: 80, turn: 25,
	scopes: []string{"langsmith"},
	keys: []keyed{
		{"langsmith.metadata.session_id", fieldSessionID},
		{"langsmith.metadata.thread_id", fieldSessionID},
		{"langsmith.metadata.conversation_id", fieldSessionID},
		{"langsmith.metadata.sessionId", fieldSessionID},
		{"langsmith.metadata.user_id", fieldUserID},
		{"langsmith.metadata.userId", fieldUserID},
		{"langsmith.metadata.ls_provider", fieldProvider},
		{"langsmith.metadata.ls_model_name", fieldRequestModel},
		{"langsmith.metadata.ls_temperature", fieldParameter},
		{"langsmith.metadata.ls_max_tokens", fieldParameter},
		{"langsmith.metadata.ls_stop", fieldParameter},
		{"langsmith.metadata.invocation_params", fieldParameters},
		{"langsmith.metadata.usage_metadata", fieldUsageDetails},
		{"langsmith.usage_metadata", fieldUsageDetails},
		{"langsmith.trace.name", fieldEntityName},
		{"langsmith.span.tags", fieldTags},
		{"langsmith.request.streaming", fieldParameter},
		{"langsmith.request.headers", fieldIgnored}, // may hold keys
		{"gen_ai.serialized.name", fieldIgnored},
		{"gen_ai.usage.input_token_details", fieldInputDetails},
		{"gen_ai.usage.output_token_details", fieldOutputDetails},
	},
	families: []string{"langsmith.metadata."},
	facts: []string{
		"langsmith.span.kind", "langsmith.span.id", "langsmith.trace.id", "langsmith.span.dotted_order", "langsmith.span.parent_id", "langsmith.trace.session_id",
		"langsmith.trace.session_name", "langsmith.span.runtime", "langsmith.is_root", "langsmith.traceable", "langsmith.traceable_parent_otel_span_id",
		"gen_ai.response.service_tier", "gen_ai.response.system_fingerprint",
	},
	kind:   func(r *reading) (kind, string) { return r.kindBy("langsmith.span.kind", langsmithKinds) },
	read:   readLangsmith,
	repair: repairLangsmith,
})

var langsmithKinds = map[string]kind{
	"llm": kindLLM, "chain": kindChain, "tool": kindTool, "retriever": kindRetrieval, "embedding": kindEmbeddings, "prompt": kindChain, "parser": kindChain,
}

func readLangsmith(r *reading, d *dialect) {
	r.keepFamily("langsmith.metadata.")
	if members := objectIn(structured(r.get(fieldUsageDetails).value)); members != nil {
		r.use(fieldUsageDetails)
		r.giveUsage(d, 900, r.get(fieldUsageDetails).key, members)
	}
	for _, f := range [...]field{fieldInputDetails, fieldOutputDetails} {
		if v := r.get(f); v.key != "" {
			r.use(f)
			r.giveUsageDetails(d, 900, v.key, objectIn(pythonic(v.value)))
		}
	}
	if tags, ok := r.get(fieldTags).value.(string); ok && r.get(fieldTags).key == "langsmith.span.tags" {
		r.set(fieldTags, strings.Split(tags, ", "), "")
	}
}

// pythonic reads JSON, and what str() makes of a simple dict in Python.
func pythonic(v any) json.RawMessage {
	if raw := structured(v); raw != nil {
		return raw
	}
	return structured(strings.NewReplacer("'", `"`, "None", "null", "True", "true", "False", "false").Replace(textOf(v)))
}

func repairLangsmith(r *reading) {
	out := r.get(fieldOutput)
	switch {
	case r.kind.inference():
		r.modelOfParameters()
		if raw := structured(out.value); raw != nil {
			r.giveReply(out.of, out.key, raw)
		}
		r.toolsOfInput()
	case r.kind.toolLike():
		if inner := only(structured(r.get(fieldInput).value), "input"); inner != nil {
			r.set(fieldInput, value(inner), "")
		}
		r.unchain(fieldOutput)
		if inner := only(structured(r.get(fieldOutput).value), "output"); inner != nil {
			r.set(fieldOutput, value(inner), "")
		}
	}
}
