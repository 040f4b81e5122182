package jsonscan

import (
	"encoding/binary"
	"math/bits"
)

// Each byte of a word, eight at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// plain returns how many bytes at the front of text stand for themselves in a string: no quote, no backslash, no control character. Most of
// what comes are such bytes, so they are looked at eight at a time. The lowest bit that is found is right; those above it need not be.
func plain(text []byte) int {
	n := 0
	for ; n+8 <= len(text); n += 8 {
		word := binary.LittleEndian.Uint64(text[n:])
		quote, backslash := word^('"'*ones), word^('\\'*ones)
		found := ((word-0x20*ones)&^word | (quote-ones)&^quote | (backslash-ones)&^backslash) & highs
		if found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	for ; n < len(text); n++ {
		if c := text[n]; c < 0x20 || c == '"' || c == '\\' {
			break
		}
	}
	return n
}
