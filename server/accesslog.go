package server

import (
	"log/slog"
	"net/http"
	"time"
)

// withAccessLog logs each request at debug level: what it was, never what was in it. The path is the route's pattern, for ids tell.
func (s *Server) withAccessLog(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.log.Enabled(r.Context(), slog.LevelDebug) {
			next.ServeHTTP(w, r)
			return
		}
		began, counted := time.Now(), &countingWriter{ResponseWriter: w}
		defer func() { s.logAccess(r, counted, time.Since(began)) }()
		next.ServeHTTP(counted, r)
	})
}

func (s *Server) logAccess(r *http.Request, w *countingWriter, took time.Duration) {
	e := exchangeOf(r)
	s.log.LogAttrs(r.Context(), slog.LevelDebug, "request", slog.String("method", shorten(unkeyed(r, r.Method))), slog.String("route", e.route),
		slog.Int("status", w.status), slog.Duration("duration", took), slog.Int64("bytes", w.bytes),
		slog.String("request_id", e.id), slog.String("by", e.caller.name()))
}

// countingWriter remembers the status and the size of a reply.
type countingWriter struct {
	http.ResponseWriter
	status int // 0 = no reply
	bytes  int64
}

func (w *countingWriter) WriteHeader(status int) {
	if w.status < http.StatusOK { // what came before only informed
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Flush implements http.Flusher, for streams.
func (w *countingWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Unwrap is for http.ResponseController.
func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
