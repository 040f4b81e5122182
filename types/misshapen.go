package types

import (
	"bytes"
	"encoding/json"
)

// Servers check that messages are an array and no more, so that a trace is not lost because a model's library has a shape of its own. Inside of
// an event, what is no message of the schema is therefore read as the nearest there is: its texts stay readable.

// decodeMessages fails when raw is no array.
func decodeMessages(raw json.RawMessage, messages *[]Message) error {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return json.Unmarshal(raw, messages) // which names what it wants
	}
	*messages = make([]Message, len(items))
	for i, item := range items {
		if json.Unmarshal(item, &(*messages)[i]) != nil {
			(*messages)[i] = nearestMessage(item)
		}
	}
	return nil
}

// nearestMessage takes what is no object for the message's text.
func nearestMessage(raw json.RawMessage) Message {
	o, err := readObject(raw)
	if err != nil {
		return Message{Parts: textParts(raw)}
	}
	m := Message{Role: nearestText(o["role"]), Name: nearestText(o["name"]), FinishReason: nearestText(o["finish_reason"])}
	for _, name := range []string{"parts", "content"} {
		if m.Parts == nil {
			m.Parts = nearestParts(o[name])
		}
	}
	return m
}

// nearestParts takes what is no array for one text.
func nearestParts(raw json.RawMessage) (parts []Part) {
	var items []json.RawMessage
	if len(raw) > 0 && raw[0] != '[' || json.Unmarshal(raw, &items) != nil {
		return textParts(raw)
	}
	for _, item := range items {
		var p Part
		if json.Unmarshal(item, &p) == nil {
			parts = append(parts, p)
		} else {
			parts = append(parts, nearestPart(item)...)
		}
	}
	return parts
}

// nearestPart keeps an object whole.
func nearestPart(raw json.RawMessage) []Part {
	o, err := readObject(raw)
	if err != nil {
		return textParts(raw)
	}
	return []Part{{Type: nearestText(o["type"]), Content: nearestText(o["content"]), Raw: bytes.Clone(raw)}}
}

func textParts(raw json.RawMessage) []Part {
	if text := nearestText(raw); text != "" {
		return []Part{{Type: PartText, Content: text}}
	}
	return nil
}

// nearestText is a string's text, of any other value its JSON; "" of nothing and null.
func nearestText(raw json.RawMessage) (text string) {
	if len(raw) == 0 || isNull(raw) {
		return ""
	}
	if json.Unmarshal(raw, &text) != nil {
		return string(raw)
	}
	return text
}
