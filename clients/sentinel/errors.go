package sentinel

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// What errors.Is finds in an [APIError], by its status.
var (
	ErrBadRequest   = errors.New("sentinel: bad request")  // 400
	ErrUnauthorized = errors.New("sentinel: unauthorized") // 401
	ErrForbidden    = errors.New("sentinel: forbidden")    // 403
	ErrNotFound     = errors.New("sentinel: not found")    // 404
	ErrTooLarge     = errors.New("sentinel: too large")    // 413
	ErrRateLimited  = errors.New("sentinel: rate limited") // 429
	ErrUnavailable  = errors.New("sentinel: unavailable")  // 500, 502, 503, 504
)

// ErrProcessingFailed is what errors.Is finds in a [ProcessingError].
var ErrProcessingFailed = errors.New("sentinel: processing failed")

// byStatus says which of them a status is.
var byStatus = map[int]error{
	http.StatusBadRequest: ErrBadRequest, http.StatusUnauthorized: ErrUnauthorized, http.StatusForbidden: ErrForbidden, http.StatusNotFound: ErrNotFound,
	http.StatusRequestEntityTooLarge: ErrTooLarge, http.StatusTooManyRequests: ErrRateLimited,
	http.StatusInternalServerError: ErrUnavailable, http.StatusBadGateway: ErrUnavailable, http.StatusServiceUnavailable: ErrUnavailable,
	http.StatusGatewayTimeout: ErrUnavailable,
}

// APIError is a reply that is no success.
type APIError struct {
	Status    int
	Detail    string // the platform's words, else the status text
	RequestID string // of X-Request-Id, "" if there is none
	Attempts  int    // how many were made in all
}

func (e *APIError) Error() string {
	return fmt.Sprintf("sentinel: status %d after %s: %s%s", e.Status, times(e.Attempts), e.Detail, advice[e.Status])
}

// Is finds the error that its status stands for, such as [ErrNotFound].
func (e *APIError) Is(target error) bool {
	return byStatus[e.Status] != nil && byStatus[e.Status] == target
}

var advice = map[int]string{
	http.StatusUnauthorized: ": give a fresh access token",
	http.StatusForbidden:    ": check the permissions of the access token",
}

// AuthError is a 401 or 403. It is an [APIError] too.
type AuthError struct{ APIError }

// Unwrap makes errors.As find the APIError.
func (e *AuthError) Unwrap() error { return &e.APIError }

// RateLimitError is a 429. It is an [APIError] too.
type RateLimitError struct {
	APIError
	RetryAfter time.Duration // what the reply asks for, else the delay of an attempt that would have been next
}

// Unwrap makes errors.As find the APIError.
func (e *RateLimitError) Unwrap() error { return &e.APIError }

// NetworkError is no reply, or one that was cut short.
type NetworkError struct {
	Attempts  int
	Uncertain bool // the platform may have done what it was asked for: nobody knows
	Err       error
}

func (e *NetworkError) Error() string {
	return fmt.Sprintf("sentinel: no reply after %s: %v%s", times(e.Attempts), e.Err, doubt(e.Uncertain))
}

func (e *NetworkError) Unwrap() error { return e.Err }

// ReplyError is a success that is not understood: no JSON, or without what it must have.
type ReplyError struct {
	Status    int
	Why       string // never the reply's own words
	Attempts  int
	Uncertain bool // as in NetworkError
}

func (e *ReplyError) Error() string {
	return fmt.Sprintf("sentinel: reply with status %d not understood after %s: %s%s", e.Status, times(e.Attempts), e.Why, doubt(e.Uncertain))
}

// ProcessingError is the end of a document that could not be processed.
type ProcessingError struct {
	DocumentID string
	State      State  // StateFailed or StateCancelled
	Reason     string // the platform's words, "" if it gives none
}

func (e *ProcessingError) Error() string {
	text := fmt.Sprintf("sentinel: the processing of document %s ended as %s", e.DocumentID, e.State)
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// Is finds [ErrProcessingFailed].
func (e *ProcessingError) Is(target error) bool { return target == ErrProcessingFailed }

func times(attempts int) string {
	if attempts == 1 {
		return "1 attempt"
	}
	return fmt.Sprintf("%d attempts", attempts)
}

func doubt(uncertain bool) string {
	if uncertain {
		return " (it may have been carried out: see before trying again)"
	}
	return ""
}
