package genai

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape writes what an escape stands for, of which s is what follows the backslash.
func unescape(b *strings.Builder, s string) (rest string, ok bool) {
	if s == "" {
		return "", false
	}
	if s[0] == 'u' {
		r, rest, ok := hexRune(s[1:])
		b.WriteRune(r)
		return rest, ok
	}
	b.WriteByte(escapes[s[0]])
	return s[1:], escapes[s[0]] != 0
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
