package sqlite

import (
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// How a body is kept, in the column encoding.
const (
	encodingPlain = 0
	encodingZstd  = 1
)

// minCompressed is the size below which compression gains nothing.
const minCompressed = 128

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
	if len(text) >= minCompressed {
		if packed := c.enc.EncodeAll(text, make([]byte, 0, len(text)/2)); len(packed) < len(text) {
			return body{encodingZstd, packed}
		}
	}
	return body{encodingPlain, text}
}

func (c *payloadCodec) unpack(b body) ([]byte, error) {
	switch b.encoding {
	case encodingPlain:
		return b.data, nil
	case encodingZstd:
		return c.dec.DecodeAll(b.data, nil)
	}
	return nil, fmt.Errorf("body encoding %d is unknown", b.encoding)
}

func (c *payloadCodec) close() {
	c.dec.Close()
}
