package hiviumtest

import (
	"net/http"
	"time"

	"github.com/sentrial/sentrial-go/internal/platformfault"
)

// Fault answers a request in the platform's place: func(w http.ResponseWriter, r *http.Request, next http.Handler), where next is the platform.
type Fault = platformfault.Fault

// Faults says what goes wrong with the nth request of an operation, such as "contacts.list", counted from 1: func(operation string, n int) Fault; nil = nothing. It is asked
// about one request at a time, and may use the Server.
type Faults = platformfault.Faults

// Fault makes requests fail from now on; nil ends that. Requests are counted from the server's start.
func (s *Server) Fault(f Faults) { s.faults.Set(f) }

// Status answers with that status, and does nothing.
func Status(status int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		write(w, status, newRequestID(), refuse(status, codes[status], "As the test wanted."))
	}
}

var codes = map[int]string{
	http.StatusBadRequest: "validation_error", http.StatusUnauthorized: "invalid_api_key", http.StatusForbidden: "insufficient_scope",
	http.StatusNotFound: "not_found", http.StatusConflict: "idempotency_conflict", http.StatusTooManyRequests: "rate_limited",
	http.StatusInternalServerError: "internal_error", http.StatusBadGateway: "internal_error", http.StatusServiceUnavailable: "internal_error",
	http.StatusGatewayTimeout: "internal_error",
}

// RetryAfter answers with that status and asks to wait.
func RetryAfter(status int, wait time.Duration) Fault {
	return platformfault.RetryAfter(wait, Status(status))
}

// NoReply breaks the connection, and does nothing.
func NoReply() Fault { return platformfault.NoReply() }

// LostReply does what was asked for, and breaks the connection.
func LostReply() Fault { return platformfault.LostReply() }

// CutReply does what was asked for, and sends half of the reply.
func CutReply() Fault { return platformfault.CutReply() }

// Body does what was asked for, and answers 200 with something else.
func Body(contentType, body string) Fault { return platformfault.Body(contentType, body) }

// Redirect sends the client elsewhere.
func Redirect(status int, url string) Fault { return platformfault.Redirect(status, url) }
