package genai

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Most conversations come in the form of the message schema, as a text, and reading that text is most of the work on a span. So there is a reader for just that form:
// one pass, and texts without escapes are not copied. Whatever is otherwise in the least, it leaves to schema, with which it agrees in all else.

// quick reads messages. It is false for anything that is not plainly of the schema.
func quick(text string) (list []Message, ok bool) {
	if len(text) < 2 || text[0] != '[' || !utf8.ValidString(text) {
		return nil, false
	}
	q := quickReader{text: text, at: 1}
	list = make([]Message, 0, 8)
	for more := true; more && !q.odd; more = q.next(']') {
		list = append(list, q.message())
	}
	q.space()
	if q.odd || q.at != len(text) {
		return nil, false
	}
	return list, true
}

// quickReader is where in the text the reading is. Once something is odd it stays so.
type quickReader struct {
	text string
	at   int
	odd  bool
}

// maxNames bounds the members of an object that are told apart.
const maxNames = 8

func (q *quickReader) message() (m Message) {
	var seen [maxNames]string
	q.members(&seen, func(name string) {
		switch name {
		case "role":
			m.Role = q.string()
		case "name":
			m.Name = q.string()
		case "finish_reason":
			m.FinishReason = finishReason(q.string())
		case "parts":
			m.Parts = q.parts()
		default:
			q.odd = true
		}
	})
	q.odd = q.odd || m.Role == "" || m.Parts == nil
	return m
}

func (q *quickReader) parts() []Part {
	q.expect('[')
	parts := make([]Part, 0, 1)
	for more := true; more && !q.odd; more = q.next(']') {
		parts = append(parts, q.part())
	}
	return parts
}

func (q *quickReader) part() (p Part) {
	var seen [maxNames]string
	q.members(&seen, func(name string) {
		switch name {
		case "type":
			p.Type = q.string()
		case "content":
			p.Content = q.string()
		case "id":
			p.ID = q.string()
		case "name":
			p.Name = q.string()
		case "arguments":
			p.Arguments = value(q.value())
		case "response":
			p.Response = value(q.value())
		default:
			q.odd = true
		}
	})
	q.odd = q.odd || !knownPart(p.Type)
	return p
}

// members calls fn with each name, at its value. A name that comes twice is odd.
func (q *quickReader) members(seen *[maxNames]string, fn func(name string)) {
	q.expect('{')
	i := 0
	for more := true; more && !q.odd; more = q.next('}') {
		name := q.string()
		q.expect(':')
		for _, before := range seen[:i] {
			q.odd = q.odd || before == name
		}
		if q.odd = q.odd || i == maxNames; q.odd {
			return
		}
		seen[i] = name
		i++
		fn(name)
	}
}

func (q *quickReader) space() {
	for q.at < len(q.text) && strings.IndexByte(jsonSpace, q.text[q.at]) >= 0 {
		q.at++
	}
}

// expect passes over a character that must be there.
func (q *quickReader) expect(c byte) {
	q.space()
	if q.odd = q.odd || q.at >= len(q.text) || q.text[q.at] != c; !q.odd {
		q.at++
	}
}

// next passes over the comma before a further item, or the end of the list.
func (q *quickReader) next(end byte) bool {
	q.space()
	if q.odd = q.odd || q.at >= len(q.text); q.odd {
		return false
	}
	c := q.text[q.at]
	q.at++
	q.odd = c != ',' && c != end
	return c == ','
}

// string reads a text. One that spells characters by their numbers is odd.
func (q *quickReader) string() string {
	q.expect('"')
	text, start, plain := q.text, q.at, true
	for i := start; !q.odd && i < len(text); i++ {
		c := text[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		switch c {
		case '"':
			q.at = i + 1
			if plain {
				return text[start:i]
			}
			return q.unescaped(text[start:i])
		case '\\':
			plain = false
			i++
		default:
			q.odd = true
		}
	}
	q.odd = true
	return ""
}

// escapes are what may follow a backslash, and what it stands for.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (q *quickReader) unescaped(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		c := escapes[s[i+1]]
		if q.odd = c == 0; q.odd {
			return ""
		}
		b.WriteString(s[:i])
		b.WriteByte(c)
		s = s[i+2:]
	}
}

// value takes an object or a list as it stands; anything else but a text is odd.
func (q *quickReader) value() json.RawMessage {
	q.space()
	start, depth := q.at, 0
	for !q.odd && q.at < len(q.text) {
		switch q.text[q.at] {
		case '"':
			q.string()
		case '{', '[':
			depth++
			q.at++
		case '}', ']':
			depth--
			q.at++
		default:
			if q.odd = depth == 0; !q.odd {
				q.at++
			}
		}
		if depth <= 0 {
			break
		}
	}
	raw := json.RawMessage(q.text[start:min(q.at, len(q.text))])
	q.odd = q.odd || !json.Valid(raw)
	return raw
}
