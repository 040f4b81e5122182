package fakellm

import (
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

func wholeGemini(e *exchange) any {
	parts := []any{}
	if e.Reasoning != "" {
		parts = append(parts, object{"text": e.Reasoning, "thought": true})
	}
	if e.Text != "" {
		parts = append(parts, object{"text": e.Text})
	}
	return e.geminiAnswer(append(parts, geminiCalls(e.ToolCalls)...), geminiFinish(e.FinishReason))
}

func geminiCalls(calls []ToolCall) (parts []any) {
	for _, call := range calls {
		parts = append(parts, object{"functionCall": object{"id": call.ID, "name": call.Name, "args": call.raw()}})
	}
	return parts
}

// geminiAnswer is a whole answer, and a piece of a stream too; one that is not the last has no finish.
func (e *exchange) geminiAnswer(parts []any, finish string) object {
	candidate := object{"content": object{"role": "model", "parts": parts}, "index": 0}
	if finish != "" {
		candidate["finishReason"] = finish
	}
	return object{
		"candidates": []any{candidate}, "usageMetadata": geminiUsage(e.Usage, finish != ""),
		"modelVersion": e.Reply.Model, "responseId": e.id(""),
	}
}

// geminiFinish: a call of a function ends as any answer does.
func geminiFinish(reason string) string {
	switch reason {
	case "stop", "tool_call":
		return "STOP"
	case "length":
		return "MAX_TOKENS"
	case "content_filter":
		return "SAFETY"
	}
	return strings.ToUpper(reason)
}

// geminiUsage: thoughts are counted beside the candidates. Until the end only what went in is known.
func geminiUsage(u types.Usage, ended bool) object {
	usage := object{"promptTokenCount": u.PromptTokens, "totalTokenCount": u.PromptTokens}
	if u.CachedTokens > 0 {
		usage["cachedContentTokenCount"] = u.CachedTokens
	}
	if !ended {
		return usage
	}
	usage["totalTokenCount"] = u.TotalTokens
	usage["candidatesTokenCount"] = max(u.CompletionTokens-u.ReasoningTokens, 0)
	if u.ReasoningTokens > 0 {
		usage["thoughtsTokenCount"] = u.ReasoningTokens
	}
	return usage
}

func streamGemini(e *exchange, s *stream) {
	for _, piece := range pieces(e.Reasoning, e.Pieces) {
		s.piece("", e.geminiAnswer([]any{object{"text": piece, "thought": true}}, ""))
	}
	for _, piece := range pieces(e.Text, e.Pieces) {
		s.piece("", e.geminiAnswer([]any{object{"text": piece}}, ""))
	}
	for _, call := range geminiCalls(e.ToolCalls) {
		s.piece("", e.geminiAnswer([]any{call}, ""))
	}
	s.event("", e.geminiAnswer([]any{object{"text": ""}}, geminiFinish(e.FinishReason)))
}
