package jsonenc

import "unicode/utf8"

const hexDigits = "0123456789abcdef"

// AppendString appends s as a quoted JSON string. Invalid UTF-8 becomes U+FFFD; HTML is
// not escaped; the line separators U+2028 and U+2029 are, as encoding/json does.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = appendEscaped(dst, s)
	return append(dst, '"')
}

// shortText is the length up to which texts are mostly names, which have nothing to escape.
const shortText = 64

// appendEscaped appends what stands between the quotes.
func appendEscaped(dst []byte, s string) []byte {
	if len(s) <= shortText && isPlainText(s) {
		return append(dst, s...)
	}
	for {
		if len(s) >= wordSize {
			dst, s = appendWords(dst, s)
		}
		plain := PlainRun(s, 0)
		dst = append(dst, s[:plain]...)
		if s = s[plain:]; s == "" {
			return dst
		}
		dst, s = appendNext(dst, s)
	}
}

// appendNext appends the special character that s begins with, or all of those above ASCII.
func appendNext(dst []byte, s string) (out []byte, rest string) {
	if s[0] >= utf8.RuneSelf {
		return appendAboveASCII(dst, s)
	}
	return appendASCII(dst, s[0]), s[1:]
}

// appendAboveASCII appends the characters above ASCII that s begins with, and single plain
// ones between them, such as the spaces between words.
func appendAboveASCII(dst []byte, s string) (out []byte, rest string) {
	start, i := 0, 0
	for i < len(s) {
		if s[i] < utf8.RuneSelf {
			if !isPlain(s[i]) || i+1 == len(s) || s[i+1] < utf8.RuneSelf {
				break
			}
			i++
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if escape := runeEscape(r, size); escape != "" {
			dst = append(dst, s[start:i]...)
			dst = append(dst, escape...)
			start = i + size
		}
		i += size
	}
	return append(dst, s[start:i]...), s[i:]
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

func isPlain(c byte) bool { return c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf }

func appendASCII(dst []byte, c byte) []byte {
	if letter := shortEscape(c); letter != 0 {
		return append(dst, '\\', letter)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xF])
}

// shortEscape gives the letter that stands for c after a backslash, 0 if there is none.
func shortEscape(c byte) byte {
	switch c {
	case '"', '\\':
		return c
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	case '\t':
		return 't'
	case '\b':
		return 'b'
	case '\f':
		return 'f'
	}
	return 0
}
