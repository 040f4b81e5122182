package faultsink

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Status answers with an error of the protocol and commits nothing.
func Status(code int, headers ...Header) Step {
	return With(func(x *Exchange) {
		x.Events()
		x.fail(code, "the plan answers "+strconv.Itoa(code), nil)
	}, headers...)
}

// With sets headers of whatever the step answers.
func With(step Step, headers ...Header) Step {
	return func(x *Exchange) {
		for _, set := range headers {
			set(x.w.Header())
		}
		step(x)
	}
}

// Header sets headers of a reply.
type Header func(h http.Header)

// Set sets one header. `Connection: close` makes an HTTP/2 server say GOAWAY.
func Set(name, value string) Header { return func(h http.Header) { h.Set(name, value) } }

// RetryAfter asks to wait, in seconds.
func RetryAfter(d time.Duration) Header { return Set("Retry-After", strconv.Itoa(int(d.Seconds()))) }

// RetryAfterDate asks to wait until a date, by a clock that is wrong by this much, as the reply's Date shows.
func RetryAfterDate(d, clockError time.Duration) Header {
	return func(h http.Header) {
		now := time.Now().Add(clockError).UTC()
		h.Set("Date", now.Format(http.TimeFormat))
		h.Set("Retry-After", now.Add(d).Format(http.TimeFormat))
	}
}

// codes are those of the protocol; other statuses are named by their text.
var codes = map[int]string{
	400: "validation_error", 401: "invalid_api_key", 403: "insufficient_scope", 404: "not_found", 409: "idempotency_conflict", 413: "payload_too_large",
	415: "unsupported_media_type", 429: "rate_limited", 500: "internal_error", 503: "unavailable",
}

func codeOf(status int) string {
	if code, ok := codes[status]; ok {
		return code
	}
	return strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_")
}

type errorDetail struct {
	Code      string  `json:"code"`
	Message   string  `json:"message"`
	RequestID string  `json:"request_id"`
	Limits    *Limits `json:"limits,omitempty"`
}

func writeError(w http.ResponseWriter, wire Wire, status int, message string, limits *Limits) {
	writeJSON(w, status, errorBody(wire, status, message, w.Header().Get("X-Request-Id"), limits))
}

// errorBody is an error in the form of a protocol.
func errorBody(wire Wire, status int, message, requestID string, limits *Limits) any {
	if wire == Hosted {
		return map[string]string{"error": codeOf(status), "message": message}
	}
	return map[string]errorDetail{"error": {codeOf(status), message, requestID, limits}}
}

// writeJSON answers with v. What cannot be written any more is for the client to notice.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
