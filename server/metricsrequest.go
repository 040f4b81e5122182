package server

import (
	"io"
	"net/http"
	"strconv"
	"time"
)

// withMetrics counts requests, whoever answers them.
func (s *Server) withMetrics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin, seen := time.Now(), &statusWriter{ResponseWriter: w}
		body := &countingBody{ReadCloser: r.Body}
		r.Body = body
		defer func() {
			s.metrics.wireBytes.Add(float64(body.n))
			s.metrics.observe(r, seen.code(), time.Since(begin))
		}()
		next.ServeHTTP(seen, r)
	})
}

// statusWriter remembers the status of a reply.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find what the connection can do.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// code is 200 for a reply without a header of its own, as net/http has it.
func (w *statusWriter) code() string {
	if w.status == 0 {
		return strconv.Itoa(http.StatusOK)
	}
	return strconv.Itoa(w.status)
}

// countingBody counts the bytes of a body that were read.
type countingBody struct {
	io.ReadCloser
	n int64
}

func (b *countingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.n += int64(n)
	return n, err
}
