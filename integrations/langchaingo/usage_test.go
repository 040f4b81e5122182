package langchaingo_test

import (
	"testing"

	"github.com/tmc/langchaingo/llms"

	"github.com/sentrial/sentrial-go/integrations/langchaingo"
	"github.com/sentrial/sentrial-go/types"
)

// Each provider's names for tokens, as its package in langchaingo v0.1.14 writes them.
func TestUsage(t *testing.T) {
	type mistral struct{ PromptTokens, CompletionTokens, TotalTokens int }
	for name, c := range map[string]struct {
		info map[string]any
		want types.Usage
	}{
		"openai": {
			map[string]any{
				"PromptTokens": 10, "CompletionTokens": 5, "TotalTokens": 15, "ReasoningTokens": 3, "CompletionReasoningTokens": 3, "ThinkingTokens": 3,
				"PromptCachedTokens": 4, "PromptAudioTokens": 0,
			},
			types.Usage{PromptTokens: 10, CompletionTokens: 5, TotalTokens: 15, CachedTokens: 4, ReasoningTokens: 3},
		},
		"anthropic": {
			map[string]any{"InputTokens": 10, "OutputTokens": 5, "CacheCreationInputTokens": 2, "CacheReadInputTokens": 7},
			types.Usage{PromptTokens: 19, CompletionTokens: 5, CachedTokens: 7, CacheWriteTokens: 2},
		},
		"googleai": {
			map[string]any{
				"input_tokens": int32(10), "output_tokens": int32(5), "total_tokens": int32(15), "PromptTokens": int32(10), "CompletionTokens": int32(5),
				"TotalTokens": int32(15), "CachedTokens": int32(4), "CacheReadInputTokens": int32(4), "NonCachedInputTokens": int32(6), "ThinkingTokens": 0,
			},
			types.Usage{PromptTokens: 10, CompletionTokens: 5, TotalTokens: 15, CachedTokens: 4},
		},
		"vertex, bedrock": {
			map[string]any{"input_tokens": int32(10), "output_tokens": int32(5), "total_tokens": int32(15)},
			types.Usage{PromptTokens: 10, CompletionTokens: 5, TotalTokens: 15},
		},
		"ollama": {
			map[string]any{"PromptTokens": 10, "CompletionTokens": 5, "TotalTokens": 15, "CachedTokens": 8, "CacheHit": true, "ThinkingTokens": 0},
			types.Usage{PromptTokens: 10, CompletionTokens: 5, TotalTokens: 15},
		},
		"mistral": {
			map[string]any{"usage": mistral{10, 5, 15}, "model": "m", "created": 1},
			types.Usage{PromptTokens: 10, CompletionTokens: 5, TotalTokens: 15},
		},
		"nonsense": {
			map[string]any{"PromptTokens": "10", "CompletionTokens": -5, "TotalTokens": 1e300, "usage": struct{ PromptTokens string }{"x"}},
			types.Usage{},
		},
		"nothing": {nil, types.Usage{}},
		"others":  {map[string]any{"prompt_tokens": uint8(10), "completion_tokens": 5.0}, types.Usage{PromptTokens: 10, CompletionTokens: 5}},
	} {
		if got := langchaingo.UsageOf(c.info); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// anthropic's choices are pieces of one answer, others' are alternatives; what each repeats counts once.
func TestChoices(t *testing.T) {
	rec, ctx, h := started(t)
	info := map[string]any{"InputTokens": 10, "OutputTokens": 5}
	thought := map[string]any{"InputTokens": 10, "OutputTokens": 5, "ThinkingContent": "hm"}
	for _, choices := range [][]*llms.ContentChoice{
		{{GenerationInfo: thought}, {Content: "a", StopReason: "tool_use", GenerationInfo: info}, {ToolCalls: []llms.ToolCall{{ID: "c", FunctionCall: &llms.FunctionCall{Name: "f", Arguments: "not JSON"}}}, GenerationInfo: info}},
		{{Content: "a", StopReason: "STOP", ReasoningContent: "hm"}, {Content: "b", StopReason: "FinishReasonMaxTokens"}, {FuncCall: &llms.FunctionCall{Name: "f", Arguments: "{}"}}},
	} {
		h.HandleLLMGenerateContentStart(ctx, question)
		h.HandleLLMGenerateContentEnd(ctx, &llms.ContentResponse{Choices: choices})
	}
	calls := rec.LLMCalls()
	if one := calls[0]; len(one.OutputMessages) != 1 || len(one.OutputMessages[0].Parts) != 3 || one.Usage.PromptTokens != 10 || one.FinishReason != "tool_call" {
		t.Errorf("pieces = %+v", one)
	}
	several := calls[1].OutputMessages
	if len(several) != 3 || several[0].FinishReason != "stop" || several[0].Parts[0].Type != types.PartReasoning || several[1].FinishReason != "length" {
		t.Errorf("alternatives = %+v", several)
	}
}
