package jsonindex

import (
	"unicode/utf16"
	"unicode/utf8"
)

// quoted is what stands between the quotes of a string; ok is false for any other value.
func (v Value) quoted() (inside []byte, ok bool) {
	if v.Kind() != '"' {
		return nil, false
	}
	n := v.node()
	return v.index.text[n.at+1 : n.end-1], true
}

// Text gives the text of a string.
func (v Value) Text() (text string, ok bool) {
	inside, ok := v.quoted()
	switch {
	case !ok:
		return "", false
	case !v.node().escaped && utf8.Valid(inside):
		return string(inside), true
	}
	return string(appendText(nil, inside, v.node().escaped)), true
}

// AppendText appends the text of a string; nothing of any other value.
func (v Value) AppendText(dst []byte) []byte {
	inside, ok := v.quoted()
	if !ok {
		return dst
	}
	return appendText(dst, inside, v.node().escaped)
}

// Plain gives the text of a string that is written as it is, without a copy; ok is false for any other.
func (v Value) Plain() (text []byte, ok bool) {
	inside, ok := v.quoted()
	if !ok || v.node().escaped || !utf8.Valid(inside) {
		return nil, false
	}
	return inside, true
}

// Is tells whether a value is a string of that text.
func (v Value) Is(text string) bool {
	if plain, ok := v.Plain(); ok {
		return string(plain) == text
	}
	own, ok := v.Text()
	return ok && own == text
}

func appendText(dst, inside []byte, escaped bool) []byte {
	if !escaped && utf8.Valid(inside) {
		return append(dst, inside...)
	}
	for len(inside) > 0 {
		if inside[0] == '\\' {
			r, n := unescaped(inside)
			dst, inside = utf8.AppendRune(dst, r), inside[n:]
			continue
		}
		n := 0
		for n < len(inside) && inside[n] < utf8.RuneSelf && inside[n] != '\\' {
			n++
		}
		if n > 0 {
			dst, inside = append(dst, inside[:n]...), inside[n:]
			continue
		}
		r, n := utf8.DecodeRune(inside)
		dst, inside = utf8.AppendRune(dst, r), inside[n:]
	}
	return dst
}

// unescaped is the character that an escape stands for, and how long the escape is. Half of a pair of surrogates stands for none.
func unescaped(text []byte) (r rune, n int) {
	switch c := text[1]; c {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
	default:
		return rune(c), 2
	}
	r = hex(text[2:6])
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
		if both := utf16.DecodeRune(r, hex(text[8:12])); both != utf8.RuneError {
			return both, 12
		}
	}
	return utf8.RuneError, 6
}

// hex is a number of hexadecimal digits; negative for anything else.
func hex(digits []byte) (n rune) {
	for _, c := range digits {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return -1
		}
		n = n<<4 | rune(c)
	}
	return n
}
