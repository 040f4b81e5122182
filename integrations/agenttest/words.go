package agenttest

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

func placeholder(got, want, name string) string {
	if got == want {
		return name
	}
	return got
}

func orChat(operation string) string {
	if operation == "" {
		return "chat"
	}
	return operation
}

// parameter looks under the names that providers have for it.
func parameter(parameters map[string]any, names ...string) float64 {
	for _, name := range names {
		if value, ok := parameters[name].(float64); ok {
			return value
		}
	}
	return 0
}

// offers finds the names of tools, however deep a provider has them.
func offers(definitions json.RawMessage) (names []string) {
	var value any
	if len(definitions) == 0 || json.Unmarshal(definitions, &value) != nil {
		return nil
	}
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			if name, ok := v["name"].(string); ok {
				names = append(names, name)
			}
			for _, member := range v {
				walk(member)
			}
		}
	}
	walk(value)
	slices.Sort(names)
	return names
}

// spoken writes a conversation down, a line for each part.
func spoken(prompt string, messages []types.Message) (lines []string) {
	if prompt != "" {
		lines = append(lines, "user: "+prompt)
	}
	for _, m := range messages {
		for _, p := range m.Parts {
			switch p.Type {
			case types.PartToolCall:
				lines = append(lines, m.Role+" calls: "+p.Name+" "+string(canonical(p.Arguments)))
			case types.PartToolCallResponse:
				lines = append(lines, m.Role+": "+string(canonical(p.Response)))
			default:
				lines = append(lines, m.Role+": "+p.Content)
			}
		}
	}
	return lines
}

// canonical writes a value, or a text that is JSON, always in the same way.
func canonical(value any) json.RawMessage {
	if raw, ok := value.(json.RawMessage); value == nil || ok && len(raw) == 0 {
		return nil
	}
	var decoded any
	if json.Unmarshal([]byte(asJSON(value)), &decoded) != nil {
		return nil
	}
	if text, ok := decoded.(string); ok && json.Valid([]byte(text)) {
		return canonical(json.RawMessage(text))
	}
	return json.RawMessage(asJSON(decoded))
}

// knownError is what the script said, of an error that has it in its text.
func knownError(text string) string {
	for _, known := range []string{malformed, overloaded, noOrder, "context canceled"} {
		if strings.Contains(text, known) {
			return known
		}
	}
	return text
}
