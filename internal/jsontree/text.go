package jsontree

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// Text reads a text. Bytes that are no UTF-8 are none of what package jsonenc writes, and fail.
func (r *Reader) Text() string {
	r.space()
	r.expect('"')
	begin := r.at
	switch r.run(); r.peek() {
	case '"':
		r.at++
		return r.text[begin : r.at-1]
	case '\\':
		return r.unescaped(begin)
	}
	r.fail()
	return ""
}

// run passes what stands for itself.
func (r *Reader) run() {
	for {
		r.at = jsonenc.PlainRun(r.text, r.at)
		if r.peek() < utf8.RuneSelf {
			return
		}
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		if c == utf8.RuneError && size == 1 {
			r.fail()
			return
		}
		r.at += size
	}
}

// unescaped reads the rest of a text that has an escape next.
func (r *Reader) unescaped(begin int) string {
	r.plain = r.plain[:0]
	for {
		r.plain = append(r.plain, r.text[begin:r.at]...)
		switch r.peek() {
		case '"':
			r.at++
			return string(r.plain)
		case '\\':
			r.at++
			r.escape()
		default:
			r.fail()
			return ""
		}
		begin = r.at
		r.run()
		if r.failed {
			return ""
		}
	}
}

// escape reads what follows a backslash.
func (r *Reader) escape() {
	c := r.peek()
	r.at++
	switch c {
	case '"', '\\', '/':
		r.plain = append(r.plain, c)
	case 'b':
		r.plain = append(r.plain, '\b')
	case 'f':
		r.plain = append(r.plain, '\f')
	case 'n':
		r.plain = append(r.plain, '\n')
	case 'r':
		r.plain = append(r.plain, '\r')
	case 't':
		r.plain = append(r.plain, '\t')
	case 'u':
		r.plain = utf8.AppendRune(r.plain, r.character())
	default:
		r.fail()
	}
}

// character reads what follows \u, of a pair of surrogates both. Half of a pair stands for no character.
func (r *Reader) character() rune {
	first := r.hex(r.at)
	if first < 0 {
		r.fail()
		return utf8.RuneError
	}
	r.at += 4
	if utf16.IsSurrogate(first) && r.at+1 < len(r.text) && r.text[r.at] == '\\' && r.text[r.at+1] == 'u' {
		if both := utf16.DecodeRune(first, r.hex(r.at+2)); both != utf8.RuneError {
			r.at += 6
			return both
		}
	}
	return first // AppendRune writes U+FFFD for half of a pair
}

// hex is the number of four digits, negative if they are none.
func (r *Reader) hex(at int) rune {
	if at+4 > len(r.text) {
		return -1
	}
	n, err := strconv.ParseUint(r.text[at:at+4], 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}
