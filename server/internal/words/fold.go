package words

import (
	"strings"
	"sync/atomic"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// special marks the bytes of ascii that need a closer look: a backslash, and those of characters of several bytes.
const special = 1

// ascii is what each byte gives to a word: itself in lower case, 0 if it separates words, or special.
var ascii = func() (t [256]byte) {
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			t[c] = byte(c)
		case c >= 'A' && c <= 'Z':
			t[c] = byte(c) + 'a' - 'A'
		case c == '\\', c >= 0x80:
			t[c] = special
		}
	}
	return t
}()

// kind is what a character does in a text.
type kind uint8

const (
	separates kind = iota
	letter         // is part of a word
	unspaced       // is of a script without spaces
	ignored        // is not seen
)

// folded is what a character gives to a word.
type folded struct {
	text string
	kind kind
}

// pages holds what was found out so far, by the character's upper bits.
var pages [unicode.MaxRune>>8 + 1]atomic.Pointer[[256]folded]

func fold(c rune) folded {
	if c < 0 || c > unicode.MaxRune {
		return folded{}
	}
	page := pages[c>>8].Load()
	if page == nil {
		page = foldPage(c &^ 0xff)
		pages[c>>8].Store(page)
	}
	return page[c&0xff]
}

func foldPage(first rune) *[256]folded {
	var page [256]folded
	for i := range page {
		page[i] = foldOne(first + rune(i))
	}
	return &page
}

func foldOne(c rune) folded {
	if isAccent(c) || c == '\u00ad' { // a soft hyphen
		return folded{kind: ignored}
	}
	if !inWord(c) {
		return folded{}
	}
	var out strings.Builder
	for _, part := range norm.NFKD.String(string(c)) {
		if inWord(part) && !isAccent(part) {
			out.WriteRune(unicode.ToLower(part))
		}
	}
	switch text := out.String(); {
	case text == "":
		return folded{kind: ignored}
	case isUnspaced(c):
		return folded{text, unspaced}
	default:
		return folded{text, letter}
	}
}

// inWord takes marks too: in many scripts they are vowels.
func inWord(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) }

// isAccent reports whether c is a mark that words are written with or without: the Latin, Greek, Cyrillic, Arabic, Hebrew and Japanese ones.
func isAccent(c rune) bool {
	return unicode.Is(unicode.Mn, c) && unicode.In(c, unicode.Inherited, unicode.Hebrew)
}

func isUnspaced(c rune) bool {
	return unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana) || c == 'ー' || c == 'ｰ'
}
