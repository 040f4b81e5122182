package httptap

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
)

// packed is a copy of a compressed body, for programs that unpack replies themselves. It is unpacked when its end has come.
type packed struct {
	encoding string
	limit    int
	data     []byte
	cut      bool // it was longer, or becomes too much
}

// unpackedFactor bounds what a copy may become, in multiples of its limit.
const unpackedFactor = 16

// newPacked gives nil for an encoding that the standard library does not know.
func newPacked(encoding string, limit int) *packed {
	switch encoding {
	case "gzip", "x-gzip", "deflate":
		return &packed{encoding: encoding, limit: limit}
	}
	return nil
}

func (p *packed) keep(data []byte) {
	room := p.limit - len(p.data)
	p.cut = p.cut || len(data) > room
	p.data = append(p.data, data[:min(len(data), room)]...)
}

// unpack writes what can be unpacked.
func (p *packed) unpack(to io.Writer) {
	from, err := p.reader()
	if err != nil {
		return
	}
	limit := int64(p.limit) * unpackedFactor
	if n, _ := io.Copy(to, io.LimitReader(from, limit)); n == limit {
		p.cut = true
	}
}

func (p *packed) reader() (io.Reader, error) {
	if p.encoding != "deflate" {
		return gzip.NewReader(bytes.NewReader(p.data))
	}
	if r, err := zlib.NewReader(bytes.NewReader(p.data)); err == nil {
		return r, nil
	}
	return flate.NewReader(bytes.NewReader(p.data)), nil // some mean this by deflate
}
