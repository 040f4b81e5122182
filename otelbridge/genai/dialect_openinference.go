package genai

import "strings"

// OpenInference (Arize, Phoenix): instrumentations for Python, JavaScript and Java that flatten lists into attributes with numbers in their names.
var _ = newDialect(dialect{
	name: "openinference", rank: 60, turn: 20,
	scopes: []string{"@arizeai/openinference-*", "openinference.*"},
	keys: []keyed{
		{"llm.response.model_name", fieldServedModel},
		{"llm.request.model_name", fieldRequestModel},
		{"llm.model_name", fieldNamedModel},
		{"embedding.model_name", fieldNamedModel},
		{"llm.provider", fieldProvider},
		{"llm.system", fieldProvider},
		{"llm.finish_reason", fieldFinishReasons},
		{"llm.invocation_parameters", fieldParameters},
		{"embedding.invocation_parameters", fieldParameters},
		{"prompt.id", fieldPromptName},
		{"llm.prompt_template.version", fieldPromptVersion},

		{"llm.token_count.prompt", fieldInputTokens},
		{"llm.token_count.completion", fieldOutputTokens},
		{"llm.token_count.total", fieldTotalTokens},
		{"llm.token_count.prompt_details.cache_read", fieldCacheReadTokens},
		{"llm.token_count.prompt_details.cache_input", fieldCacheReadTokens},
		{"llm.token_count.prompt_details.cache_write", fieldCacheWriteTokens},
		{"llm.token_count.completion_details.reasoning", fieldReasoningTokens},
		{"llm.cost.total", fieldCost},
		{"llm.cost.prompt", fieldInputCost},
		{"llm.cost.completion", fieldOutputCost},

		{"tool.name", fieldToolName},
		{"tool_call.function.name", fieldToolName},
		{"tool.id", fieldToolCallID},
		{"tool_call.id", fieldToolCallID},
		{"tool.parameters", fieldToolInput},
		{"tool_call.function.arguments", fieldToolInput},
		{"input.value", fieldInput},
		{"llm.prompts", fieldInput},
		{"output.value", fieldOutput},
		{"input.mime_type", fieldIgnored},
		{"output.mime_type", fieldIgnored},

		{"agent.name", fieldAgentName},
		{"tag.tags", fieldTags},
		// The members of the attribute "metadata", which is an object in JSON.
		{"metadata.session_id", fieldSessionID},
		{"metadata.sessionId", fieldSessionID},
		{"metadata.thread_id", fieldSessionID},
		{"metadata.conversation_id", fieldSessionID},
		{"metadata.user_id", fieldUserID},
		{"metadata.userId", fieldUserID},
	},
	families: []string{
		"llm.input_messages.", "llm.output_messages.", "llm.prompts.", "llm.choices.", "llm.tools.", "llm.token_count.", "llm.cost.",
		"embedding.embeddings.", "retrieval.documents.", "reranker.",
	},
	facts: []string{
		"openinference.span.kind", "graph.node.id", "graph.node.name", "graph.node.parent_id", "prompt.vendor", "prompt.url", "metadata",
	},
	common: []string{"metadata", "tag.tags", "agent.name", "prompt.id", "prompt.url", "tool.name", "tool.id", "input.mime_type", "output.mime_type"},
	kind:   kindOfOpenInference,
	read:   readOpenInference,
	repair: repairOpenInference,
})

var openInferenceKinds = map[string]kind{
	"llm": kindLLM, "embedding": kindEmbeddings, "tool": kindTool, "agent": kindAgent, "retriever": kindRetrieval, "reranker": kindRetrieval,
	"chain": kindChain, "guardrail": kindChain, "evaluator": kindChain, "prompt": kindChain,
}

func kindOfOpenInference(r *reading) (kind, string) {
	return r.kindBy("openinference.span.kind", openInferenceKinds)
}

func readOpenInference(r *reading, d *dialect) {
	r.heard(d, "llm.input_messages.*", openInferenceMessages(r.family("llm.input_messages."), "user"))
	r.heard(d, "llm.prompts.*", openInferenceTexts(r.family("llm.prompts."), "user", "prompt.text"))
	r.answered(d, "llm.output_messages.*", openInferenceMessages(r.family("llm.output_messages."), "assistant"))
	r.answered(d, "llm.choices.*", openInferenceTexts(r.family("llm.choices."), "assistant", "completion.text"))
	r.give(d, 910, fieldToolDefinitions, "llm.tools.*", flatTools(r.family("llm.tools."), "tool."))
	r.give(d, 910, fieldToolOutput, "retrieval.documents.*", flatObjects(r.family("retrieval.documents."), "document."))
	r.give(d, 910, fieldInput, "embedding.embeddings.*", flatTexts(r.family("embedding.embeddings."), "embedding.text"))
	readReranker(r, d)
	r.factsOfFamily("llm.token_count.")
	r.factsOfFamily("llm.cost.")
	readMetadata(r, d)
}

