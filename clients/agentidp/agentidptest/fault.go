package agentidptest

import (
	"net/http"
	"strconv"
	"time"
)

// Fault answers a request in the platform's place. next is the platform.
type Fault func(w http.ResponseWriter, r *http.Request, next http.Handler)

// Faults says what goes wrong with the nth request of an operation, such as "agents.list", counted from 1; nil = nothing. It is asked about one request at a time, and
// may use the Server.
type Faults func(operation string, n int) Fault

// Fault makes requests fail from now on; nil ends that. Requests are counted from the server's start.
func (s *Server) Fault(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

func (s *Server) faultOf(operation string) Fault {
	s.faulting.Lock()
	defer s.faulting.Unlock()
	fault, n := s.counted(operation)
	if fault == nil {
		return nil
	}
	return fault(operation, n)
}

func (s *Server) counted(operation string) (Faults, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[operation]++
	return s.fault, s.counts[operation]
}

// Status answers with that status, and does nothing.
func Status(status int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		write(w, status, refusal{Code: codes[status], Message: "as the test wanted"})
	}
}

var codes = map[int]string{
	http.StatusTooManyRequests: "RateLimitError", http.StatusInternalServerError: "InternalServerError",
	http.StatusUnauthorized: "UnauthorizedError", http.StatusForbidden: "ForbiddenError",
}

// RetryAfter answers with that status and asks to wait.
func RetryAfter(status int, wait time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)))
		Status(status)(w, r, next)
	}
}

// NoReply breaks the connection, and does nothing.
func NoReply() Fault {
	return func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }
}

// LostReply does what was asked for, and breaks the connection.
func LostReply() Fault {
	return func(_ http.ResponseWriter, r *http.Request, next http.Handler) {
		record(next, r)
		panic(http.ErrAbortHandler)
	}
}

// CutReply does what was asked for, and sends half of the reply.
func CutReply() Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		reply := record(next, r)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(max(2, reply.Body.Len())))
		w.WriteHeader(max(http.StatusOK, reply.Code))
		_, _ = w.Write(reply.Body.Bytes()[:reply.Body.Len()/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// Body does what was asked for, and answers 200 with something else.
func Body(contentType, body string) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		record(next, r)
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write([]byte(body))
	}
}

// Redirect sends the client elsewhere.
func Redirect(status int, url string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Location", url)
		w.WriteHeader(status)
	}
}
