package apiclient

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// stream answers while the handler is still at it: what it writes can be read at once.
func (t inProcess) stream(req *http.Request) *http.Response {
	ctx, cancel := context.WithCancel(req.Context())
	read, write := io.Pipe()
	w := &pipeWriter{header: http.Header{}, pipe: write, begun: make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		t.handler.ServeHTTP(w, req.WithContext(ctx))
		w.WriteHeader(http.StatusOK)
		_ = write.Close()
	}()
	<-w.begun
	return &http.Response{
		Status:     strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode: w.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        w.sent,
		Body:          &pipeBody{read, cancel, ended},
		ContentLength: -1,
		Request:       req,
	}
}

// pipeWriter is the handler's end.
type pipeWriter struct {
	header http.Header
	sent   http.Header
	status int
	pipe   *io.PipeWriter
	once   sync.Once
	begun  chan struct{} // closed with the status
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status, w.sent = status, w.header.Clone()
		close(w.begun)
	})
}

func (w *pipeWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.pipe.Write(p)
}

// Flush has nothing to do: whatever is written is read.
func (w *pipeWriter) Flush() { w.WriteHeader(http.StatusOK) }

// pipeBody is the client's end. Closing it ends the handler, and waits for that: the store may be closed next.
type pipeBody struct {
	*io.PipeReader
	cancel context.CancelFunc
	ended  chan struct{}
}

func (b *pipeBody) Close() error {
	b.cancel()
	err := b.PipeReader.Close()
	<-b.ended
	return err
}
