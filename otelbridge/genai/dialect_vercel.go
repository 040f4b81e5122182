package genai

import (
	"encoding/json"
	"slices"
	"strings"
)

// The AI SDK of Vercel up to version 6, and later ones with its legacy telemetry. From version 7 on it writes the conventions, under the scope gen_ai.
var _ = newDialect(dialect{
	name: "ai sdk", rank: 30, turn: 70,
	scopes: []string{"ai"},
	keys: []keyed{
		{"ai.telemetry.functionId", fieldAgentName},
		{"ai.response.model", fieldServedModel},
		{"ai.model.id", fieldRequestModel},
		{"ai.model.provider", fieldProvider},
		{"ai.response.id", fieldResponseID},
		{"ai.response.finishReason", fieldFinishReasons},
		{"ai.finishReason", fieldFinishReasons}, // before 4
		{"ai.response.msToFirstChunk", fieldFirstTokenMillis},
		{"ai.stream.msToFirstChunk", fieldFirstTokenMillis},

		{"ai.usage.inputTokens", fieldInputTokens},
		{"ai.usage.promptTokens", fieldInputTokens},
		{"ai.usage.tokens", fieldInputTokens}, // of embeddings
		{"ai.usage.outputTokens", fieldOutputTokens},
		{"ai.usage.completionTokens", fieldOutputTokens},
		{"ai.usage.totalTokens", fieldTotalTokens},
		{"ai.usage.inputTokenDetails.cacheReadTokens", fieldCacheReadTokens},
		{"ai.usage.cachedInputTokens", fieldCacheReadTokens},
		{"ai.usage.inputTokenDetails.cacheWriteTokens", fieldCacheWriteTokens},
		{"ai.usage.outputTokenDetails.reasoningTokens", fieldReasoningTokens},
		{"ai.usage.reasoningTokens", fieldReasoningTokens},

		{"ai.prompt.messages", fieldInputMessages},
		{"ai.prompt", fieldInput},
		{"ai.value", fieldInput},
		{"ai.values", fieldInput},
		{"ai.documents", fieldInput},
		{"ai.prompt.tools", fieldToolDefinitions},
		{"ai.prompt.toolChoice", fieldParameter},
		{"ai.response.text", fieldOutputText},
		{"ai.result.text", fieldOutputText},
		{"ai.response.toolCalls", fieldOutputCalls},
		{"ai.result.toolCalls", fieldOutputCalls},
		{"ai.response.object", fieldOutputObject},
		{"ai.result.object", fieldOutputObject},
		{"ai.response.reasoning", fieldReasoning},
		{"ai.response.providerMetadata", fieldProviderMetadata},
		{"ai.embedding", fieldIgnored}, // vectors
		{"ai.embeddings", fieldIgnored},

		{"ai.toolCall.name", fieldToolName},
		{"ai.toolCall.id", fieldToolCallID},
		{"ai.toolCall.args", fieldToolInput},
		{"ai.toolCall.input", fieldToolInput},
		{"ai.toolCall.result", fieldToolOutput},
		{"ai.toolCall.output", fieldToolOutput},

		{"ai.telemetry.metadata.sessionId", fieldSessionID},
		{"ai.telemetry.metadata.session_id", fieldSessionID},
		{"ai.telemetry.metadata.session.id", fieldSessionID},
		{"ai.telemetry.metadata.conversationId", fieldSessionID},
		{"ai.telemetry.metadata.conversation_id", fieldSessionID},
		{"ai.telemetry.metadata.threadId", fieldSessionID},
		{"ai.telemetry.metadata.thread_id", fieldSessionID},
		{"ai.telemetry.metadata.chatId", fieldSessionID},
		{"ai.telemetry.metadata.chat_id", fieldSessionID},
		{"ai.telemetry.metadata.userId", fieldUserID},
		{"ai.telemetry.metadata.user_id", fieldUserID},
		{"ai.telemetry.metadata.user.id", fieldUserID},
		{"ai.telemetry.metadata.tags", fieldTags},
		{"operation.name", fieldIgnored},
		{"resource.name", fieldIgnored},
	},
	families: []string{"ai.settings.", "ai.telemetry.metadata.", "ai.usage.", "ai.request.headers."},
	facts: []string{
		"ai.operationId", "ai.prompt.format", "ai.schema.name", "ai.response.timestamp", "ai.response.msToFinish", "ai.response.avgOutputTokensPerSecond",
		"ai.response.avgCompletionTokensPerSecond",
	},
	common: []string{"operation.name", "resource.name"},
	kind:   kindOfVercel,
	read:   readVercel,
	repair: repairVercel,
})

