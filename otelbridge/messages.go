package otelbridge

import (
	"encoding/json"

	"github.com/sentrial/sentrial-go/types"
)

// messages reads chat messages in the form of the GenAI message schema. What has another form is kept whole, as the text of one message of the given role.
func (a *attributes) messages(key, role string) []types.Message {
	v := a.json(key)
	if v == nil {
		return nil
	}
	if list, ok := readMessages(toJSON(v)); ok {
		return list
	}
	return []types.Message{textMessage(role, asText(v))}
}

// systemMessage puts the system's instructions, which the conventions keep apart, in front of the conversation.
func (a *attributes) systemMessage() []types.Message {
	v := a.json(keySystemInstructions)
	if v == nil {
		return nil
	}
	var parts []types.Part
	if json.Unmarshal(toJSON(v), &parts) == nil && len(parts) > 0 && typed(parts) {
		return []types.Message{{Role: "system", Parts: parts}}
	}
	return []types.Message{textMessage("system", asText(v))}
}

func textMessage(role, text string) types.Message {
	return types.Message{Role: role, Parts: []types.Part{{Type: types.PartText, Content: text}}}
}

// readMessages reads a list of messages, or one alone. It refuses a list in which anything would be lost.
func readMessages(raw json.RawMessage) (list []types.Message, ok bool) {
	if len(raw) > 0 && raw[0] == '{' {
		raw = json.RawMessage("[" + string(raw) + "]")
	}
	var members []map[string]json.RawMessage
	if json.Unmarshal(elements(raw), &members) != nil || json.Unmarshal(elements(raw), &list) != nil {
		return nil, false
	}
	for i := range list {
		if list[i].Role == "" || !schematic(members[i]) || !typed(list[i].Parts) {
			return nil, false
		}
	}
	return list, true
}

// elements undoes a list of texts that hold JSON, as attributes have it that can hold no structure.
func elements(raw json.RawMessage) json.RawMessage {
	var texts []string
	if json.Unmarshal(raw, &texts) != nil {
		return raw
	}
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = decoded(text)
	}
	return toJSON(list)
}

// schematic tells whether a message has no members but those that types.Message keeps.
func schematic(members map[string]json.RawMessage) bool {
	for name := range members {
		switch name {
		case "role", "name", "parts", "content", "finish_reason":
		default:
			return false
		}
	}
	return true
}

func typed(parts []types.Part) bool {
	for _, p := range parts {
		if p.Type == "" {
			return false
		}
	}
	return true
}

// plainText gives the text of a conversation of one message of one text; "" for any other.
func plainText(list []types.Message) string {
	if len(list) != 1 || len(list[0].Parts) != 1 || list[0].Parts[0].Type != types.PartText {
		return ""
	}
	return list[0].Parts[0].Content
}
