package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/sentrial/sentrial-go/types"
)

var model = cmp.Or(os.Getenv("OPENAI_MODEL"), "gpt-4o-mini")

// message is one turn of the conversation on the OpenAI wire.
type message struct {
	Role       string     `json:"role"`
	Content    string     `json:"content"`
	ToolCalls  []toolCall `json:"tool_calls,omitempty"`
	ToolCallID string     `json:"tool_call_id,omitempty"`
}

type toolCall struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

// complete asks the model for the next turn and notes in call what it said and used.
func complete(ctx context.Context, talk []message, call *types.LLMCall) (message, error) {
	body, err := json.Marshal(map[string]any{"model": model, "messages": talk, "tools": json.RawMessage(definitions)})
	if err != nil {
		return message{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, baseURL+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return message{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+os.Getenv("OPENAI_API_KEY"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return message{}, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return message{}, fmt.Errorf("the model answered %s", resp.Status)
	}
	var reply struct {
		ID, Model string
		Choices   []struct {
			Message      message
			FinishReason string `json:"finish_reason"`
		}
		Usage struct {
			PromptTokens     int `json:"prompt_tokens"`
			CompletionTokens int `json:"completion_tokens"`
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&reply); err != nil {
		return message{}, err
	}
	if len(reply.Choices) == 0 {
		return message{}, errors.New("the model gave no choice")
	}
	choice := reply.Choices[0]
	call.Model, call.RequestModel, call.ResponseID, call.FinishReason = reply.Model, model, reply.ID, choice.FinishReason
	call.Usage = types.Usage{PromptTokens: reply.Usage.PromptTokens, CompletionTokens: reply.Usage.CompletionTokens}
	call.OutputMessages = recorded(choice.Message)
	return choice.Message, nil
}

// recorded puts messages into the form of events.
func recorded(talk ...message) []types.Message {
	out := make([]types.Message, len(talk))
	for i, m := range talk {
		out[i].Role = m.Role
		if m.Role == "tool" {
			out[i].Parts = []types.Part{{Type: "tool_call_response", ID: m.ToolCallID, Response: m.Content}}
			continue
		}
		if m.Content != "" {
			out[i].Parts = []types.Part{{Type: "text", Content: m.Content}}
		}
		for _, call := range m.ToolCalls {
			out[i].Parts = append(out[i].Parts, types.Part{Type: "tool_call", ID: call.ID, Name: call.Function.Name, Arguments: json.RawMessage(call.Function.Arguments)})
		}
	}
	return out
}
