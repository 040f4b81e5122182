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
		began := time.Now()
		defer func() { s.logAccess(r, time.Since(began)) }()
		next.ServeHTTP(w, r)
	})
}

func (s *Server) logAccess(r *http.Request, took time.Duration) {
	e := exchangeOf(r)
	s.log.LogAttrs(r.Context(), slog.LevelDebug, "request", slog.String("method", shorten(unkeyed(r, r.Method))), slog.String("route", e.route),
		slog.Int("status", e.reply.status), slog.Duration("duration", took), slog.Int64("bytes", e.reply.bytes),
		slog.String("request_id", e.id), slog.String("by", e.caller.name()))
}
