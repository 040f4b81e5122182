package server

import (
	"io"
	"net/http"
	"time"
)

// withMetrics counts requests, whoever answers them.
func (s *Server) withMetrics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		body := &countingBody{ReadCloser: r.Body}
		r.Body = body
		defer func() {
			s.metrics.wireBytes.Add(float64(body.n))
			s.metrics.observe(r, exchangeOf(r).outcome(), time.Since(begin))
		}()
		next.ServeHTTP(w, r)
	})
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
