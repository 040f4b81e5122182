package server

import (
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is the memory that a zstd frame may ask for; 8 MiB is what every decoder must give.
const maxWindow = 8 << 20

var (
	gzipPool     = sync.Pool{New: func() any { return new(gzip.Reader) }}
	zstdDecoders spares[zstd.Decoder] // which may have a window each
)

func zstdDecoder() *zstd.Decoder {
	if d := zstdDecoders.take(); d != nil {
		return d
	}
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		panic(err) // only for options that do not exist
	}
	return d
}

// contentEncoding is how a body is compressed, "" when it is not.
func contentEncoding(r *http.Request) (string, error) {
	switch encoding := strings.ToLower(strings.TrimSpace(strings.Join(r.Header.Values("Content-Encoding"), ", "))); encoding {
	case "", "identity":
		return "", nil
	case "gzip", "zstd":
		return encoding, nil
	default:
		return "", mediaType("Content-Encoding " + shorten(encoding) + " is not taken, send zstd, gzip or identity")
	}
}

// decompress returns a reader of the plain body, and what gives its memory back. Several members or frames, one after the other, are one body.
func decompress(wire io.Reader, encoding string) (plain io.Reader, done func(), err error) {
	if encoding == "gzip" {
		z := gzipPool.Get().(*gzip.Reader)
		done = func() { gzipPool.Put(z) }
		plain, err = z, z.Reset(wire)
	} else {
		z := zstdDecoder()
		done = func() { _ = z.Reset(nil); zstdDecoders.give(z) }
		plain, err = z, z.Reset(wire)
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return plain, done, nil
}
