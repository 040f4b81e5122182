package words

import (
	"bytes"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Event calls yield with each word of the texts in an event's JSON: of all its strings but keys and those that only identify or classify
// the event, and of the whole numbers inside its values. It takes raw to be JSON; of anything else it gives some words.
func (r *Reader) Event(raw []byte, yield func(word []byte)) {
	depth, skip := 0, false
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '"':
			text, escapes, end := stringAt(raw, i)
			if i = end; isKey(raw, i) {
				skip = depth == 1 && isEnvelope(text)
				continue
			}
			if !skip {
				r.text(text, escapes, yield)
			}
			skip = false
		case c == '-' || '0' <= c && c <= '9':
			end := numberEnd(raw, i)
			if depth > 1 {
				r.whole(raw[i:end], yield)
			}
			i = end
		default:
			if i++; c == '{' || c == '[' {
				depth, skip = depth+1, false
			} else if c == '}' || c == ']' {
				depth--
			}
		}
	}
}

// isEnvelope reports whether the value of a member of the event itself identifies or classifies it, and is no text.
func isEnvelope(key []byte) bool {
	switch string(key) {
	case "id", "session_id", "parent_id", "parent_session_id", "event_id", "into", "type", "status", "timestamp", "trace_id", "span_id", "call_id",
		"response_id", "seq":
		return true
	}
	return false
}

// stringAt returns what is between the quotes of the string that begins at i, and where it ends.
func stringAt(raw []byte, i int) (text []byte, escapes bool, end int) {
	start := i + 1
	for end = start; ; end++ {
		n := bytes.IndexByte(raw[end:], '"')
		if n < 0 {
			return raw[start:], true, len(raw)
		}
		if end += n; !isEscaped(raw[start:end]) {
			text = raw[start:end]
			return text, bytes.IndexByte(text, '\\') >= 0, end + 1
		}
	}
}

// isEscaped reports whether the byte behind before is, by an odd number of backslashes.
func isEscaped(before []byte) bool {
	n := len(before)
	for n > 0 && before[n-1] == '\\' {
		n--
	}
	return (len(before)-n)%2 == 1
}

// isKey reports whether a colon is what comes next.
func isKey(raw []byte, i int) bool {
	for ; i < len(raw); i++ {
		switch raw[i] {
		case ' ', '\t', '\n', '\r':
		default:
			return raw[i] == ':'
		}
	}
	return false
}

func numberEnd(raw []byte, i int) int {
	for i < len(raw) {
		switch c := raw[i]; {
		case '0' <= c && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
			i++
		default:
			return i
		}
	}
	return i
}

// whole gives a number that has neither a fraction nor an exponent.
func (r *Reader) whole(number []byte, yield func([]byte)) {
	if !bytes.ContainsAny(number, ".eE") {
		r.text(number, false, yield)
	}
}

// unescape reads the escape that b begins with, and returns its length. Escaped once more is what tools answer with: JSON in a string.
func unescape(b []byte) (size int, c rune) {
	switch {
	case len(b) >= 2 && b[1] == 'u':
		return unicodeEscape(b)
	case len(b) >= 3 && b[1] == '\\' && b[2] == 'u':
		size, c := unicodeEscape(b[1:])
		return 1 + size, c
	}
	return min(2, len(b)), ' ' // none of the others is part of a word
}

func unicodeEscape(b []byte) (size int, c rune) {
	c = hex4(b[2:])
	if c < 0 {
		return 1, ' '
	}
	if !utf16.IsSurrogate(c) {
		return 6, c
	}
	if len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
		if both := utf16.DecodeRune(c, hex4(b[8:])); both != unicode.ReplacementChar {
			return 12, both
		}
	}
	return 6, utf8.RuneError
}

func hex4(b []byte) rune {
	if len(b) < 4 {
		return -1
	}
	n := rune(0)
	for _, c := range b[:4] {
		switch {
		case '0' <= c && c <= '9':
			n = n<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			n = n<<4 | rune(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return n
}
