package demo

import (
	"encoding/json"

	"github.com/sentrial/sentrial-go/server/demo/chat"
	"github.com/sentrial/sentrial-go/server/demo/tools"
	"github.com/sentrial/sentrial-go/types"
)

// note puts the answer of the model into the record of the call.
func note(call *types.LLMCall, resp *chat.Response) {
	choice := resp.Choices[0]
	if resp.Model != "" && resp.Model != call.Model {
		call.Model, call.RequestModel = resp.Model, call.Model
	}
	call.ResponseID, call.FinishReason = resp.ID, choice.FinishReason
	call.OutputMessages = recorded([]chat.Message{choice.Message}, choice.FinishReason)
	call.Usage = types.Usage{
		PromptTokens: resp.Usage.PromptTokens, CompletionTokens: resp.Usage.CompletionTokens, TotalTokens: resp.Usage.TotalTokens,
		CachedTokens: resp.Usage.PromptTokensDetails.CachedTokens, ReasoningTokens: resp.Usage.CompletionTokensDetails.ReasoningTokens,
	}
}

// recorded puts messages of the OpenAI wire into the form of events.
func recorded(messages []chat.Message, finishReason string) []types.Message {
	out := make([]types.Message, len(messages))
	for i, m := range messages {
		out[i] = types.Message{Role: m.Role, Parts: parts(m), FinishReason: finishReason}
	}
	return out
}

func parts(m chat.Message) []types.Part {
	if m.Role == "tool" {
		return []types.Part{{Type: "tool_call_response", ID: m.ToolCallID, Response: jsonOrText(string(m.Content))}}
	}
	var out []types.Part
	if m.Content != "" {
		out = append(out, types.Part{Type: "text", Content: string(m.Content)})
	}
	for _, call := range m.ToolCalls {
		out = append(out, types.Part{Type: "tool_call", ID: call.ID, Name: call.Function.Name, Arguments: jsonOrText(call.Function.Arguments)})
	}
	return out
}

// jsonOrText is the JSON that a text holds, or the text.
func jsonOrText(text string) any {
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return text
}

func definitions(set *tools.Set) json.RawMessage {
	text, err := json.Marshal(set.Definitions())
	if err != nil {
		return nil // the definitions are constants, which a test encodes
	}
	return text
}
