package console

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CleanLine makes s one harmless line: every run of white space becomes a single space, and what could move the
// cursor, change colours or reorder text becomes its visible \x1b or \u202e.
func CleanLine(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range s {
		if isSpace(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		writeClean(&b, r)
	}
	return b.String()
}

// CleanBlock makes s harmless and keeps its lines: a tab becomes four spaces, a carriage return before a line feed
// goes, the rest is as in CleanLine.
func CleanBlock(s string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		switch r {
		case '\n':
			b.WriteByte('\n')
		case '\t':
			b.WriteString("    ")
		case '\u2028', '\u2029', '\u0085':
			b.WriteByte('\n')
		default:
			writeClean(&b, r)
		}
	}
	return b.String()
}

func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\u2028' || r == '\u2029' }

func writeClean(b *strings.Builder, r rune) {
	switch {
	case !harmful(r):
		b.WriteRune(r)
	case r < 0x100:
		fmt.Fprintf(b, `\x%02x`, r)
	default:
		fmt.Fprintf(b, `\u%04x`, r)
	}
}

// harmful: the C0 and C1 controls, and the invisible format characters, among them those that reverse the direction
// of text. The two joiners stay: scripts and emoji need them.
func harmful(r rune) bool {
	if r < utf8.RuneSelf {
		return r < 0x20 || r == 0x7f
	}
	if r == zeroWidthJoiner || r == zeroWidthNonJoiner {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// CleanJSON writes the harmful characters inside a JSON text as \u escapes: the same JSON, safe to show. It leaves a
// document's own line feeds and tabs, which a string cannot hold unescaped.
func CleanJSON(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	for len(doc) > 0 {
		r, size := utf8.DecodeRune(doc)
		switch {
		case r == '\n' || r == '\t' || r == '\r' || !harmful(r):
			out = append(out, doc[:size]...)
		case r > 0xffff:
			hi, lo := surrogates(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, hi, lo)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		doc = doc[size:]
	}
	return out
}

func surrogates(r rune) (hi, lo rune) {
	r -= 0x10000
	return 0xd800 + r>>10, 0xdc00 + r&0x3ff
}
