package hivium

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/platform"
)

// Codes of errors.
const (
	CodeValidation          = "validation_error"     // 400: the body is wrong, the message says how
	CodeInvalidAPIKey       = "invalid_api_key"      // 401: the key is missing or revoked
	CodeInsufficientScope   = "insufficient_scope"   // 403: the key lacks a scope
	CodeConsentMissing      = "consent_missing"      // 403: the contact has not agreed to be reached so
	CodeNotFound            = "not_found"            // 404: the workspace has no such thing
	CodeIdempotencyConflict = "idempotency_conflict" // 409: the same key with another body
	CodeRateLimited         = "rate_limited"         // 429: wait for RetryAfter
	CodeInternal            = "internal_error"       // 5xx
	CodeNetwork             = "network_error"        // ours: no reply, or one cut short
	CodeUnexpectedReply     = "unexpected_reply"     // ours: a success that is not understood
	CodeInvalidRequest      = "invalid_request"      // ours: nothing was sent
	codeOtherwise           = "http_error"           // a failure that names no code
)

// What errors.Is finds by code. ErrInternal is any 5xx, ErrRateLimited any 429.
var (
	ErrValidation          error = &Error{Code: CodeValidation}
	ErrInvalidAPIKey       error = &Error{Code: CodeInvalidAPIKey}
	ErrInsufficientScope   error = &Error{Code: CodeInsufficientScope}
	ErrConsentMissing      error = &Error{Code: CodeConsentMissing}
	ErrNotFound            error = &Error{Code: CodeNotFound}
	ErrIdempotencyConflict error = &Error{Code: CodeIdempotencyConflict}
	ErrRateLimited         error = &Error{Code: CodeRateLimited}
	ErrInternal            error = &Error{Code: CodeInternal}
	ErrNetwork             error = &Error{Code: CodeNetwork}
	ErrUnexpectedReply     error = &Error{Code: CodeUnexpectedReply}
	ErrInvalidRequest      error = &Error{Code: CodeInvalidRequest}
)

// Error is every failure of a call, except that of a context that ends before anything was sent. It never holds the API key.
type Error struct {
	Status         int    // 0 = there was no reply
	Code           string // such as consent_missing
	Message        string // for people
	RequestID      string // req_..., to be told to the platform's people; "" = the reply had none
	RetryAfter     time.Duration
	Attempts       int    // how many requests were sent
	IdempotencyKey string // the same call with it goes on where this one ended; "" = there was none
	cause          error
}

func (e *Error) Error() string {
	text := "hivium: " + e.Code + ": " + e.Message
	if e.Status != 0 {
		text = fmt.Sprintf("hivium: %s (%d): %s", e.Code, e.Status, e.Message)
	}
	if e.RequestID != "" {
		text += " (request " + e.RequestID + ")"
	}
	if e.Attempts > 1 {
		text += fmt.Sprintf(" (after %d attempts)", e.Attempts)
	}
	return text
}

// Unwrap gives the error of the network, nil if the server replied.
func (e *Error) Unwrap() error { return e.cause }

// Is compares codes.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	if !ok {
		return false
	}
	return e.Code == t.Code || t.Code == CodeInternal && e.Status >= http.StatusInternalServerError && e.Code != CodeNetwork ||
		t.Code == CodeRateLimited && e.Status == http.StatusTooManyRequests
}

func invalid(why string) *Error { return &Error{Code: CodeInvalidRequest, Message: why} }

// failures makes errors that do not show the key, whatever a server repeats.
type failures struct{ key platform.Secret }

func (f failures) scrub(text string) string { return platform.Scrub(text, f.key) }

// refused makes the error of a reply.
func (f failures) refused(r *httpx.Response, attempts int) error {
	found := httpx.ParseError(r)
	wait, _ := httpx.RetryAfter(r.Header, time.Now())
	return &Error{
		Status:     r.Status,
		Code:       cmp.Or(f.scrub(found.Code), codeOfStatus(r.Status)),
		Message:    f.scrub(found.Message),
		RequestID:  f.scrub(found.RequestID),
		RetryAfter: wait,
		Attempts:   attempts,
	}
}

// codeOfStatus is the code of a reply that names none. What a 403 is about it does not tell.
func codeOfStatus(status int) string {
	code := map[int]string{
		http.StatusBadRequest: CodeValidation, http.StatusUnauthorized: CodeInvalidAPIKey, http.StatusNotFound: CodeNotFound,
		http.StatusConflict: CodeIdempotencyConflict, http.StatusTooManyRequests: CodeRateLimited,
	}[status]
	switch {
	case code != "":
		return code
	case status >= http.StatusInternalServerError:
		return CodeInternal
	}
	return codeOtherwise
}

// broken makes the error of no reply, or of one that is not understood.
func (f failures) broken(err error, attempts int) error {
	e := &Error{Code: CodeNetwork, Message: f.scrub(err.Error()), Attempts: attempts, cause: err}
	var garbled *platform.ReplyError
	var cut *httpx.CutError
	switch {
	case errors.As(err, &garbled):
		e.Code, e.Status = CodeUnexpectedReply, garbled.Status
	case errors.As(err, &cut):
		e.Status = cut.Status
	}
	return e
}
