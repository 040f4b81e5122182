package genai

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unescaped gives the text that the inside of a string stands for.
func unescaped(s string) (string, bool) {
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			b.WriteString(s)
			return b.String(), true
		}
		b.WriteString(s[:i])
		if i+1 >= len(s) {
			return "", false
		}
		c := s[i+1]
		s = s[i+2:]
		if c == 'u' {
			r, rest, ok := hexRune(s)
			if !ok {
				return "", false
			}
			b.WriteRune(r)
			s = rest
			continue
		}
		at := strings.IndexByte(`"\/bfnrt`, c)
		if at < 0 {
			return "", false
		}
		b.WriteByte("\"\\/\b\f\n\r\t"[at])
	}
}

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
