package jsonenc

import (
	"math/bits"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// AppendString appends s as a quoted JSON string. Invalid UTF-8 becomes U+FFFD; HTML is
// not escaped; the line separators U+2028 and U+2029 are, as encoding/json does.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = appendEscaped(dst, s)
	return append(dst, '"')
}

// appendEscaped appends what stands between the quotes. Runs that need no escape are
// found eight bytes at a time and copied whole.
func appendEscaped(dst []byte, s string) []byte {
	start := 0
	for i := PlainRun(s, 0); i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			dst = append(dst, s[start:i]...)
			dst = appendEscape(dst, c)
			start = i + 1
			i = PlainRun(s, start)
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if escape := runeEscape(r, size); escape != "" {
			dst = append(dst, s[start:i]...)
			dst = append(dst, escape...)
			start = i + size
		}
		i += size
		if i < len(s) && s[i] < utf8.RuneSelf { // text above ASCII comes in words
			i = PlainRun(s, i)
		}
	}
	return append(dst, s[start:]...)
}

// runeEscape returns the escape of a character above ASCII that may not stay as it is:
// an invalid byte or a line separator.
func runeEscape(r rune, size int) string {
	switch {
	case r == utf8.RuneError && size == 1:
		return `\ufffd`
	case r == '\u2028':
		return `\u2028`
	case r == '\u2029':
		return `\u2029`
	}
	return ""
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xF])
}

const (
	everyByte = 0x0101010101010101 // times a byte: that byte, eight times
	highBits  = 0x80 * everyByte
)

// PlainRun returns the index, from i on, of the first byte that cannot be copied as it
// is: a control character, a quote, a backslash, or anything above ASCII.
//
// A byte below n borrows when n is subtracted, which sets its high bit; a byte equal to c
// is one that is below 1 after xor with c. A borrow may spill into the bytes above, never
// below, so the lowest bit that is set is always right.
func PlainRun[T string | []byte](s T, i int) int {
	for ; i+8 <= len(s); i += 8 {
		w := s[i : i+8]
		x := uint64(w[0]) | uint64(w[1])<<8 | uint64(w[2])<<16 | uint64(w[3])<<24 |
			uint64(w[4])<<32 | uint64(w[5])<<40 | uint64(w[6])<<48 | uint64(w[7])<<56
		quote, backslash := x^'"'*everyByte, x^'\\'*everyByte
		special := ((x-' '*everyByte)&^x | (quote-everyByte)&^quote | (backslash-everyByte)&^backslash | x) & highBits
		if special != 0 {
			return i + bits.TrailingZeros64(special)>>3
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return i
		}
	}
	return i
}
