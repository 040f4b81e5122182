package genai

// OpenLIT. It follows the conventions, with names of its own for what they had no word for when it began.
var _ = newDialect(dialect{
	name: "openlit", rank: 92, turn: 95,
	scopes: []string{"openlit*"},
	keys: []keyed{
		{"gen_ai.content.prompt", fieldInput},
		{"gen_ai.content.completion", fieldOutput},
		{"gen_ai.content.reasoning", fieldReasoning},
		{"gen_ai.tool.args", fieldToolInput},
		{"gen_ai.server.ttft", fieldFirstTokenSeconds},
		{"gen_ai.usage.prompt_tokens_details.cached_tokens", fieldCacheReadTokens},
		{"gen_ai.usage.input_tokens_details.cached_tokens", fieldCacheReadTokens},
		{"gen_ai.usage.completion_tokens_details.reasoning_tokens", fieldReasoningTokens},
		{"gen_ai.usage.output_tokens_details.reasoning_tokens", fieldReasoningTokens},
	},
	facts: []string{"gen_ai.endpoint", "gen_ai.environment", "gen_ai.application_name", "gen_ai.sdk.version", "gen_ai.client.token.usage"},
	kind:  kindOfOpenLIT,
})

func kindOfOpenLIT(r *reading) (kind, string) {
	switch textOf(r.get(fieldOperation).value) {
	case "vectordb":
		return kindRetrieval, r.saysOperation()
	case "agent":
		return kindAgent, r.saysOperation()
	case "framework", "workflow", "task":
		return kindChain, r.saysOperation()
	}
	return kindOther, ""
}
