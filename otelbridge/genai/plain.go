package genai

import "math/bits"

// plainEnd finds, from i on, where a string in JSON is not plain: a quote, a backslash, a control character or one outside of ASCII. It looks at eight bytes at once.
func plainEnd(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		b := s[i : i+8] // so that its bytes need no checks
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		quote, slash := w^eight('"'), w^eight('\\')
		// The highest bit of each byte tells; a borrow may spoil those after the first that is set, which alone counts.
		if found := (w | (w-eight(' '))&^w | (quote-eight(1))&^quote | (slash-eight(1))&^slash) & eight(0x80); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(s) && s[i] >= ' ' && s[i] < 0x80 && s[i] != '"' && s[i] != '\\' {
		i++
	}
	return i
}

// eight repeats a byte.
func eight(c uint64) uint64 { return c * 0x0101010101010101 }
