package genai

import (
	"maps"
	"slices"
	"strings"
)

// Braintrust's SDKs for Go, Java, Ruby and others. Objects are JSON in one attribute, or have an attribute for each member.
var _ = newDialect(dialect{
	name: "braintrust", rank: 91, turn: 91,
	scopes: []string{"braintrust*"},
	keys: []keyed{
		{"braintrust.input_json", fieldInput},
		{"braintrust.input", fieldInput},
		{"braintrust.output_json", fieldOutput},
		{"braintrust.output", fieldOutput},
		{"braintrust.tags", fieldTags},
		{"braintrust.metadata.session_id", fieldSessionID},
		{"braintrust.metadata.sessionId", fieldSessionID},
		{"braintrust.metadata.thread_id", fieldSessionID},
		{"braintrust.metadata.conversation_id", fieldSessionID},
		{"braintrust.metadata.user_id", fieldUserID},
		{"braintrust.metadata.userId", fieldUserID},
		{"braintrust.metadata.model", fieldNamedModel},
		{"braintrust.metadata.provider", fieldProvider},
		{"braintrust.metadata.tools", fieldToolDefinitions},
		{"braintrust.metrics.prompt_tokens", fieldInputTokens},
		{"braintrust.metrics.completion_tokens", fieldOutputTokens},
		{"braintrust.metrics.tokens", fieldTotalTokens},
		{"braintrust.metrics.prompt_cached_tokens", fieldCacheReadTokens},
		{"braintrust.metrics.prompt_cache_creation_tokens", fieldCacheWriteTokens},
		{"braintrust.metrics.completion_reasoning_tokens", fieldReasoningTokens},
		{"braintrust.metrics.time_to_first_token", fieldFirstTokenSeconds},
		{"braintrust.metrics.estimated_cost", fieldCost},
	},
	families: []string{"braintrust.span_attributes.", "braintrust.metadata.", "braintrust.metrics.", "braintrust."},
	kind:     kindOfBraintrust,
	read:     readBraintrust,
	repair:   repairBraintrust,
})

var braintrustKinds = map[string]kind{
	"llm": kindLLM, "tool": kindTool, "task": kindChain, "function": kindChain, "eval": kindChain, "score": kindChain, "preprocessor": kindChain, "classifier": kindChain,
}

func kindOfBraintrust(r *reading) (kind, string) {
	return r.kindBy("braintrust.span_attributes.type", braintrustKinds)
}

func readBraintrust(r *reading, _ *dialect) {
	for _, a := range r.family("braintrust.") {
		switch a.Key {
		case "span_attributes", "metadata", "metrics":
			members := objectIn(structured(a.Value))
			for _, name := range slices.Sorted(maps.Keys(members)) {
				braintrustMember(r, a.Key, name, value(members[name]))
			}
		case "parent", "org", "app_url":
			r.fact("braintrust."+a.Key, a.Value)
		default:
			r.leave("braintrust."+a.Key, a.Value)
		}
	}
	for _, of := range [...]string{"span_attributes", "metadata", "metrics"} {
		for _, a := range r.family("braintrust." + of + ".") {
			braintrustMember(r, of, a.Key, a.Value)
		}
	}
}

// braintrustMember reads a member of one of the objects. Metadata holds the request's parameters beside what the program says of its own accord.
func braintrustMember(r *reading, of, name string, v any) {
	switch key := "braintrust." + of + "." + name; {
	case vocabulary.keys[key] != nil:
		r.sort(&Attribute{key, v})
	case of == "metadata" && slices.Contains(samplingNames, name):
		r.parameter(name, v)
	default:
		r.keep(key, v)
	}
}

// repairBraintrust takes from the reply what no attribute says. A call of an embedder is a call of a model like others, but for its name and its output.
func repairBraintrust(r *reading) {
	out := r.get(fieldOutput)
	if r.kind != kindLLM || out.of == nil || !strings.HasPrefix(out.key, "braintrust.") {
		return
	}
	if strings.HasPrefix(strings.ToLower(r.span.Name), "embed") || strings.HasSuffix(r.span.Name, ".embed") {
		r.kind = kindEmbeddings
	}
	if raw := structured(out.value); raw != nil {
		r.giveReply(out.of, out.key, raw)
	}
}
