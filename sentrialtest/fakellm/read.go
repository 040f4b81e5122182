package fakellm

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// texts is content that may be a text, a list of parts with texts in them, one such part, or null.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	*t = nil
	switch data = bytes.TrimSpace(data); data[0] {
	case '"':
		var text string
		err := json.Unmarshal(data, &text)
		*t = texts{text}
		return err
	case '[':
		return t.readParts(data)
	case '{':
		return t.readParts(append(append([]byte{'['}, data...), ']'))
	case 'n':
		return nil
	}
	return errContent
}

var errContent = errors.New("content must be a text or a list of parts")

// readParts takes the texts; images and the like are passed over.
func (t *texts) readParts(data []byte) error {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	for _, item := range list {
		var part struct{ Text *string }
		var text string
		if json.Unmarshal(item, &text) == nil {
			*t = append(*t, text)
		} else if err := json.Unmarshal(item, &part); err != nil {
			return err
		} else if part.Text != nil {
			*t = append(*t, *part.Text)
		}
	}
	return nil
}

func (t texts) parts() (parts []types.Part) {
	for _, text := range t {
		if text != "" {
			parts = append(parts, types.Part{Type: types.PartText, Content: text})
		}
	}
	return parts
}

// joined is the whole as one text.
func (t texts) joined() string { return strings.Join(t, "") }

// say adds a message that has something in it.
func (r *Request) say(role string, parts ...types.Part) {
	if len(parts) > 0 {
		r.Messages = append(r.Messages, types.Message{Role: role, Parts: parts})
	}
}

// offer adds a tool.
func (r *Request) offer(name string, schema json.RawMessage) {
	if name == "" {
		return
	}
	r.Tools = append(r.Tools, name)
	if len(schema) == 0 {
		return
	}
	if r.Parameters == nil {
		r.Parameters = map[string]json.RawMessage{}
	}
	r.Parameters[name] = schema
}

func reasoningPart(text string) []types.Part {
	if text == "" {
		return nil
	}
	return []types.Part{{Type: types.PartReasoning, Content: text}}
}

// callPart is a call that stands in the conversation. Arguments that are no JSON stay a text.
func callPart(id, name string, arguments []byte) types.Part {
	part := types.Part{Type: types.PartToolCall, ID: id, Name: name}
	if len(arguments) > 0 && json.Unmarshal(arguments, &part.Arguments) != nil {
		part.Arguments = string(arguments)
	}
	return part
}

func resultPart(id string, response any) types.Part {
	return types.Part{Type: types.PartToolCallResponse, ID: id, Response: response}
}
