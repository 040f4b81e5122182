package sqlite

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/klauspost/compress/s2"
)

// appendTo is unpack into memory that is there already.
func (c *payloadCodec) appendTo(memory []byte, b body) ([]byte, error) {
	switch b.encoding {
	case encodingZstd:
		return c.dec.DecodeAll(b.data, memory)
	case encodingS2:
		return appendS2(memory, b.data)
	}
	text, err := c.unpack(b)
	return append(memory, text...), err
}

func appendS2(memory, data []byte) ([]byte, error) {
	n, err := s2.DecodedLen(data)
	if err != nil || n > minZstd {
		return nil, fmt.Errorf("body unfolds to %d bytes: %w", n, cmp.Or(err, s2.ErrTooLarge))
	}
	start := len(memory)
	memory = slices.Grow(memory, n)[:start+n]
	_, err = s2.Decode(memory[start:], data)
	return memory, err
}
