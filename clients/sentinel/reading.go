package sentinel

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// reading is the content as one attempt reads it.
type reading struct {
	source  *source
	ctx     context.Context //nolint:containedctx // of the upload: a body is read without one
	attempt int64
	sent    int64
	buf     []byte // of readApart
}

// contentError says that a document cannot be read. There is no use in trying again.
type contentError struct{ err error }

func (e *contentError) Error() string {
	return "sentinel: the document cannot be read: " + e.err.Error()
}

func (e *contentError) Unwrap() error { return e.err }

var errOver = errors.New("sentinel: the attempt is over")

// Read is called on a goroutine of the transport, which may go on for a while after there was a reply.
func (r *reading) Read(p []byte) (int, error) {
	if r.source.seeker != nil {
		return r.read(p)
	}
	return r.readApart(p)
}

// readApart reads what may block for ever, such as a pipe, so that it does not hold up the end of ctx: net/http waits for who reads a body.
func (r *reading) readApart(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil { // the buffer may still be somebody's
		return 0, err
	}
	if len(r.buf) < len(p) {
		r.buf = make([]byte, len(p))
	}
	var n int
	var err error
	done := make(chan struct{})
	buf := r.buf[:len(p)]
	go func() {
		defer close(done)
		n, err = r.read(buf)
	}()
	select {
	case <-done:
		return copy(p, buf[:n]), err
	case <-r.ctx.Done():
		return 0, context.Cause(r.ctx)
	}
}

func (r *reading) read(p []byte) (int, error) {
	s := r.source
	s.busy <- struct{}{}
	defer func() { <-s.busy }()
	if s.attempt.Load() != r.attempt {
		return 0, errOver
	}
	n, err := r.next(p)
	r.sent += int64(n)
	s.sent.Store(r.sent)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, &contentError{err}
	}
	if n > 0 {
		if told := s.tell(r.attempt, r.sent); told != nil {
			return n, &contentError{told}
		}
	}
	return n, err
}

// next reads no more than there was at the call, and wants to have that much.
func (r *reading) next(p []byte) (int, error) {
	left := r.source.size - r.sent
	if r.source.size >= 0 && left <= 0 {
		return 0, r.end()
	}
	if r.source.size >= 0 && int64(len(p)) > left {
		p = p[:left]
	}
	n, err := r.guarded(p)
	if errors.Is(err, io.EOF) && r.source.size >= 0 && int64(n) < left {
		return n, fmt.Errorf("it ended after %d of %d bytes: %w", r.sent+int64(n), r.source.size, io.ErrUnexpectedEOF)
	}
	return n, err
}

// end looks whether a stream whose size was told has more than that: it would be cut without a word. A file that has grown is sent as it was.
func (r *reading) end() error {
	if r.source.seeker != nil {
		return io.EOF
	}
	var more [1]byte
	for {
		n, err := r.guarded(more[:])
		switch {
		case n > 0:
			return fmt.Errorf("it is longer than the %d bytes that were told", r.source.size)
		case err != nil:
			return err
		}
	}
}

// guarded keeps a panic of the caller's code from a goroutine on which nobody could recover it.
func (r *reading) guarded(p []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			n, err = 0, fmt.Errorf("panic: %s", jsonenc.PanicText(v))
		}
	}()
	return r.source.content.Read(p)
}
