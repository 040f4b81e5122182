package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
)

// Codes of errors, as clients see them.
const (
	codeValidation       = "validation_error"
	codeNotFound         = "not_found"
	codeMethodNotAllowed = "method_not_allowed"
	codeTimeout          = "request_timeout"
	codeConflict         = "idempotency_conflict"
	codeTooLarge         = "payload_too_large"
	codeMediaType        = "unsupported_media_type"
	codeInternal         = "internal_error"
	codeUnavailable      = "unavailable"
	codeMissingRef       = "missing_ref"     // of single events only
	codeSessionDeleted   = "session_deleted" // of single events only
)

// apiError is an error in the words the client gets. Its cause goes to the log alone.
type apiError struct {
	status     int
	code       string
	message    string
	limits     *Limits
	retryAfter string // seconds; "" = none
	cause      error
}

func (e *apiError) Error() string {
	if e.cause != nil {
		return e.message + ": " + e.cause.Error()
	}
	return e.message
}

func (e *apiError) Unwrap() error { return e.cause }

func invalid(format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, code: codeValidation, message: fmt.Sprintf(format, args...)}
}

func notFound(message string) *apiError {
	return &apiError{status: http.StatusNotFound, code: codeNotFound, message: message}
}

func methodNotAllowed(method, allow string) *apiError {
	return &apiError{status: http.StatusMethodNotAllowed, code: codeMethodNotAllowed, message: fmt.Sprintf("method %s is not allowed here, use %s", shorten(method), allow)}
}

func mediaType(message string) *apiError {
	return &apiError{status: http.StatusUnsupportedMediaType, code: codeMediaType, message: message}
}

func tooLarge(limits Limits, format string, args ...any) *apiError {
	return &apiError{status: http.StatusRequestEntityTooLarge, code: codeTooLarge, message: fmt.Sprintf(format, args...), limits: &limits}
}

// unavailable says that the store could not do its work, and to come again.
func unavailable(message string, cause error) *apiError {
	return &apiError{status: http.StatusServiceUnavailable, code: codeUnavailable, message: message, retryAfter: "1", cause: cause}
}

// errorBody is the JSON of every error reply, those of the hosted wire aside.
type errorBody struct {
	Error errorDetail `json:"error"`
}

type errorDetail struct {
	Code      string  `json:"code"`
	Message   string  `json:"message"`
	RequestID string  `json:"request_id"`
	Limits    *Limits `json:"limits,omitempty"`
}

// fail answers with err. Errors that are no apiError stay between us and the log.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var e *apiError
	if !errors.As(err, &e) {
		e = &apiError{status: http.StatusInternalServerError, code: codeInternal, message: "internal", cause: err}
	}
	if e.status >= http.StatusInternalServerError && r.Context().Err() == nil {
		s.log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("request_id", requestID(r)),
			slog.String("method", r.Method), slog.String("route", exchangeOf(r).route), slog.Int("status", e.status), slog.String("error", unkeyed(r, err.Error())))
	}
	if e.retryAfter != "" {
		w.Header().Set("Retry-After", e.retryAfter)
	}
	if e.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	message := unkeyed(r, e.message)
	switch {
	case isHosted(r):
		writeJSON(w, e.status, flatError{e.code, message})
	case isGRPC(r):
		failGRPC(w, e, message)
	case isOTLP(r):
		failOTLP(w, r, e, message)
	default:
		writeJSON(w, e.status, errorBody{errorDetail{e.code, message, requestID(r), e.limits}})
	}
}

// writeJSON answers with v. What cannot be written any more is the connection's loss.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(encoded(v))
}

// encoded is v as JSON, on a line.
func encoded(v any) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // what we answer with has a JSON form
	}
	return out.Bytes()
}

// shorten makes a caller's words fit into an error message.
func shorten(s string) string {
	const most = 64
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
