package main

import "github.com/sentrial/sentrial-go/types"

// said puts messages into the form of events.
func said(messages []message) []types.Message {
	out := make([]types.Message, len(messages))
	for i, m := range messages {
		out[i] = types.Message{Role: m.Role, Parts: parts(m)}
	}
	return out
}

func parts(m message) []types.Part {
	if m.Role == "tool" {
		return []types.Part{{Type: "tool_call_response", ID: m.ToolCallID, Response: value(string(m.Content))}}
	}
	var out []types.Part
	if m.Content != "" {
		out = append(out, types.Part{Type: "text", Content: string(m.Content)})
	}
	for _, call := range m.ToolCalls {
		out = append(out, types.Part{Type: "tool_call", ID: call.ID, Name: call.Function.Name, Arguments: value(call.Function.Arguments)})
	}
	return out
}
