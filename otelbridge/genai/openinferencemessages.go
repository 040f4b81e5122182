package genai

import "strings"

// openInferenceMessages puts messages together of N.message.role, N.message.content, N.message.contents.M.message_content.text, ... They are many and long, so this
// does without the JSON that flatMessages goes through.
func openInferenceMessages(list []Attribute, role string) []Message {
	var all flatList[openInferenceMessage]
	for i := range list {
		if m, rest, ok := all.at(list[i].Key, "message."); ok {
			m.take(rest, list[i].Value)
		}
	}
	all.sort()
	messages := make([]Message, 0, len(all))
	for i := range all {
		messages = append(messages, all[i].it.message(role))
	}
	return messages
}

// openInferenceMessage is one message as far as its attributes have been seen.
type openInferenceMessage struct {
	role, name, callID string
	finish             string
	content            any
	contents           flatList[openInferenceContent]
	calls              flatList[Part]
	function           Part
	other              map[string]any
}

func (m *openInferenceMessage) take(name string, v any) {
	switch name {
	case "role":
		m.role = textOf(v)
	case "name":
		m.name = textOf(v)
	case "content":
		m.content = v
	case "tool_call_id":
		m.callID = textOf(v)
	case "finish_reason":
		m.finish = textOf(v)
	case "function_call_name":
		m.function.Name = textOf(v)
	case "function_call_arguments_json":
		m.function.Arguments = spelled(v)
	default:
		m.takeListed(name, v)
	}
}

func (m *openInferenceMessage) takeListed(name string, v any) {
	if path, ok := strings.CutPrefix(name, "contents."); ok {
		if c, rest, ok := m.contents.at(path, "message_content."); ok {
			c.take(rest, v)
			return
		}
	}
	if path, ok := strings.CutPrefix(name, "tool_calls."); ok {
		if call, rest, ok := m.calls.at(path, "tool_call."); ok {
			takeCall(call, rest, v)
			return
		}
	}
	if m.other == nil {
		m.other = make(map[string]any)
	}
	m.other[name] = v
}

func takeCall(p *Part, name string, v any) {
	switch name {
	case "id":
		p.ID = textOf(v)
	case "function.name", "name":
		p.Name = textOf(v)
	case "function.arguments", "arguments":
		p.Arguments = spelled(v)
	}
}

// message gives what has been seen in the form of the schema.
func (m *openInferenceMessage) message(role string) Message {
	out := Message{Role: roleOf(m.role, ""), Name: m.name, FinishReason: finishReason(m.finish)}
	if out.Role == "" {
		out.Role = role
	}
	m.contents.sort()
	for i := range m.contents {
		out.Parts = append(out.Parts, m.contents[i].it.part())
	}
	if out.Role == "tool" {
		out.Parts = m.response(out.Parts)
	} else if s := textOf(m.content); s != "" && len(m.contents) == 0 {
		out.Parts = append(out.Parts, textParts(s)...)
	}
	m.calls.sort()
	for i := range m.calls {
		call := m.calls[i].it
		call.Type = "tool_call"
		out.Parts = append(out.Parts, call)
	}
	if m.function.Name != "" && out.Role == "assistant" {
		m.function.Type = "tool_call"
		out.Parts = append(out.Parts, m.function)
	}
	for _, name := range sortedNames(m.other) {
		out.Parts = append(out.Parts, rawPart(name, jsonOf(finite(m.other[name]))))
	}
	return out
}

// response is what a tool answered: the content, or the parts of it.
func (m *openInferenceMessage) response(parts []Part) []Part {
	p := Part{Type: "tool_call_response", ID: m.callID, Name: m.function.Name, Response: spelled(m.content)}
	if p.Response == nil || p.Response == "" {
		if len(parts) != 1 || parts[0].Type != "text" {
			return append(parts, p)
		}
		p.Response = spelled(parts[0].Content)
	}
	return []Part{p}
}

// openInferenceContent is one part of a message.
type openInferenceContent struct {
	kind, text string
	other      []Attribute
}

func (c *openInferenceContent) take(name string, v any) {
	switch name {
	case "type":
		c.kind = textOf(v)
	case "text":
		c.text = textOf(v)
	default:
		c.other = append(c.other, Attribute{name, v})
	}
}

func (c *openInferenceContent) part() Part {
	kind := partKind(c.kind)
	if c.kind == "" && c.text != "" {
		kind = "text"
	}
	if kind == "text" || kind == "reasoning" && c.text != "" {
		return Part{Type: kind, Content: c.text}
	}
	whole := map[string]any{"type": c.kind}
	if c.kind == "" {
		whole["type"] = "unknown"
	}
	if c.text != "" {
		whole["text"] = c.text
	}
	nest(c.other, "", whole)
	return wholePart(whole["type"].(string), jsonOf(finite(whole)))
}
