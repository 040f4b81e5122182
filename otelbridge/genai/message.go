package genai

import (
	"encoding/json"
	"slices"
	"strings"
)

// messageMembers are those of a message that hold nothing but how it is put together.
var messageMembers = []string{
	"role", "name", "parts", "content", "finish_reason", "finishReason", "type", "id", "lc", "kwargs", "tool_calls", "toolCalls", "function_call", "tool_call_id",
	"toolCallId", "reasoning_content", "reasoning", "index", "status", "stop_reason", "additional_kwargs", "response_metadata", "usage_metadata", "metadata", "usage",
	"invalid_tool_calls", "example", "logprobs", "annotations", "text", "message", "object", "model", "providerOptions", "timestamp", "finish_message",
	"interrupted", "transcript_confidence", "created_at", "hash", "extra", "metrics",
}

// messageOf reads one message.
func messageOf(members map[string]json.RawMessage) (m Message, ok bool) {
	if data := objectIn(members["data"]); data != nil && roleOf("", firstText(members, "type")) != "" { // LangChain's form of a message in storage
		data["type"] = members["type"]
		return messageOf(data)
	}
	if kwargs := objectIn(members["kwargs"]); kwargs != nil { // LangChain's form of an object
		if firstText(kwargs, "type") == "" {
			kwargs["type"] = jsonOf(roleOfClass(members["id"]))
		}
		return messageOf(kwargs)
	}
	kind := firstText(members, "type")
	m.Role = roleOf(firstText(members, "role"), kind)
	if m.Role == "" {
		return m, false
	}
	m.Name = firstText(members, "name")
	m.FinishReason = finishReason(firstText(members, "finish_reason", "finishReason", "stop_reason"))
	if m.FinishReason == "" {
		m.FinishReason = finishReason(firstText(objectIn(members["response_metadata"]), "finish_reason", "stop_reason", "finishReason", "stopReason"))
	}
	if s := firstText(members, "reasoning_content", "reasoning"); s != "" {
		m.Parts = append(m.Parts, Part{Type: "reasoning", Content: s})
	}
	m.Parts = append(m.Parts, contentOf(members, m.Role)...)
	m.Parts = append(m.Parts, toolCallsOf(first(members, "tool_calls", "toolCalls"), m.Parts)...)
	m.Parts = append(m.Parts, toolCallsOf(member(members["additional_kwargs"], "tool_calls"), m.Parts)...)
	if call := first(members, "function_call"); call != nil {
		m.Parts = append(m.Parts, callPart(objectIn(call)))
	}
	return withUnknown(m, members), true
}

// contentOf reads a message's content. That of a tool's message is the response to a call.
func contentOf(members map[string]json.RawMessage, role string) []Part {
	content := first(members, "parts", "content", "text", "message")
	id := firstText(members, "tool_call_id", "toolCallId")
	if role == "tool" && (id != "" || !hasResponse(content)) {
		name := firstText(members, "name")
		if id == "" && name == "" && content == nil {
			return nil
		}
		return []Part{{Type: "tool_call_response", ID: id, Response: value(textOnly(content))}}
	}
	return partsOf(content)
}

// textOnly takes a list of one text part for its text.
func textOnly(content json.RawMessage) json.RawMessage {
	parts := partsOf(content)
	if len(parts) == 1 && parts[0].Type == "text" && parts[0].Raw == nil {
		return jsonOf(parts[0].Content)
	}
	return content
}

func hasResponse(content json.RawMessage) bool {
	return slices.ContainsFunc(partsOf(content), func(p Part) bool { return p.Type == "tool_call_response" })
}

// withUnknown keeps members that nobody knows as parts of their own.
func withUnknown(m Message, members map[string]json.RawMessage) Message {
	var names []string
	for name, raw := range members {
		if !slices.Contains(messageMembers, name) && !emptyJSON(raw) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if text, ok := stringIn(members[name]); ok && name == "refusal" {
			m.Parts = append(m.Parts, rawPart(name, jsonOf(text)))
			continue
		}
		m.Parts = append(m.Parts, rawPart(name, members[name]))
	}
	return m
}

func rawPart(name string, content json.RawMessage) Part {
	return Part{Type: name, Raw: jsonOf(map[string]json.RawMessage{"type": jsonOf(name), "content": content})}
}

func emptyJSON(raw json.RawMessage) bool {
	switch string(raw) {
	case "", "null", `""`, "[]", "{}", "false":
		return true
	}
	return false
}

// roleOf gives the role of the schema. Where none is written the kind may say it.
func roleOf(role, kind string) string {
	switch strings.ToLower(role) {
	case "":
	case "human":
		return "user"
	case "ai", "model", "assistant":
		return "assistant"
	case "function":
		return "tool"
	default:
		return strings.ToLower(role)
	}
	switch strings.ToLower(kind) {
	case "human", "humanmessage", "humanmessagechunk":
		return "user"
	case "ai", "aimessage", "aimessagechunk":
		return "assistant"
	case "system", "systemmessage":
		return "system"
	case "tool", "toolmessage", "function":
		return "tool"
	}
	return ""
}

// roleOfClass is the last word of a LangChain class path.
func roleOfClass(path json.RawMessage) string {
	if list := listIn(path); len(list) > 0 {
		s, _ := stringIn(list[len(list)-1])
		return s
	}
	return ""
}
