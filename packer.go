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
	switch c {
	case CompressionZstd:
		p.json = e.appendBody(p.json[:0], records, time.Now())
		return "zstd", p.writeZstd(dst)
	case CompressionGzip:
		p.json = e.appendBody(p.json[:0], records, time.Now())
		return "gzip", p.writeGzip(dst)
	}
	dst.bytes = e.appendBody(dst.bytes, records, time.Now())
	return "", nil
}

func (p *packer) writeGzip(dst *body) (err error) {
	if p.gzip == nil {
		if p.gzip, err = gzip.NewWriterLevel(nil, gzip.BestSpeed); err != nil {
			return err
		}
	}
	p.gzip.Reset(dst)
	if _, err = p.gzip.Write(p.json); err != nil {
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
