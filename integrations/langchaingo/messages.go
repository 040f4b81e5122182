package langchaingo

import (
	"encoding/json"
	"fmt"

	"github.com/tmc/langchaingo/llms"

	"github.com/sentrial/sentrial-go/types"
)

// messagesOf is a conversation in the words of OpenTelemetry's conventions.
func messagesOf(ms []llms.MessageContent) []types.Message {
	messages := make([]types.Message, 0, len(ms))
	for _, m := range ms {
		message := types.Message{Role: roleOf(m.Role)}
		for _, p := range m.Parts {
			message.Parts = append(message.Parts, partOf(p))
		}
		messages = append(messages, message)
	}
	return messages
}

func roleOf(t llms.ChatMessageType) string {
	switch t {
	case llms.ChatMessageTypeHuman, llms.ChatMessageTypeGeneric:
		return "user"
	case llms.ChatMessageTypeAI:
		return "assistant"
	case llms.ChatMessageTypeFunction:
		return "tool"
	}
	return string(t) // system, tool
}

func partOf(p llms.ContentPart) types.Part {
	switch p := p.(type) {
	case llms.TextContent:
		return types.Part{Type: types.PartText, Content: p.Text}
	case llms.ToolCall:
		return callPart(p.ID, p.FunctionCall)
	case llms.ToolCallResponse:
		return types.Part{Type: types.PartToolCallResponse, ID: p.ToolCallID, Response: p.Content}
	case llms.CachedContent:
		return partOf(p.ContentPart)
	case llms.ImageURLContent:
		return rawPart(map[string]any{"type": "uri", "modality": "image", "uri": p.URL})
	case llms.BinaryContent: // the bytes would fill the event with what nobody reads there
		return rawPart(map[string]any{"type": "blob", "mime_type": p.MIMEType, "size": len(p.Data)})
	}
	return rawPart(map[string]any{"type": fmt.Sprintf("%T", p)})
}

func rawPart(part map[string]any) types.Part {
	raw, err := json.Marshal(part)
	if err != nil {
		return types.Part{Type: "unknown"}
	}
	return types.Part{Type: fmt.Sprint(part["type"]), Raw: raw}
}

func callPart(id string, f *llms.FunctionCall) types.Part {
	part := types.Part{Type: types.PartToolCall, ID: id}
	if f != nil {
		part.Name, part.Arguments = f.Name, argumentsOf(f.Arguments)
	}
	return part
}

// argumentsOf is the JSON that the model wrote, or the text if it is none.
func argumentsOf(arguments string) any {
	var v any
	if len(arguments) <= maxText && json.Unmarshal([]byte(arguments), &v) == nil {
		return v
	}
	return arguments
}

// lastText is the end of a conversation, for people.
func lastText(ms []llms.MessageContent) string {
	if len(ms) == 0 {
		return ""
	}
	for _, p := range ms[len(ms)-1].Parts {
		switch p := p.(type) {
		case llms.TextContent:
			return p.Text
		case llms.ToolCallResponse:
			return p.Content
		}
	}
	return ""
}