// kindOfVercel goes by the name of the function: those that call a model end in what they do, the others run whole conversations.
func kindOfVercel(r *reading) (kind, string) {
	key, name := "ai.operationId", textOf(r.facts["ai.operationId"])
	if name == "" { // before 3.4
		key = "operation.name"
		name, _, _ = strings.Cut(textOf(r.attribute(key)), " ")
	}
	rule := key + " = " + name
	switch _, doing, _ := strings.Cut(strings.TrimPrefix(name, "ai."), "."); {
	case !strings.HasPrefix(name, "ai."):
		return kindOther, ""
	case name == "ai.toolCall":
		return kindTool, rule
	case doing == "doGenerate", doing == "doStream":
		return kindLLM, rule
	case doing == "doEmbed":
		return kindEmbeddings, rule
	case doing == "doRerank":
		return kindRetrieval, rule
	case strings.HasPrefix(name, "ai.generate"), strings.HasPrefix(name, "ai.stream"):
		return kindAgent, rule
	}
	return kindChain, rule
}

func readVercel(r *reading, d *dialect) {
	r.parametersOfFamily("ai.settings.")
	r.keepFamily("ai.telemetry.metadata.")
	r.factsOfFamily("ai.usage.")
	if v := r.get(fieldInput); v.key == "ai.value" || v.key == "ai.values" { // texts in JSON
		r.set(fieldInput, unquoted(v.value), "")
	}
	if len(r.span.Events) > 0 && !r.has(fieldFirstTokenMillis) {
		r.eachEvent(func(e *SpanEvent) {
			for _, a := range e.Attributes {
				if strings.HasSuffix(a.Key, ".msToFirstChunk") {
					r.give(d, 900, fieldFirstTokenMillis, e.Name, a.Value)
				}
			}
		})
	}
	for _, raw := range objectIn(structured(r.get(fieldProviderMetadata).value)) { // {"openai":{"cachedPromptTokens":…}}: counts that once were nowhere else
		for name, count := range objectIn(raw) {
			if f, ok := providerCounts[name]; ok {
				r.giveCount(d, 900, f, "ai.response.providerMetadata", count)
			}
		}
	}
}

func unquoted(v any) any {
	texts := slices.Clone(textsOf(v))
	if s, ok := v.(string); ok {
		texts = []string{s}
	}
	for i, s := range texts {
		if inner, ok := stringIn(json.RawMessage(s)); ok {
			texts[i] = inner
		}
	}
	if len(texts) == 1 {
		return texts[0]
	}
	return texts
}

var providerCounts = map[string]field{
	"cachedPromptTokens": fieldCacheReadTokens, "cacheReadInputTokens": fieldCacheReadTokens, "cacheCreationInputTokens": fieldCacheWriteTokens,
	"reasoningTokens": fieldReasoningTokens,
}

// repairVercel adds cached tokens to what Anthropic's API counts, which the SDK reported as it was before version 6; since then it writes the details too.
func repairVercel(r *reading) {
	detailed := strings.HasPrefix(r.get(fieldCacheReadTokens).key, "ai.usage.inputTokenDetails.") ||
		strings.HasPrefix(r.get(fieldCacheWriteTokens).key, "ai.usage.inputTokenDetails.")
	if detailed || !r.kind.inference() && r.kind != kindAgent {
		return
	}
	switch provider := r.provider(); {
	case provider == "anthropic", provider == "aws.bedrock", strings.Contains(textOf(r.get(fieldProvider).value), "anthropic"): // vertex.anthropic.messages, too
		r.excluded()
	}
}
