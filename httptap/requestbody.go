package httptap

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// anotherCopy is sent in the place of the body: some clients' copies are the body itself, rewound, and that was read now.
func anotherCopy(req *http.Request) io.ReadCloser {
	if body, err := req.GetBody(); err == nil {
		return body
	}
	return nil
}

// request is what is sent in the place of req.
func (q *question) request(ctx context.Context, req *http.Request) *http.Request {
	sent := req.WithContext(ctx)
	switch {
	case q.again != nil:
		sent.Body = &copiedBody{q.again, req.Body}
	case !q.ahead:
		sent.Body = &teeBody{req.Body, q}
	}
	return sent
}

// copiedBody is a copy of a request's body, which is closed along with it.
type copiedBody struct {
	io.ReadCloser
	given io.Closer
}

func (b *copiedBody) Close() error { return errors.Join(b.ReadCloser.Close(), b.given.Close()) }

// teeBody is the body of a request that cannot be copied beforehand.
type teeBody struct {
	io.ReadCloser
	question *question
}

func (b *teeBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.question.saw(p, n, err)
	return n, err
}
