package sentinel

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/sentrial/sentrial-go/internal/platform"
)

// leaving is a request's body on its way.
type leaving struct {
	io.ReadCloser
	watch *watch
	*amount
}

// amount is how much of a body was asked for, by whatever attempts the transport itself makes.
type amount struct {
	length int64 // -1 = unknown

	mu   sync.Mutex
	read int64
	end  bool
	err  error // of the content
}

// newLeaving puts itself in the place of the body of r; nil if there is none.
func newLeaving(r *http.Request, w *watch) *leaving {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	b := &leaving{r.Body, w, &amount{length: r.ContentLength}}
	r.Body = b
	if body := r.GetBody; body != nil {
		r.GetBody = func() (io.ReadCloser, error) {
			again, err := body()
			return &leaving{again, w, b.amount}, err
		}
	}
	return b
}

func (b *leaving) Read(p []byte) (int, error) {
	b.watch.pause()
	n, err := b.ReadCloser.Read(p)
	b.watch.moved()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.read += int64(n)
	b.end = b.end || errors.Is(err, io.EOF)
	if content := (*contentError)(nil); errors.As(err, &content) {
		b.err = content
	}
	return n, err
}

// judged is err, of a request that came to nothing, with what the body has to say of it: that it could not be read, or that a part of it was not asked for, so that
// it cannot have arrived.
func (b *leaving) judged(err error) error {
	if b == nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.err != nil:
		return b.err
	case !b.end && (b.length < 0 || b.read < b.length):
		return &platform.UnsentError{Err: err}
	}
	return err
}

// arriving is a reply's body on its way.
type arriving struct {
	io.ReadCloser
	watch *watch
	ctx   context.Context //nolint:containedctx // of the request, to tell why it was given up
}

func (b *arriving) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.watch.moved()
	if err != nil && !errors.Is(err, io.EOF) {
		err = explain(b.ctx, err)
	}
	return n, err
}

func (b *arriving) Close() error {
	defer b.watch.over()
	return b.ReadCloser.Close()
}
