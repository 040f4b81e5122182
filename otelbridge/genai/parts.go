package genai

import (
	"encoding/json"
	"slices"
	"strings"
)

// partsOf reads the content of a message: a text, one part, or a list of parts.
func partsOf(content json.RawMessage) (parts []Part) {
	if s, ok := stringIn(content); ok {
		if s == "" {
			return nil
		}
		return []Part{{Type: "text", Content: s}}
	}
	if items := listIn(content); items != nil {
		for _, item := range items {
			parts = append(parts, partOf(item))
		}
		return parts
	}
	if len(content) == 0 || string(content) == "null" {
		return nil
	}
	return []Part{partOf(content)}
}

// wrapped are members that hold a part whose kind is the member's name, as Bedrock, Gemini and Genkit have them.
var wrapped = map[string]func(map[string]json.RawMessage) Part{
	"toolUse": callPart, "functionCall": callPart, "function_call": callPart, "toolRequest": callPart, "tool_call": callPart,
	"toolResult": responsePart, "functionResponse": responsePart, "function_response": responsePart, "toolResponse": responsePart,
	"reasoningContent": reasoningPart,
}

// looksLikePart tells whether an object is a part of a message.
func looksLikePart(members map[string]json.RawMessage) bool {
	if kind := firstText(members, "type"); kind != "" {
		return partKind(kind) != ""
	}
	for name := range wrapped {
		if objectIn(members[name]) != nil {
			return true
		}
	}
	_, text := stringIn(members["text"])
	return text && members["message"] == nil && members["generationInfo"] == nil
}

// partOf reads one part. What has no form that is known here is kept whole.
func partOf(raw json.RawMessage) Part {
	if s, ok := stringIn(raw); ok {
		return Part{Type: "text", Content: s}
	}
	members := objectIn(raw)
	for name, read := range wrapped {
		if inner := objectIn(members[name]); inner != nil {
			return read(inner)
		}
	}
	kind := firstText(members, "type")
	switch partKind(kind) {
	case "text":
		if s, ok := textMember(members, "content", "text"); ok {
			return Part{Type: "text", Content: s}
		}
	case "reasoning":
		if s, ok := textMember(members, "content", "text", "thinking", "reasoning"); ok {
			return Part{Type: "reasoning", Content: s}
		}
		if s := summary(members["summary"]); s != "" {
			return Part{Type: "reasoning", Content: s}
		}
	case "tool_call":
		return callPart(members)
	case "tool_call_response":
		return responsePart(members)
	}
	if kind == "" {
		if p, ok := untyped(members); ok {
			return p
		}
	}
	return wholePart(kind, raw)
}

// summary is what the Responses API tells of reasoning: a list of texts. The reasoning itself is encrypted there.
func summary(raw json.RawMessage) string {
	var texts []string
	for _, item := range listIn(raw) {
		if s, ok := textMember(objectIn(item), "text"); ok {
			texts = append(texts, s)
		}
	}
	return strings.Join(texts, "\n")
}

// untyped reads parts that say what they are by the member they have.
func untyped(members map[string]json.RawMessage) (Part, bool) {
	if s, ok := textMember(members, "reasoning", "thinking"); ok {
		return Part{Type: "reasoning", Content: s}, true
	}
	if s, ok := textMember(members, "text"); ok {
		if string(members["thought"]) == "true" {
			return Part{Type: "reasoning", Content: s}, true
		}
		return Part{Type: "text", Content: s}, true
	}
	return Part{}, false
}

func textMember(members map[string]json.RawMessage, names ...string) (string, bool) {
	for _, name := range names {
		if s, ok := stringIn(members[name]); ok {
			return s, true
		}
	}
	return "", false
}

// wholePart keeps a part as it came. A part has a type, so one that has none gets "unknown".
func wholePart(kind string, raw json.RawMessage) Part {
	if kind != "" {
		return Part{Type: kind, Raw: slices.Clone(raw)}
	}
	if members := objectIn(raw); members != nil {
		members["type"] = json.RawMessage(`"unknown"`)
		return Part{Type: "unknown", Raw: jsonOf(members)}
	}
	return rawPart("unknown", raw)
}

// partKind gives the schema's name of a kind of part; "" for those that it has no fields for.
func partKind(kind string) string {
	switch kind {
	case "text", "input_text", "output_text":
		return "text"
	case "reasoning", "thinking", "thought":
		return "reasoning"
	case "tool_call", "tool-call", "tool_use", "toolUse", "function_call", "function":
		return "tool_call"
	case "tool_call_response", "tool-result", "tool_result", "toolResult", "function_call_output":
		return "tool_call_response"
	}
	return ""
}

// callPart reads a call of a tool that a model asked for.
func callPart(members map[string]json.RawMessage) Part {
	if inner := objectIn(first(members, "function", "tool_call", "payload")); inner != nil {
		p := callPart(inner)
		if id := firstText(members, "id"); id != "" {
			p.ID = id
		}
		return p
	}
	return Part{
		Type: "tool_call", ID: firstText(members, "call_id", "id", "toolCallId", "toolUseId", "ref"), Name: firstText(members, "name", "toolName"),
		Arguments: value(first(members, "arguments", "args", "input")),
	}
}

// reasoningPart reads reasoning in the form of Bedrock: {"reasoningText": {"text": …}}. What is encrypted there is no text.
func reasoningPart(members map[string]json.RawMessage) Part {
	text, ok := stringIn(member(members["reasoningText"], "text"))
	if !ok {
		return rawPart("reasoning", jsonOf(members))
	}
	return Part{Type: "reasoning", Content: text}
}

// responsePart reads what a tool answered.
func responsePart(members map[string]json.RawMessage) Part {
	return Part{
		Type: "tool_call_response", ID: firstText(members, "call_id", "toolCallId", "tool_use_id", "toolUseId", "id", "ref"),
		Name: firstText(members, "name", "toolName"), Response: value(unwrapped(first(members, "response", "result", "output", "content"))),
	}
}

// unwrapped takes the value out of the forms in which frameworks put the output of a tool: a list of one {"json": …} or {"text": …}, {"type":"json","value":…}.
func unwrapped(raw json.RawMessage) json.RawMessage {
	members := objectIn(raw)
	if list := listIn(raw); len(list) == 1 {
		members = objectIn(list[0])
		if inner := first(members, "json"); inner != nil && len(members) == 1 {
			return inner
		}
		if inner := first(members, "text"); inner != nil && (len(members) == 1 || firstText(members, "type") == "text" && len(members) == 2) {
			return inner
		}
		return raw
	}
	if inner := first(members, "value"); inner != nil && firstText(members, "type") != "" && len(members) == 2 {
		return inner
	}
	return raw
}

// toolCallsOf reads the calls that some APIs keep beside the content, but not those that are in it too.
func toolCallsOf(raw json.RawMessage, have []Part) (parts []Part) {
	for _, item := range listIn(raw) {
		p := callPart(objectIn(structured(value(item)))) // some are JSON in a text
		if p.Name == "" && p.ID == "" {
			continue
		}
		if !slices.ContainsFunc(have, func(h Part) bool { return h.Type == "tool_call" && h.ID == p.ID && h.Name == p.Name }) {
			parts = append(parts, p)
		}
	}
	return parts
}
