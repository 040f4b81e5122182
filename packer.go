package sentrial

import (
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// packer makes request bodies, one at a time. Its memory is used again.
type packer struct {
	json []byte // what is not compressed yet
	gzip *gzip.Writer
	zstd *zstd.Encoder
}

// pack writes the body for records and returns its Content-Encoding, "" for none.
func (p *packer) pack(dst *body, e *envelope, records [][]byte, c Compression) (encoding string, err error) {
	switch now := time.Now(); c {
	case CompressionZstd:
		p.json = e.appendBody(p.json[:0], records, now)
		return "zstd", p.writeZstd(dst)
	case CompressionGzip:
		return "gzip", p.writeGzip(dst, e, records, now)
	default:
		dst.bytes = e.appendBody(dst.bytes, records, now)
		return "", nil
	}
}

// gzipLevel is the second fastest: for records it takes no longer than the fastest, and saves 3 % of the bytes.
const gzipLevel = 2

func (p *packer) writeGzip(dst *body, e *envelope, records [][]byte, now time.Time) (err error) {
	if p.gzip == nil {
		if p.gzip, err = gzip.NewWriterLevel(nil, gzipLevel); err != nil {
			return err
		}
	}
	p.gzip.Reset(dst)
	if p.json, err = e.writeBody(p.gzip, p.json, records, now); err != nil {
		return err
	}
	return p.gzip.Close()
}

func (p *packer) writeZstd(dst *body) (err error) {
	if p.zstd == nil {
		p.zstd, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(512<<10))
		if err != nil {
			return err
		}
	}
	dst.bytes = p.zstd.EncodeAll(p.json, dst.bytes)
	return nil
}
