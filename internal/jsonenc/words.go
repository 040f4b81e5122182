package jsonenc

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
	"unsafe"
)

const (
	wordSize  = 8
	everyByte = 0x0101010101010101 // times a byte: that byte, eight times
	highBits  = 0x80 * everyByte
)

// specials marks, by its high bit, the first byte of a word that cannot be copied as it is:
// a control character, a quote, a backslash, or anything above ASCII.
//
// A byte below n borrows when n is subtracted, which sets its high bit; a byte equal to c
// is one that is below 1 after xor with c. Xor with 2 brings the quote beside the control
// characters and moves nothing else there. A borrow may spill into the bytes above, never
// below: the lowest bit that is set is always right, the others are at worst one too many.
func specials(word uint64) uint64 {
	control, backslash := word^2*everyByte, word^'\\'*everyByte
	return ((control - '!'*everyByte) | (backslash - everyByte) | word) & highBits
}

// isPlainText tells whether all of s can be copied as it is. The last word may overlap the one before.
func isPlainText(s string) bool {
	if len(s) < wordSize {
		return PlainRun(s, 0) == len(s)
	}
	from, last := unsafe.Pointer(unsafe.StringData(s)), len(s)-wordSize
	special := specials(loadWord(unsafe.Add(from, last)))
	for i := 0; i < last; i += wordSize {
		special |= specials(loadWord(unsafe.Add(from, i)))
	}
	return special == 0
}

// PlainRun returns the index, from i on, of the first byte that cannot be copied as it is.
func PlainRun[T string | []byte](s T, i int) int {
	for ; i+wordSize <= len(s); i += wordSize {
		w := s[i : i+wordSize]
		word := uint64(w[0]) | uint64(w[1])<<8 | uint64(w[2])<<16 | uint64(w[3])<<24 |
			uint64(w[4])<<32 | uint64(w[5])<<40 | uint64(w[6])<<48 | uint64(w[7])<<56
		if special := specials(word); special != 0 {
			return i + bits.TrailingZeros64(special)/8
		}
	}
	for i < len(s) && isPlain(s[i]) {
		i++
	}
	return i
}

// escapedWord is what a word with one escape takes.
const escapedWord = wordSize + 1

// stretch is how many bytes without an escape make it likely that the next has none.
const stretch = 16 * wordSize

// appendWords appends words of s until one is not as simple as most: two of its bytes need
// an escape, or one needs more than a backslash and a letter. It also ends where escapes are
// so rare that looking for the next one is cheaper. What is left may be longer than a word.
func appendWords(dst []byte, s string) (out []byte, rest string) {
	const beyond = wordSize // bytes that the last word writes in vain, at most
	dst = slices.Grow(dst, len(s)/wordSize*escapedWord+beyond)
	from, to := unsafe.Pointer(unsafe.StringData(s)), unsafe.Pointer(unsafe.SliceData(dst))
	n, read := len(dst), 0
	for words := len(s) &^ (wordSize - 1); read < words; {
		size, end := n, min(words, read+stretch)
		if n, read = escapeWords(to, from, n, read, end); read < end || n-size == stretch {
			break
		}
	}
	return dst[:n], s[read:]
}

// escapeWords copies words, from place i up to end, to place n on, and tells how far it came.
//
// Where texts have their quotes and line ends cannot be foreseen, and a processor that
// guesses wrong loses the time of four words. So each word is written as if it needed an
// escape at its first special byte: whole, then from that byte on once more behind a
// backslash. If it has none, that second part lies beyond its end and is overwritten.
func escapeWords(to, from unsafe.Pointer, n, i, end int) (written, read int) {
	for ; i < end; i += wordSize {
		word := loadWord(unsafe.Add(from, i))
		special := specials(word)
		at := bits.TrailingZeros64(special) // 8 for each byte before, and 7; or 64
		tail := word >> ((at - 7) & 63)     // the special byte and what follows
		flip := uint64(escapeFlips[byte(tail)])
		storeWord(unsafe.Add(to, n), word)
		second := unsafe.Add(to, n+at/8)
		*(*byte)(second) = '\\'
		storeWord(unsafe.Add(second, 1), tail^flip)
		if special&((special-1)|flip) != 0 {
			return n + at/8, i + at/8
		}
		n += escapedWord - at/64
	}
	return n, i
}

func loadWord(p unsafe.Pointer) uint64 { return binary.LittleEndian.Uint64((*[wordSize]byte)(p)[:]) }

func storeWord(p unsafe.Pointer, w uint64) { binary.LittleEndian.PutUint64((*[wordSize]byte)(p)[:], w) }

// escapeFlips turn, by xor, a byte into the letter that stands for it after a backslash. A
// special byte that has no such letter flips all, which is how it is known.
var escapeFlips = func() (flips [256]int64) {
	for i := range flips {
		c := byte(i)
		switch letter := shortEscape(c); {
		case letter != 0:
			flips[c] = int64(c ^ letter)
		case c < ' ' || c >= utf8.RuneSelf:
			flips[c] = -1
		}
	}
	return flips
}()
