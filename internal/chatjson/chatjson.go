// Package chatjson writes chat messages as JSON, in the form of OpenTelemetry's GenAI message schema. It never fails, as package jsonenc does not.
package chatjson

import (
	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// AppendMessages writes a conversation.
func AppendMessages(b []byte, list []types.Message) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendMessage(b, &list[i])
	}
	return append(b, ']')
}

func appendMessage(b []byte, m *types.Message) []byte {
	b = append(b, `{"role":`...)
	b = jsonenc.AppendString(b, m.Role)
	b = appendTextMember(b, "name", m.Name)
	b = append(b, `,"parts":`...)
	b = AppendParts(b, m.Parts)
	b = appendTextMember(b, "finish_reason", m.FinishReason)
	return append(b, '}')
}

// AppendParts writes the parts of a message.
func AppendParts(b []byte, list []types.Part) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPart(b, &list[i])
	}
	return append(b, ']')
}

func appendPart(b []byte, p *types.Part) []byte {
	if p.Raw != nil {
		return jsonenc.Append(b, p.Raw)
	}
	b = append(b, `{"type":`...)
	b = jsonenc.AppendString(b, p.Type)
	b = appendTextMember(b, "id", p.ID)
	b = appendTextMember(b, "name", p.Name)
	b = appendTextMember(b, "content", p.Content)
	b = appendValueMember(b, "arguments", p.Arguments)
	b = appendValueMember(b, "response", p.Response)
	return append(b, '}')
}

func appendTextMember(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	return jsonenc.AppendString(b, text)
}

func appendValueMember(b []byte, name string, v any) []byte {
	if v == nil {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	return jsonenc.Append(b, v)
}
