package sink

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// body is the memory of one request, used again.
type body struct {
	wire, open bytes.Buffer
	gzip       *gzip.Reader
	zstd       *zstd.Decoder
}

var bodies = sync.Pool{New: func() any { return new(body) }}

// read takes the body from the wire and opens it. What it returns is valid until the next read.
func (b *body) read(r *http.Request) ([]byte, error) {
	b.wire.Reset()
	b.open.Reset()
	if _, err := b.wire.ReadFrom(r.Body); err != nil {
		return nil, err
	}
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
		return b.wire.Bytes(), nil
	case "gzip":
		return b.gunzip()
	case "zstd":
		return b.unzstd()
	default:
		return nil, fmt.Errorf("content encoding %q", encoding)
	}
}

func (b *body) gunzip() (open []byte, err error) {
	if b.gzip == nil {
		b.gzip = new(gzip.Reader)
	}
	if err := b.gzip.Reset(bytes.NewReader(b.wire.Bytes())); err != nil {
		return nil, err
	}
	_, err = b.open.ReadFrom(b.gzip)
	return b.open.Bytes(), err
}

func (b *body) unzstd() (open []byte, err error) {
	if b.zstd == nil {
		if b.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1)); err != nil {
			return nil, err
		}
	}
	open, err = b.zstd.DecodeAll(b.wire.Bytes(), b.open.AvailableBuffer())
	b.open = *bytes.NewBuffer(open[:0:cap(open)])
	return open, err
}
