package sentrial

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Errors of this package, for errors.Is. An *APIError matches the one that stands for its status.
var (
	// ErrClosed says that the client was closed before the call.
	ErrClosed = errors.New("sentrial: client is closed")
	// ErrUnauthorized says that the server does not accept the API key (401).
	ErrUnauthorized = errors.New("sentrial: the API key is not accepted")
	// ErrForbidden says that the key does not cover the project or the operation (403).
	ErrForbidden = errors.New("sentrial: the API key does not allow this")
	// ErrNotFound says that the session, the event or the route does not exist (404).
	ErrNotFound = errors.New("sentrial: not found")
	// ErrRateLimited says that the server asked for a slower pace (429).
	ErrRateLimited = errors.New("sentrial: rate limited")
	// ErrUnsupported says that this client or the server's protocol cannot do what was asked.
	ErrUnsupported = errors.New("sentrial: not supported")
)

// APIError is a reply of the ingestion API that is not a success, or that looks like one and does not acknowledge the events sent (Code not_acknowledged, which is
// what captive portals and proxies cause). errors.Is compares it with the sentinels of this package by its status.
// It never holds a key, a token or an event's content.
type APIError struct {
	Status     int           // HTTP status
	Code       string        // machine-readable code of the reply, empty if it had none
	Message    string        // the reply's message, or the status text
	RequestID  string        // X-Request-Id, to find the request in the server's log
	RetryAfter time.Duration // how long the server asked to wait; 0 = it did not say
}

func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sentrial: server replied %d", e.Status)
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.RequestID != "" {
		b.WriteString(" (request " + e.RequestID + ")")
	}
	return b.String()
}

// Is makes errors.Is(err, ErrNotFound) and the like work.
func (e *APIError) Is(target error) bool {
	switch e.Status {
	case http.StatusUnauthorized:
		return target == ErrUnauthorized
	case http.StatusForbidden:
		return target == ErrForbidden
	case http.StatusNotFound:
		return target == ErrNotFound
	case http.StatusTooManyRequests:
		return target == ErrRateLimited
	}
	return false
}

// IncompleteError is what Flush and Close return when events accepted before the call are not delivered. Flush keeps them and goes on trying; Close leaves those in a
// spool there (Stats.Spooled) and counts the others in Stats.Dropped as DropClosed.
type IncompleteError struct {
	Stats Stats // as of the moment the wait ended
	Err   error // why: the context's error, else the last error of the transport

	uncertain uint64 // of hosted requests that Close cut off
}

func (e *IncompleteError) Error() string {
	left := e.Stats.Queued + e.Stats.Dropped[DropClosed]
	msg := fmt.Sprintf("sentrial: %d events not delivered", left)
	if e.Stats.Spooled > 0 {
		msg += fmt.Sprintf(", %d of them in the spool", e.Stats.Spooled)
	}
	if e.uncertain > 0 {
		msg += fmt.Sprintf(", %d uncertain", e.uncertain)
	}
	if e.Err != nil {
		msg += ": " + e.Err.Error()
	}
	if last := e.Stats.LastError; last != nil && !errors.Is(e.Err, last) {
		msg += " (last error: " + last.Error() + ")"
	}
	return msg
}

// Unwrap gives the reason, and the transport's last error, to errors.Is and errors.As.
func (e *IncompleteError) Unwrap() error { return errors.Join(e.Err, e.Stats.LastError) }

// OptionError is what New returns for a value it cannot use.
type OptionError struct {
	Name  string // the environment variable or the option
	Value string // what was given; empty for secrets
	Want  string // what is expected
	Err   error  // what went wrong with the value, nil = it is not what is expected
}

func (e *OptionError) Error() string {
	text := "sentrial: " + e.Name
	if e.Value != "" {
		text += fmt.Sprintf("=%q", e.Value)
	}
	text += ": want " + e.Want
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *OptionError) Unwrap() error { return e.Err }
