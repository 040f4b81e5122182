package genai

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Most conversations come in the form of the message schema already, and they are what is long in a span. They are read in one pass over the attribute, whose texts
// the parts share. What has anything else in it is left to the slow way.

// schema reads messages of the schema, and no others.
func schema(s string) (list []Message, ok bool) {
	p := schemaReader{s: s}
	ok = p.list(func() bool {
		if list == nil {
			list = make([]Message, 0, min(strings.Count(s, `"role"`), usualLength))
		}
		m, ok := p.message()
		list = append(list, m)
		return ok
	})
	return list, ok && p.atEnd()
}

// usualLength bounds what is reserved for a list of which only the names in it were counted.
const usualLength = 64

// schemaParts reads parts of the schema, as system instructions are.
func schemaParts(s string) (parts []Part, ok bool) {
	p := schemaReader{s: s}
	parts, ok = p.parts()
	return parts, ok && p.atEnd() && len(parts) > 0
}

// schemaReader is at i in s.
type schemaReader struct {
	s string
	i int

	room  []Part          // the parts of all messages
	plain strings.Builder // the texts that had escapes in them, without
}

func (p *schemaReader) space() {
	for p.i < len(p.s) && p.s[p.i] <= ' ' && strings.IndexByte(jsonSpace, p.s[p.i]) >= 0 {
		p.i++
	}
}

func (p *schemaReader) atEnd() bool {
	p.space()
	return p.i == len(p.s)
}

// eat takes a sign if it is next.
func (p *schemaReader) eat(c byte) bool {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

// list reads a list whose items item reads.
func (p *schemaReader) list(item func() bool) bool {
	if !p.eat('[') {
		return false
	}
	if p.eat(']') {
		return true
	}
	for item() {
		if p.eat(']') {
			return true
		}
		if !p.eat(',') {
			return false
		}
	}
	return false
}

// object reads an object whose members member reads.
func (p *schemaReader) object(member func(name string) bool) bool {
	if !p.eat('{') {
		return false
	}
	if p.eat('}') {
		return true
	}
	for {
		name, ok := p.text()
		if !ok || !p.eat(':') || !member(name) {
			return false
		}
		if p.eat('}') {
			return true
		}
		if !p.eat(',') {
			return false
		}
	}
}

func (p *schemaReader) message() (m Message, ok bool) {
	ok = p.object(func(name string) (ok bool) {
		switch name {
		case "role":
			m.Role, ok = p.text()
		case "name":
			m.Name, ok = p.textOrNull()
		case "finish_reason":
			m.FinishReason, ok = p.textOrNull()
			m.FinishReason = finishReason(m.FinishReason)
		case "parts":
			m.Parts, ok = p.parts()
		}
		return ok
	})
	return m, ok && m.Role != ""
}

// parts reads a list of parts. Those of all messages are side by side, as they have no lists of parts in them.
func (p *schemaReader) parts() (parts []Part, ok bool) {
	if p.room == nil {
		p.room = make([]Part, 0, min(strings.Count(p.s[p.i:], `"type"`), usualLength))
	}
	from := len(p.room)
	ok = p.list(func() bool {
		part, ok := p.part()
		p.room = append(p.room, part)
		return ok
	})
	if len(p.room) == from {
		return nil, ok
	}
	return p.room[from:len(p.room):len(p.room)], ok
}

func (p *schemaReader) part() (part Part, ok bool) {
	ok = p.object(func(name string) (ok bool) {
		switch name {
		case "type":
			part.Type, ok = p.text()
		case "content":
			part.Content, ok = p.textOrNull()
		case "id":
			part.ID, ok = p.textOrNull()
		case "name":
			part.Name, ok = p.textOrNull()
		case "arguments":
			part.Arguments, ok = p.value()
		case "response":
			part.Response, ok = p.value()
		}
		return ok
	})
	return part, ok && knownPart(&part)
}

// knownPart tells whether the part has its members where the schema has them. Some give what a tool answered as content.
func knownPart(p *Part) bool {
	switch p.Type {
	case "text", "reasoning":
		return p.Arguments == nil && p.Response == nil
	case "tool_call":
		return p.Content == "" && p.Response == nil
	case "tool_call_response":
		return p.Content == "" && p.Arguments == nil
	}
	return false
}

// text reads a string.
func (p *schemaReader) text() (string, bool) {
	if !p.eat('"') {
		return "", false
	}
	start, escaped, ascii := p.i, false, true
	for p.i = plainEnd(p.s, p.i); p.i < len(p.s); p.i = plainEnd(p.s, p.i) {
		switch c := p.s[p.i]; {
		case c == '"':
			s := p.s[start:p.i]
			p.i++
			if !ascii && !utf8.ValidString(s) {
				return "", false
			}
			if escaped {
				return p.unescaped(s)
			}
			return s, true
		case c == '\\':
			escaped = true
			p.i += 2 // what follows is no end
		case c < ' ':
			return "", false
		default:
			ascii = false
			for p.i < len(p.s) && p.s[p.i] >= utf8.RuneSelf {
				p.i++
			}
		}
	}
	return "", false
}

// unescaped gives the text that the inside of a string stands for. All of them share one piece of memory, which is never larger than what is left to read.
func (p *schemaReader) unescaped(s string) (string, bool) {
	if p.plain.Cap() == 0 {
		p.plain.Grow(len(s) + len(p.s) - p.i)
	}
	from := p.plain.Len()
	if !unescape(&p.plain, s) {
		return "", false
	}
	return p.plain.String()[from:], true
}

func (p *schemaReader) textOrNull() (string, bool) {
	if p.null() {
		return "", true
	}
	return p.text()
}

func (p *schemaReader) null() bool {
	p.space()
	if strings.HasPrefix(p.s[p.i:], "null") {
		p.i += len("null")
		return true
	}
	return false
}

// value reads anything, as value does.
func (p *schemaReader) value() (any, bool) {
	if p.null() {
		return nil, true
	}
	if p.i < len(p.s) && p.s[p.i] == '"' {
		s, ok := p.text()
		return spelled(s), ok
	}
	raw := json.RawMessage(p.s[p.i:p.extent()])
	p.i += len(raw)
	return raw, json.Valid(raw)
}

// extent finds where a value ends that is no string.
func (p *schemaReader) extent() int {
	depth, quoted := 0, false
	for i := p.i; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case quoted:
			switch c {
			case '\\':
				i++
			case '"':
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
		case depth == 0 && (c == ',' || c == '}' || c == ']'):
			return i
		case c == '}' || c == ']':
			depth--
		}
	}
	return len(p.s)
}
