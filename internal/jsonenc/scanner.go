package jsonenc

import (
	"strconv"
	"unicode/utf8"
)

// scanner checks foreign JSON and copies it in runs that are as long as possible: compact
// JSON is copied at once. Its methods return why they stopped, "" when all was well.
type scanner struct {
	src       []byte
	at        int // next byte to look at
	copied    int // what lies before is in dst, or was left out
	dst       []byte
	checkOnly bool // nothing is copied, and what is too deep ends the scan
	depth     int
	maxDepth  int
	goType    string // of the value, for the markers of its parts
	omitted   int    // parts that were too deep
}

func (s *scanner) document() (reason string) {
	s.space()
	if reason = s.value(); reason != "" {
		return reason
	}
	s.space()
	if s.at < len(s.src) {
		return s.unexpected("the end")
	}
	s.flush()
	return ""
}

func (s *scanner) value() (reason string) {
	switch c := s.peek(); c {
	case '{':
		return s.nested('}')
	case '[':
		return s.nested(']')
	case '"':
		return s.text()
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	default:
		return s.number()
	}
}

// nested reads the object or array, by its closing byte, whose opening byte is next.
func (s *scanner) nested(end byte) (reason string) {
	if s.depth >= s.maxDepth && !s.isMarker() {
		return s.tooDeep()
	}
	s.depth++
	s.at++
	s.space()
	for first := true; s.peek() != end || !first; first = false {
		if reason = s.part(end); reason != "" {
			return reason
		}
		s.space()
		if s.peek() == end {
			break
		}
		if reason = s.expect(','); reason != "" {
			return reason
		}
		s.space()
	}
	s.at++
	s.depth--
	return ""
}

func (s *scanner) part(end byte) (reason string) {
	if end == '}' {
		return s.member()
	}
	return s.value()
}

func (s *scanner) member() (reason string) {
	if reason = s.name(); reason != "" {
		return reason
	}
	return s.value()
}

// name reads a member's name and goes on to its value.
func (s *scanner) name() (reason string) {
	if s.peek() != '"' {
		return s.unexpected("a name")
	}
	if reason = s.text(); reason != "" {
		return reason
	}
	s.space()
	if reason = s.expect(':'); reason != "" {
		return reason
	}
	s.space()
	return ""
}

// text reads a string whose opening quote is next.
func (s *scanner) text() (reason string) {
	s.at++
	for {
		s.at = PlainRun(s.src, s.at)
		if s.at == len(s.src) {
			return s.unexpected("a closing quote")
		}
		switch c := s.src[s.at]; {
		case c == '"':
			s.at++
			return ""
		case c == '\\':
			if reason = s.escape(); reason != "" {
				return reason
			}
		case c < ' ':
			return s.unexpected("an escape")
		default:
			s.character()
		}
	}
}

func (s *scanner) escape() (reason string) {
	s.at++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at++
		return ""
	case 'u':
		s.at++
		for range 4 {
			if !isHex(s.peek()) {
				return s.unexpected("a hexadecimal digit")
			}
			s.at++
		}
		return ""
	}
	return s.unexpected("an escape")
}

// character passes a character above ASCII, replacing a byte that is none.
func (s *scanner) character() {
	r, size := utf8.DecodeRune(s.src[s.at:])
	if r != utf8.RuneError || size != 1 {
		s.at += size
		return
	}
	s.flush()
	if !s.checkOnly {
		s.dst = append(s.dst, `\ufffd`...)
	}
	s.at++
	s.copied = s.at
}

func (s *scanner) literal(word string) (reason string) {
	for i := range len(word) {
		if s.peek() != word[i] {
			return s.unexpected(word)
		}
		s.at++
	}
	return ""
}

func (s *scanner) number() (reason string) {
	end, ok := NumberEnd(s.src, s.at)
	s.at = end
	if !ok {
		return s.unexpected("a value")
	}
	return ""
}

// space leaves out white space.
func (s *scanner) space() {
	if c := s.peek(); c > ' ' || !isSpace(c) {
		return
	}
	s.flush()
	for isSpace(s.peek()) {
		s.at++
	}
	s.copied = s.at
}

// flush copies what was read and not yet copied.
func (s *scanner) flush() {
	if !s.checkOnly {
		s.dst = append(s.dst, s.src[s.copied:s.at]...)
	}
	s.copied = s.at
}

// peek returns the next byte, 0 at the end: a byte that is allowed nowhere.
func (s *scanner) peek() byte {
	if s.at < len(s.src) {
		return s.src[s.at]
	}
	return 0
}

func (s *scanner) expect(c byte) (reason string) {
	if s.peek() != c {
		return s.unexpected(strconv.QuoteRune(rune(c)))
	}
	s.at++
	return ""
}

func (s *scanner) unexpected(wanted string) (reason string) {
	found := "the end"
	if s.at < len(s.src) {
		found = strconv.QuoteRuneToASCII(rune(s.src[s.at]))
	}
	return reasonInvalid + found + " at byte " + strconv.Itoa(s.at) + " where " + wanted + " was expected"
}

// NumberEnd returns where the number that starts at i ends, and whether it is one.
func NumberEnd[T string | []byte](s T, i int) (end int, ok bool) {
	if i < len(s) && s[i] == '-' {
		i++
	}
	switch {
	case i < len(s) && s[i] == '0':
		i++ // no digit may follow
	default:
		if i, ok = digits(s, i); !ok {
			return i, false
		}
	}
	if i < len(s) && s[i] == '.' {
		if i, ok = digits(s, i+1); !ok {
			return i, false
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if i, ok = digits(s, i); !ok {
			return i, false
		}
	}
	return i, true
}

// digits skips at least one digit.
func digits[T string | []byte](s T, i int) (end int, ok bool) {
	start := i
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return i, i > start
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