// readMetadata takes the members of the attribute "metadata". What LangChain notes there about the model (ls_…) counts where nothing better is known.
func readMetadata(r *reading, d *dialect) {
	members := objectIn(structured(r.facts["metadata"]))
	if members == nil {
		return
	}
	delete(r.facts, "metadata")
	for name, raw := range members {
		key, v := "metadata."+name, value(raw)
		switch means := vocabulary.keys[key]; {
		case means != nil:
			r.sort(&Attribute{key, v})
		case name == "ls_provider":
			r.give(d, 920, fieldProvider, key, v)
		case name == "ls_model_name":
			r.give(d, 920, fieldNamedModel, key, v)
		default:
			r.keep(key, v)
		}
	}
}

func readReranker(r *reading, d *dialect) {
	list := r.family("reranker.")
	if len(list) == 0 {
		return
	}
	asked := make(map[string]any)
	for _, a := range list {
		switch a.Key {
		case "query":
			asked["query"] = a.Value
		case "model_name", "top_k":
			r.fact("reranker."+a.Key, a.Value)
		}
	}
	if docs := flatObjects(under(list, "input_documents."), "document."); docs != nil {
		asked["documents"] = docs
	}
	r.give(d, 910, fieldToolInput, "reranker.*", jsonOf(finite(asked)))
	r.give(d, 910, fieldToolOutput, "reranker.output_documents.*", flatObjects(under(list, "output_documents."), "document."))
}

func repairOpenInference(r *reading) {
	switch {
	case r.kind.inference():
		repairOpenInferenceCall(r)
	case r.kind.toolLike():
		if f := r.get(fieldToolInput); f.key == "tool.parameters" && (isSchema(f.value) || emptyJSON(jsonOf(f.value))) && r.has(fieldInput) {
			r.drop(fieldToolInput)
		}
		if r.has(fieldToolInput) && textOf(r.get(fieldToolInput).value) == textOf(r.get(fieldInput).value) {
			r.use(fieldInput)
		}
		r.unchain(fieldOutput)
	case r.kind == kindAgent:
		r.namedBySpan("openinference")
	}
}

// repairOpenInferenceCall looks into the whole bodies beside the flat messages: for what only they say, for ids of calls, and for what was cut off.
func repairOpenInferenceCall(r *reading) {
	out := structured(r.get(fieldOutput).value)
	asked := func() []Message { return messagesIn(structured(r.get(fieldInput).value), "user") }
	if v := r.get(fieldOutput); out != nil && v.key == "output.value" {
		r.giveReply(v.of, v.key, out)
	}
	if r.span.Dropped > 0 {
		if whole := asked(); len(whole) > len(r.input) {
			r.input = whole
		}
		if whole := messagesIn(out, "assistant"); len(whole) > 0 && out != nil {
			r.answer = whole
		}
	}
	completeIDs(r.input, asked)
	completeIDs(r.answer, func() []Message { return messagesIn(out, "assistant") })
	if len(r.input) > 0 {
		r.use(fieldInput)
	}
	if len(r.answer) > 0 {
		r.use(fieldOutput)
	}
	r.modelOfParameters()
}

// isSchema tells the schema of a tool's parameters, which some versions write, from the parameters of a call.
func isSchema(v any) bool {
	members := objectIn(structured(v))
	kind, _ := stringIn(members["type"])
	return kind == "object" && members["properties"] != nil || members["properties"] != nil && members["title"] != nil
}

// openInferenceTexts reads lists of N.prompt.text and N.completion.text, and messages, which OpenLLMetry once wrote under the same names.
func openInferenceTexts(list []Attribute, role, name string) (messages []Message) {
	for _, a := range list {
		if _, rest, _ := strings.Cut(a.Key, "."); rest == name {
			messages = append(messages, textMessage(role, textOf(a.Value)))
		}
	}
	if messages == nil {
		return flatMessages(list, role)
	}
	return messages
}
