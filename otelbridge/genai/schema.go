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
			list = make([]Message, 0, roomFor(s))
		}
		m, ok := p.message()
		list = append(list, m)
		return ok
	})
	return list, ok && p.atEnd()
}

// roomFor is how many messages or parts to expect in a conversation that is that long.
func roomFor(s string) int { return min(1+len(s)/512, 16) }

// schemaParts reads parts of the schema, as system instructions are.
func schemaParts(s string) (parts []Part, ok bool) {
	p := schemaReader{s: s}
	parts, ok = p.parts()
	return parts, ok && p.atEnd() && len(parts) > 0
}

// schemaReader is at i in s.
type schemaReader struct {
	s    string
	i    int
	wide bool // the text that was read has more than ASCII in it

	room  []Part          // the parts of all messages
	texts strings.Builder // those that had escapes in them
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
		p.room = make([]Part, 0, roomFor(p.s))
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
	start := p.i
	p.wide = false
	switch p.plain(); p.next() {
	case '"':
		s := p.s[start:p.i]
		p.i++
		return s, p.valid(s)
	case '\\':
		return p.escaped(start)
	}
	return "", false
}

func (p *schemaReader) valid(s string) bool { return !p.wide || utf8.ValidString(s) }

// plain goes to where a string has something that does not stand for itself, its end included.
func (p *schemaReader) plain() {
	for p.i = plainEnd(p.s, p.i); p.next() >= utf8.RuneSelf; p.i = plainEnd(p.s, p.i) {
		p.wide = true
		for p.next() >= utf8.RuneSelf {
			p.i++
		}
	}
}

// next is the byte to be read; 0 at the end, which no text in JSON has.
func (p *schemaReader) next() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

// escaped reads a string that began at start and has escapes in it. All such texts share one piece of memory, as they take no more than what is read.
func (p *schemaReader) escaped(start int) (string, bool) {
	if p.texts.Cap() == 0 {
		p.texts.Grow(len(p.s) - start)
	}
	from := p.texts.Len()
	for p.next() == '\\' {
		p.texts.WriteString(p.s[start:p.i])
		p.i++
		start = p.i
		switch p.next() {
		case '"', '\\', '/': // what follows begins with it
			p.i++
		default:
			rest, ok := unescape(&p.texts, p.s[p.i:])
			if !ok {
				return "", false
			}
			p.i = len(p.s) - len(rest)
			start = p.i
		}
		p.plain()
	}
	if p.next() != '"' {
		return "", false
	}
	p.texts.WriteString(p.s[start:p.i])
	p.i++
	s := p.texts.String()[from:]
	return s, p.valid(s)
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
