package genai

import (
	"encoding/json"
	"strings"
)

// Conversations come in many forms: the message schema of the conventions, and what the APIs of OpenAI, Anthropic, Google, Bedrock and the frameworks send and
// receive. All become messages of the schema. What has no form that is known here is kept whole as the text of one message, or as a part of its own.

// conversation reads chat messages of any form. A bare text is one message of the given role.
func conversation(v any, role string) []Message {
	s, isText := v.(string)
	if isText {
		if list, ok := schema(s); ok {
			return list
		}
	}
	raw := structured(v)
	if raw == nil {
		if text := wordOf(v); text != "" && text != "null" {
			return []Message{textMessage(role, text)}
		}
		return nil
	}
	if !isText {
		if list, ok := schema(string(raw)); ok {
			return list
		}
	}
	if list := messagesIn(raw, role); len(list) > 0 {
		return list
	}
	return []Message{textMessage(role, string(raw))}
}

func textMessage(role, text string) Message {
	return Message{Role: role, Parts: []Part{{Type: "text", Content: text}}}
}

// plainText gives the text of a conversation of one message of texts; "" for any other.
func plainText(list []Message) string {
	if len(list) != 1 {
		return ""
	}
	var texts []string
	for _, p := range list[0].Parts {
		if p.Type != "text" || p.Raw != nil {
			return ""
		}
		texts = append(texts, p.Content)
	}
	return strings.Join(texts, "\n")
}

// envelopes are members that hold a conversation, as requests and replies of APIs have them.
var envelopes = []string{"messages", "contents", "prompt", "input", "choices", "candidates", "generations", "message", "output", "content", "response", "text", "texts"}

// messagesIn reads a list of messages, one alone, or a body that has them in it; nothing when it is none of these.
func messagesIn(raw json.RawMessage, role string) (list []Message) {
	if items := listIn(raw); items != nil {
		return messagesOfList(items, role)
	}
	members := objectIn(raw)
	if members == nil {
		return nil
	}
	if m, ok := messageOf(members); ok {
		return []Message{m}
	}
	for _, name := range envelopes {
		inner := first(members, name)
		if inner == nil {
			continue
		}
		if s, ok := stringIn(inner); ok {
			list = []Message{textMessage(role, s)}
		} else {
			list = messagesIn(inner, role)
		}
		if len(list) > 0 {
			finish(list, members)
			return append(systemOf(members), list...)
		}
	}
	return nil
}

// systemOf finds the instructions that some APIs keep beside the conversation.
func systemOf(members map[string]json.RawMessage) []Message {
	system := first(members, "system", "systemInstruction", "system_instruction", "instructions")
	if system == nil {
		system = member(first(members, "config"), "systemInstruction")
	}
	return instructions(value(system))
}

// instructions reads system instructions: a text, a list of parts, or a message.
func instructions(v any) []Message {
	if s, ok := v.(string); ok {
		if parts, ok := schemaParts(s); ok {
			return []Message{{Role: "system", Parts: parts}}
		}
	}
	raw := structured(v)
	if raw == nil {
		if text := wordOf(v); text != "" && text != "null" {
			return []Message{textMessage("system", text)}
		}
		return nil
	}
	if m, ok := messageOf(objectIn(raw)); ok {
		return []Message{m}
	}
	if parts := partsOf(raw); len(parts) > 0 {
		return []Message{{Role: "system", Parts: parts}}
	}
	return []Message{textMessage("system", string(raw))}
}

// finish gives answers the reason that is written beside them.
func finish(list []Message, members map[string]json.RawMessage) {
	reason := finishReason(firstText(members, "finish_reason", "finishReason", "stop_reason", "stopReason"))
	for i := range list {
		if list[i].FinishReason == "" {
			list[i].FinishReason = reason
		}
	}
}

// messagesOfList reads lists of messages, lists of such lists, and lists of parts.
func messagesOfList(items []json.RawMessage, role string) (list []Message) {
	if parts := loneParts(items); parts != nil {
		return []Message{{Role: role, Parts: parts}}
	}
	if m, ok := pair(items); ok {
		return []Message{m}
	}
	for _, item := range items {
		if s, ok := stringIn(item); ok { // a text, or JSON in one, as attributes have it that can hold no structure
			list = append(list, conversation(s, role)...)
			continue
		}
		found := itemMessage(item)
		if len(found) == 0 {
			found = messagesIn(item, role)
		}
		if len(found) == 0 {
			found = []Message{{Role: role, Parts: []Part{partOf(item)}}}
		}
		list = append(list, found...)
	}
	return list
}

// pair reads a message that is a role and a text, as LangChain takes them.
func pair(items []json.RawMessage) (m Message, ok bool) {
	if len(items) != 2 {
		return m, false
	}
	role, _ := stringIn(items[0])
	text, ok := stringIn(items[1])
	switch m.Role = roleOf(role, ""); m.Role {
	case "user", "assistant", "system":
		return textMessage(m.Role, text), ok
	}
	return m, false
}

// itemMessage reads what stands among messages without being one, as in the lists of the Responses API: a call of a tool, its response, reasoning.
func itemMessage(item json.RawMessage) []Message {
	members := objectIn(item)
	if firstText(members, "role") != "" {
		return nil
	}
	role := map[string]string{"tool_call": "assistant", "reasoning": "assistant", "tool_call_response": "tool"}[partKind(firstText(members, "type"))]
	if role == "" {
		return nil
	}
	return []Message{{Role: role, Parts: []Part{partOf(item)}}}
}

// loneParts reads a list of parts without a message around them; nil when it is none.
func loneParts(items []json.RawMessage) []Part {
	for _, item := range items {
		members := objectIn(item)
		if members == nil || firstText(members, "role") != "" || !looksLikePart(members) {
			return nil
		}
	}
	if len(items) == 0 {
		return nil
	}
	return partsOf(jsonOf(items))
}
