package spans

import (
	"cmp"

	"github.com/sentrial/sentrial-go/types"
)

// Attributes of OpenInference, which some backends read and no others.
const (
	oiKind        = "openinference.span.kind"
	oiInput       = "input.value"
	oiInputType   = "input.mime_type"
	oiOutput      = "output.value"
	oiOutputType  = "output.mime_type"
	oiModel       = "llm.model_name"
	oiProvider    = "llm.provider"
	oiPrompt      = "llm.token_count.prompt"
	oiCompletion  = "llm.token_count.completion"
	oiTotal       = "llm.token_count.total"
	oiCacheRead   = "llm.token_count.prompt_details.cache_read"
	oiCacheWrite  = "llm.token_count.prompt_details.cache_write"
	oiReasoning   = "llm.token_count.completion_details.reasoning"
	oiEmbedding   = "embedding.model_name"
	oiParameters  = "llm.invocation_parameters"
	oiTool        = "tool.name"
	mimeTypeJSON  = "application/json"
	mimeTypePlain = "text/plain"
)

func (f *form) inference(kind string) {
	if f.hook.OpenInference {
		f.text(oiKind, kind)
	}
}

func (f *form) inferenceOfLLM(c *types.LLMCall) {
	if !f.hook.OpenInference {
		return
	}
	model, u := oiModel, &c.Usage
	if c.Operation == opEmbeddings {
		model = oiEmbedding
	}
	f.text(model, cmp.Or(c.Model, c.RequestModel))
	f.text(oiProvider, c.Provider)
	f.count(oiPrompt, int64(u.PromptTokens))
	f.count(oiCompletion, int64(u.CompletionTokens))
	f.count(oiTotal, int64(cmp.Or(u.TotalTokens, u.PromptTokens+u.CompletionTokens)))
	f.count(oiCacheRead, int64(u.CachedTokens))
	f.count(oiCacheWrite, int64(u.CacheWriteTokens))
	f.count(oiReasoning, int64(u.ReasoningTokens))
	f.object(oiParameters, c.Parameters)
	f.inferenceText(oiInput, oiInputType, keyInputMessages, c.Prompt)
	f.inferenceText(oiOutput, oiOutputType, keyOutputMessages, c.Response)
}

func (f *form) inferenceOfTool(c *types.ToolCall) {
	if !f.hook.OpenInference {
		return
	}
	f.text(oiTool, c.ToolName)
	f.inferenceText(oiInput, oiInputType, keyToolArguments, "")
	f.inferenceText(oiOutput, oiOutputType, keyToolResult, "")
}

// inferenceText repeats content that is in the attribute from: a plain text if it is one, else JSON.
func (f *form) inferenceText(key, typeKey, from, plain string) {
	if !f.hook.Content {
		return
	}
	for _, kv := range f.list {
		if string(kv.Key) == from {
			f.text(key, cmp.Or(plain, kv.Value.AsString()))
			f.text(typeKey, map[bool]string{true: mimeTypePlain, false: mimeTypeJSON}[plain != ""])
			return
		}
	}
}
