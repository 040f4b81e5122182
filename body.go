package sentrial

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// body is the bytes of one request. net/http may still read them after the reply has come, so they go back to the pool only when everyone has let go.
type body struct {
	bytes.Buffer
	users atomic.Int32
}

var bodies = sync.Pool{New: func() any { return new(body) }}

func newBody() *body {
	b := bodies.Get().(*body)
	b.Reset()
	b.users.Store(1)
	return b
}

func (b *body) release() {
	if b.users.Add(-1) == 0 {
		bodies.Put(b)
	}
}

// attach makes the body req's, to be read as often as net/http has to.
func (b *body) attach(req *http.Request) {
	req.ContentLength = int64(b.Len())
	req.GetBody = func() (io.ReadCloser, error) {
		b.users.Add(1)
		return &bodyReader{rest: b.Bytes(), body: b}, nil
	}
	req.Body, _ = req.GetBody()
}

// bodyReader is one reading of a body. net/http may close it on one goroutine while another is inside Read: whoever reads after Close gets an error and not
// the bytes of the next request.
type bodyReader struct {
	mu   sync.Mutex
	rest []byte
	body *body // nil once closed
}

func (r *bodyReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.body == nil:
		return 0, http.ErrBodyReadAfterClose
	case len(r.rest) == 0:
		return 0, io.EOF
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *bodyReader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.body != nil {
		r.body.release()
		r.body, r.rest = nil, nil
	}
	return nil
}

// compressor turns JSON into a request body. It is the sender's own.
type compressor struct {
	mode     Compression
	loopback bool
	zstdOK   bool // the server announced that it reads zstd
	gzip     *gzip.Writer
	zstd     *zstd.Encoder
}

// learn reads which encodings the server takes from one of its replies. A server that was rolled back takes back what it announced.
func (c *compressor) learn(reply *httpx.Response) {
	said := reply.Header.Values("Accept-Encoding")
	if len(said) > 0 || reply.Status == http.StatusUnsupportedMediaType {
		c.zstdOK = false
	}
	for _, v := range said {
		for coding := range strings.SplitSeq(v, ",") {
			name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
			if strings.EqualFold(name, "zstd") && strings.TrimSpace(weight) != "q=0" {
				c.zstdOK = true
			}
		}
	}
}

// compress writes json to dst and returns the Content-Encoding, "" for none.
func (c *compressor) compress(dst *body, json []byte) (encoding string, err error) {
	switch mode := c.choose(); mode {
	case CompressionZstd:
		return "zstd", c.writeZstd(dst, json)
	case CompressionGzip:
		return "gzip", c.writeGzip(dst, json)
	}
	_, err = dst.Write(json)
	return "", err
}

func (c *compressor) choose() Compression {
	switch {
	case c.mode != CompressionAuto:
		return c.mode
	case c.loopback:
		return CompressionNone
	case c.zstdOK:
		return CompressionZstd
	}
	return CompressionGzip
}

func (c *compressor) writeGzip(dst *body, json []byte) (err error) {
	if c.gzip == nil {
		if c.gzip, err = gzip.NewWriterLevel(nil, gzip.BestSpeed); err != nil {
			return err
		}
	}
	c.gzip.Reset(dst)
	if _, err = c.gzip.Write(json); err != nil {
		return err
	}
	return c.gzip.Close()
}

func (c *compressor) writeZstd(dst *body, json []byte) (err error) {
	if c.zstd == nil {
		c.zstd, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(512<<10))
		if err != nil {
			return err
		}
	}
	_, err = dst.Write(c.zstd.EncodeAll(json, dst.AvailableBuffer()))
	return err
}
