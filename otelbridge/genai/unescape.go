package genai

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape writes the text that the inside of a string stands for.
func unescape(b *strings.Builder, s string) bool {
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			b.WriteString(s)
			return true
		}
		b.WriteString(s[:i])
		if i+1 >= len(s) {
			return false
		}
		c := s[i+1]
		s = s[i+2:]
		if c == 'u' {
			r, rest, ok := hexRune(s)
			if !ok {
				return false
			}
			b.WriteRune(r)
			s = rest
			continue
		}
		if c = escapes[c]; c == 0 {
			return false
		}
		b.WriteByte(c)
	}
}

// escapes are what letters after a backslash stand for.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// hexRune reads what follows \u: four digits, or eight of a pair.
func hexRune(s string) (r rune, rest string, ok bool) {
	hex4 := func(s string) (rune, bool) {
		if len(s) < 4 || s[0] == '+' || s[0] == '-' {
			return 0, false
		}
		n, err := strconv.ParseUint(s[:4], 16, 32)
		return rune(n), err == nil
	}
	if r, ok = hex4(s); !ok {
		return 0, "", false
	}
	s = s[4:]
	if !utf16.IsSurrogate(r) {
		return r, s, true
	}
	if tail, ok := strings.CutPrefix(s, `\u`); ok {
		if low, ok := hex4(tail); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, tail[4:], true
			}
		}
	}
	return utf8.RuneError, s, true
}
