package sentrial

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// body is the bytes of one request. net/http may still read them after the reply has come, so they go back to the pool only when everyone has let go.
type body struct {
	bytes.Buffer
	users   atomic.Int32
	drained atomic.Bool // a reader came to the end
}

var bodies = sync.Pool{New: func() any { return new(body) }}

func newBody() *body {
	b := bodies.Get().(*body)
	b.Reset()
	b.users.Store(1)
	b.drained.Store(false)
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
	if r.rest = r.rest[n:]; len(r.rest) == 0 {
		r.body.drained.Store(true)
	}
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

// encodings chooses the encoding of request bodies. It is the sender's own.
type encodings struct {
	mode     Compression
	loopback bool
	zstdOK   bool // the server announced that it reads zstd
}

// learn reads which encodings the server takes from one of its replies. A server that was rolled back takes back what it announced.
func (e *encodings) learn(reply *httpx.Response) {
	said := reply.Header.Values("Accept-Encoding")
	if len(said) > 0 || reply.Status == http.StatusUnsupportedMediaType {
		e.zstdOK = false
	}
	for _, v := range said {
		for coding := range strings.SplitSeq(v, ",") {
			name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
			if strings.EqualFold(strings.TrimSpace(name), "zstd") && !isZeroWeight(weight) {
				e.zstdOK = true
			}
		}
	}
}

// isZeroWeight reads the quality of a coding, such as q=0.0, which says that it is not wanted.
func isZeroWeight(parameter string) bool {
	name, value, _ := strings.Cut(parameter, "=")
	weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return strings.EqualFold(strings.TrimSpace(name), "q") && err == nil && weight == 0
}

func (e *encodings) choose() Compression {
	switch {
	case e.mode != CompressionAuto:
		return e.mode
	case e.loopback:
		return CompressionNone
	case e.zstdOK:
		return CompressionZstd
	}
	return CompressionGzip
}

// packer makes request bodies, one at a time. Its memory is used again.
type packer struct {
	json []byte
	gzip *gzip.Writer
	zstd *zstd.Encoder
}

// pack writes the body for records and returns its Content-Encoding, "" for none.
func (p *packer) pack(dst *body, e *envelope, records [][]byte, c Compression) (encoding string, err error) {
	p.json = e.appendBody(p.json[:0], records, time.Now())
	return p.compress(dst, c)
}

func (p *packer) compress(dst *body, c Compression) (encoding string, err error) {
	switch c {
	case CompressionZstd:
		return "zstd", p.writeZstd(dst)
	case CompressionGzip:
		return "gzip", p.writeGzip(dst)
	}
	_, err = dst.Write(p.json)
	return "", err
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
	_, err = dst.Write(p.zstd.EncodeAll(p.json, dst.AvailableBuffer()))
	return err
}
