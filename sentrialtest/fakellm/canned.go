package fakellm

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// Canned is a brain for examples: it asks for the first tool on offer, then answers with what the tool gave, and says each time that no model did so.
// The arguments are made from the tool's schema; a text is the last word of the question.
func Canned() Brain {
	return func(req Request) Reply {
		question, result, answered := lookBack(req.Messages)
		switch {
		case answered:
			return Reply{Text: "This is no model but fakellm. The tool answered: " + result}
		case len(req.Tools) > 0:
			name := req.Tools[0]
			return Reply{
				Reasoning: "This is no model but fakellm, which asks for the first tool on offer.",
				ToolCalls: []ToolCall{{Name: name, Arguments: sample(req.Parameters[name], lastWord(question))}},
			}
		}
		return Reply{Text: fmt.Sprintf("This is no model but fakellm. It was asked: %s", question)}
	}
}

// lookBack finds the last question, and the last result of a tool since.
func lookBack(messages []types.Message) (question, result string, answered bool) {
	for _, m := range messages {
		for _, p := range m.Parts {
			switch {
			case p.Type == types.PartToolCallResponse:
				result, answered = text(p.Response), true
			case m.Role == "user" && p.Type == types.PartText:
				question, answered = p.Content, false
			}
		}
	}
	return question, result, answered
}

func text(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	return string(encode(value))
}

func lastWord(question string) string {
	fields := strings.Fields(question)
	if len(fields) == 0 {
		return ""
	}
	return strings.Trim(fields[len(fields)-1], `?!.,;:"'()`)
}

// schema is what is looked at in a JSON schema.
type schema struct {
	Type       any
	Properties map[string]json.RawMessage
	Required   []string
	Enum       []any
}

// sample gives a value as the schema wants it; of an object only what is required, or everything if nothing is.
func sample(raw json.RawMessage, word string) any {
	var s schema
	if len(raw) == 0 || json.Unmarshal(raw, &s) != nil {
		return object{}
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	kind, _ := s.Type.(string)
	switch strings.ToLower(kind) { // Google writes them large
	case "string":
		return word
	case "integer", "number":
		return 1
	case "boolean":
		return true
	case "array":
		return []any{}
	}
	return s.sample(word)
}

func (s schema) sample(word string) object {
	values := object{}
	for _, name := range s.Required {
		values[name] = sample(s.Properties[name], word)
	}
	if len(s.Required) == 0 {
		for name, property := range s.Properties {
			values[name] = sample(property, word)
		}
	}
	return values
}
