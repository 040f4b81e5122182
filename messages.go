package sentrial

import (
	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// appendMessages writes chat messages in the form of OpenTelemetry's GenAI message schema.
func appendMessages(b []byte, list []types.Message) []byte {
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
	b = append(b, `,"parts":[`...)
	for i := range m.Parts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPart(b, &m.Parts[i])
	}
	b = append(b, ']')
	b = appendTextMember(b, "finish_reason", m.FinishReason)
	return append(b, '}')
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
