package sentrial

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

// body is the bytes of one request. net/http may still read them after the reply has come, so they go back to the pool only when everyone has let go.
type body struct {
	bytes   []byte
	users   atomic.Int32
	drained atomic.Bool // a reader came to the end
}

var bodies = sync.Pool{New: func() any { return new(body) }}

func newBody() *body {
	b := bodies.Get().(*body)
	b.bytes = b.bytes[:0]
	b.users.Store(1)
	b.drained.Store(false)
	return b
}

// Write appends p.
func (b *body) Write(p []byte) (int, error) {
	b.bytes = append(b.bytes, p...)
	return len(p), nil
}

func (b *body) release() {
	if b.users.Add(-1) == 0 {
		bodies.Put(b)
	}
}

// attach makes the body req's, to be read as often as net/http has to.
func (b *body) attach(req *http.Request) {
	req.ContentLength = int64(len(b.bytes))
	req.GetBody = func() (io.ReadCloser, error) {
		b.users.Add(1)
		return &bodyReader{rest: b.bytes, body: b}, nil
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

// Len is how much of the body was not read yet.
func (r *bodyReader) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.rest)
}

// WriteTo writes the rest in one piece. It holds on to the body meanwhile, and not the lock: a Close must not wait for a connection.
func (r *bodyReader) WriteTo(w io.Writer) (int64, error) {
	rest, b := r.takeRest()
	if b == nil {
		return 0, http.ErrBodyReadAfterClose
	}
	defer b.release()
	if len(rest) == 0 {
		return 0, nil
	}
	n, err := w.Write(rest)
	return int64(n), err
}

// takeRest gives all that was not read yet, and the body with one more user; nil once the reader is closed.
func (r *bodyReader) takeRest() (rest []byte, b *body) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.body == nil {
		return nil, nil
	}
	rest, r.rest = r.rest, nil
	r.body.users.Add(1)
	r.body.drained.Store(true)
	return rest, r.body
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
