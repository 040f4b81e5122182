package sqlite

import (
	"cmp"
	"fmt"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// How a body is kept, in the column encoding.
const (
	encodingPlain = 0
	encodingZstd  = 1
	encodingS2    = 2
)

const (
	// minCompressed is the size below which compression gains nothing.
	minCompressed = 128
	// minZstd is the size from which zstd is worth its price: on an event of 1 KB it costs four to six times the CPU of S2, half of what
	// storing the event costs, for a fifth less on disk.
	minZstd = 8 << 10
)

// maxBody bounds what a stored body may unfold to.
const maxBody = 64 << 20

// body is text as it is kept.
type body struct {
	encoding int
	data     []byte
}

// payloadCodec packs and unpacks bodies. It is safe for concurrent use.
type payloadCodec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newPayloadCodec() (*payloadCodec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false), zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxBody))
	if err != nil {
		return nil, err
	}
	return &payloadCodec{enc: enc, dec: dec}, nil
}

func (c *payloadCodec) pack(text []byte) body {
	if len(text) < minCompressed {
		return body{encodingPlain, text}
	}
	b := c.compress(text)
	if len(b.data) >= len(text) {
		return body{encodingPlain, text}
	}
	return b
}

func (c *payloadCodec) compress(text []byte) body {
	if len(text) < minZstd {
		return body{encodingS2, s2.Encode(nil, text)}
	}
	return body{encodingZstd, c.enc.EncodeAll(text, make([]byte, 0, len(text)/2))}
}

func (c *payloadCodec) unpack(b body) ([]byte, error) {
	switch b.encoding {
	case encodingPlain:
		return b.data, nil
	case encodingZstd:
		return c.dec.DecodeAll(b.data, nil)
	case encodingS2:
		if n, err := s2.DecodedLen(b.data); err != nil || n > minZstd {
			return nil, fmt.Errorf("body unfolds to %d bytes: %w", n, cmp.Or(err, s2.ErrTooLarge))
		}
		return s2.Decode(nil, b.data)
	}
	return nil, fmt.Errorf("body encoding %d is unknown", b.encoding)
}

func (c *payloadCodec) close() {
	c.dec.Close()
}
