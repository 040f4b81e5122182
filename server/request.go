package server

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// withRequestID names the request, by the caller's X-Request-Id when it is an id, and tells the name in the reply.
func (s *Server) withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !validID(id) || unkeyed(r, id) != id {
			id = newRequestID()
		}
		w.Header().Set("X-Request-Id", id)
		w.Header().Set("Server", s.name)
		e := &exchange{id: id, reply: &replyWriter{ResponseWriter: w}}
		defer s.letGo(e)
		next.ServeHTTP(e.reply, withExchange(r, e))
	})
}

func newRequestID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	return "req_" + hex.EncodeToString(b[:])
}

// withRecover turns a panic into a 500, or breaks off the reply if it has begun, as those of streams have. It cuts off a client that will not
// take its reply.
func (s *Server) withRecover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.connections.ReplyTimeout)) // not every writer has one
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				s.log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("request_id", requestID(r)),
					slog.String("panic", unkeyed(r, fmt.Sprint(p))), slog.String("stack", unkeyed(r, string(debug.Stack()))))
				if exchangeOf(r).reply.begun() {
					panic(http.ErrAbortHandler)
				}
				s.fail(w, r, fmt.Errorf("panic: %v", p))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// protocolVersion is what the header Sentrial-Version may say.
const protocolVersion = "1"

// speaking refuses versions of the protocol that this server does not speak.
func (s *Server) speaking(next endpoint) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		if v := r.Header.Get("Sentrial-Version"); v != "" && v != protocolVersion {
			return invalid("Sentrial-Version %q is not spoken here, version %s is", shorten(v), protocolVersion)
		}
		return next(w, r)
	}
}

// validID reports whether id is 1 to 128 characters of [A-Za-z0-9_.:-].
func validID[T ~string | ~[]byte](id T) bool {
	if len(id) == 0 || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_', c == '.', c == ':', c == '-':
		default:
			return false
		}
	}
	return true
}
