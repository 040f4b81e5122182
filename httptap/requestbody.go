package httptap

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
)

// anotherCopy is sent in the place of the body: some clients' copies are the body itself, rewound, and that was read now. If there is none, it is what was read of the
// first and the rest of that.
func anotherCopy(req *http.Request, read []byte, first io.ReadCloser) io.ReadCloser {
	if body, err := req.GetBody(); err == nil {
		_ = first.Close()
		return body
	}
	return &copiedBody{io.MultiReader(bytes.NewReader(bytes.Clone(read)), first), first, first}
}

// request is what is sent in the place of req.
func (q *question) request(ctx context.Context, req *http.Request) *http.Request {
	sent := req.WithContext(ctx)
	switch {
	case q.again != nil && closesNothing(req.Body):
		sent.Body = q.again
	case q.again != nil:
		sent.Body = &copiedBody{q.again, q.again, req.Body}
	case !q.ahead:
		sent.Body = &teeBody{req.Body, q}
	}
	return sent
}

// closesNothing tells that a body needs no Close: those that http.NewRequest makes. Copies of them are sent as they are, for net/http sends what it knows to be in memory
// together with the header.
func closesNothing(body io.ReadCloser) bool {
	t := reflect.TypeOf(body)
	return t == reflect.TypeOf(io.NopCloser(struct{ io.Reader }{})) || t == reflect.TypeOf(io.NopCloser(new(bytes.Reader)))
}

// copiedBody is a copy of a request's body, which is closed along with it.
type copiedBody struct {
	io.Reader
	own, given io.Closer
}

func (b *copiedBody) Close() error { return errors.Join(b.own.Close(), b.given.Close()) }

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
