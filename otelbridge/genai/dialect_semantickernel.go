package genai

import "strings"

// Semantic Kernel, Microsoft.Extensions.AI and the Agent Framework, in .NET and Python. Content is in events of the span: gen_ai.content.prompt and
// gen_ai.content.completion at first, then gen_ai.*.message with all of the message in the attribute gen_ai.event.content. The older counts are called after the response.
var _ = newDialect(dialect{
	name: "semantickernel", rank: 96, turn: 93,
	scopes: []string{"semantic_kernel*", "Microsoft.SemanticKernel*", "Microsoft.Extensions.AI*", "Experimental.Microsoft.*", "agent_framework*", "Microsoft.Agents.AI*"},
	keys: []keyed{
		{"gen_ai.response.prompt_tokens", fieldInputTokens},
		{"gen_ai.response.completion_tokens", fieldOutputTokens},
		{"gen_ai.response.finish_reason", fieldFinishReasons},
	},
	kind:   kindOfSemanticKernel,
	repair: repairSemanticKernel,
})

// kindOfSemanticKernel knows its own names of operations: chat.completions, text.streaming_completions.
func kindOfSemanticKernel(r *reading) (kind, string) {
	name := textOf(r.get(fieldOperation).value)
	if strings.HasSuffix(name, "completions") {
		return kindLLM, r.saysOperation()
	}
	if strings.HasPrefix(name, "embeddings") {
		return kindEmbeddings, r.saysOperation()
	}
	return kindOther, ""
}

// repairSemanticKernel reads reasons as Python prints them: FinishReason.TOOL_CALLS.
func repairSemanticKernel(r *reading) {
	if s, ok := r.get(fieldFinishReasons).value.(string); ok {
		r.set(fieldFinishReasons, strings.ReplaceAll(s, "FinishReason.", ""), "")
	}
}
