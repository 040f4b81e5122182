// Package words finds the words of an event's texts, and those that a search asks for, so that one meets the other.
//
// A word is a run of letters and digits, in lower case and without accents; whatever else there is separates words. Scripts that are
// written without spaces (Han, Hiragana, Katakana) are cut into pairs of characters.
package words

import (
	"strings"
	"unicode/utf8"
)

const (
	// MaxWord bounds a word, in bytes: longer ones are cut there.
	MaxWord = 64

	// A stretch of maxStretch bytes without anything but letters, digits and what base64 has besides is data, not words. It is looked for
	// behind words of longWord bytes and more, which texts rarely have.
	longWord   = 20
	maxStretch = 200
)

// Reader takes texts apart. It keeps its memory between calls and is not safe for concurrent use.
type Reader struct {
	buf   [MaxWord + utf8.UTFMax]byte
	n     int    // bytes of the word begun
	full  bool   // the word begun is longer than MaxWord
	han   string // the last character of a run without spaces
	pairs int    // that the run has given
	asked bool   // the words are asked for, not there: see endRun
	twin  bool   // the word begun may be one without its first letter
}

// Text calls yield with each word of text, as often as it occurs. The word is valid until yield returns.
func (r *Reader) Text(text []byte, yield func(word []byte)) { r.text(text, false, yield) }

// text also reads what is inside a JSON string, with its escapes.
func (r *Reader) text(b []byte, escapes bool, yield func([]byte)) {
	for i := 0; i < len(b); {
		switch c := ascii[b[i]]; {
		case c > special:
			if r.han != "" {
				r.endRun(yield)
			}
			i = r.run(b, i)
			if i == len(b) || ascii[b[i]] == 0 {
				i = r.endWord(b, i, yield)
			}
		case c == 0, b[i] == '\\' && !escapes:
			if i++; r.n > 0 || r.han != "" {
				r.end(yield)
			}
		case b[i] == '\\':
			size, char := unescape(b[i:])
			if i += size; char != ' ' {
				r.char(char, yield)
				continue
			}
			r.end(yield)
			r.twin = b[i-1] == '\\' && i < len(b) && (b[i] == 'n' || b[i] == 't' || b[i] == 'r')
		default:
			char, size := utf8.DecodeRune(b[i:])
			r.char(char, yield)
			i += size
		}
	}
	r.end(yield)
}

// run adds the ASCII letters and digits from i on to the word and returns where they end.
func (r *Reader) run(b []byte, i int) int {
	n := r.n
	for ; i < len(b); i++ {
		c := ascii[b[i]]
		if c <= special {
			break
		}
		if n < MaxWord {
			r.buf[n] = c
			n++
		}
	}
	r.n = n
	return i
}

// endWord ends the word before i, and returns where to go on: behind the data that it begins, if it does.
func (r *Reader) endWord(b []byte, i int, yield func([]byte)) int {
	if r.n >= longWord || r.full {
		if end := stretch(b, i); end-i+r.n >= maxStretch {
			r.n, r.full, r.twin = 0, false, false
			return end
		}
	}
	r.endLetters(yield)
	return i
}

// stretch returns where base64 that goes on at i would end.
func stretch(b []byte, i int) int {
	for i < len(b) && (ascii[b[i]] > special || strings.IndexByte(`+/-_=`, b[i]) >= 0 || b[i] == '\\' && i+1 < len(b) && b[i+1] == '/') {
		i++
	}
	return i
}

// char adds a character that is not plain ASCII.
func (r *Reader) char(c rune, yield func([]byte)) {
	f := fold(c)
	switch f.kind {
	case separates:
		r.end(yield)
	case letter:
		r.endRun(yield)
		r.add(f.text)
	case unspaced:
		r.endLetters(yield)
		r.pair(f.text, yield)
	case ignored:
	}
}

func (r *Reader) add(text string) {
	if r.full = r.full || r.n+len(text) > MaxWord; !r.full {
		r.n += copy(r.buf[r.n:], text)
	}
}

func (r *Reader) pair(next string, yield func([]byte)) {
	if r.han != "" {
		r.give(yield, r.han, next)
		r.pairs++
	}
	r.han = next
}

func (r *Reader) end(yield func([]byte)) {
	r.endRun(yield)
	r.endLetters(yield)
}

func (r *Reader) endLetters(yield func([]byte)) {
	if r.n > 0 {
		yield(r.buf[:r.n])
	}
	if r.twin && r.n > 1 { // \\nword in JSON is the end of a line if what is escaped there is JSON again
		yield(r.buf[1:r.n])
	}
	r.n, r.full, r.twin = 0, false, false
}

// endRun gives the last character of a run by itself, so that every character begins a word. Who asks for several needs their pairs only.
func (r *Reader) endRun(yield func([]byte)) {
	if r.han != "" && (r.pairs == 0 || !r.asked) {
		r.give(yield, r.han, "")
	}
	r.han, r.pairs = "", 0
}

func (r *Reader) give(yield func([]byte), a, b string) {
	n := copy(r.buf[:], a)
	n += copy(r.buf[n:], b)
	yield(r.buf[:n])
}
