package types

import (
	"encoding/json"
	"errors"
)

// Message is one message of a conversation with a model, in the shape of OpenTelemetry's GenAI message schema:
//
//	{"role": "user", "parts": [{"type": "text", "content": "hi"}]}
//
// Reading also takes "content" in place of "parts": a text becomes one text part, an array is read as parts. When both are there parts win.
// Fields outside the schema are not kept.
type Message struct {
	Role         string // role: system, user, assistant, tool, ...
	Name         string // name: who speaks, where several share a role
	Parts        []Part // parts
	FinishReason string // finish_reason: on a model's answer: stop, length, tool_call, content_filter, error, ...
}

func (m *Message) fields() []field {
	return []field{
		{name: "role", value: &m.Role},
		{name: "name", value: &m.Name},
		{name: "parts", value: &m.Parts},
		{name: "finish_reason", value: &m.FinishReason},
	}
}

// MarshalJSON writes the fields that are not empty.
func (m Message) MarshalJSON() ([]byte, error) {
	var w objectWriter
	if err := w.add(m.fields()); err != nil {
		return nil, err
	}
	return w.bytes(), nil
}

// UnmarshalJSON replaces the whole message; on error it leaves the message as it was.
func (m *Message) UnmarshalJSON(data []byte) error {
	if isNull(data) {
		return nil
	}
	members, err := readObject(data)
	if err != nil {
		return err
	}
	var decoded Message
	if err := members.take(decoded.fields()); err != nil {
		return err
	}
	if decoded.Parts == nil {
		if decoded.Parts, err = members.takeContent(); err != nil {
			return err
		}
	}
	*m = decoded
	return nil
}

// takeContent reads the content of a message that has no parts.
func (o object) takeContent() (parts []Part, err error) {
	switch content := o["content"]; {
	case content == nil || isNull(content):
	case content[0] == '[':
		err = field{name: "content", value: &parts}.decode(content)
	case content[0] == '"':
		text := Part{Type: PartText}
		if err = json.Unmarshal(content, &text.Content); text.Content != "" {
			parts = []Part{text}
		}
	default:
		err = &FieldError{Field: "content", Err: errors.New("want a string or an array of parts")}
	}
	return parts, err
}
