package apiclient

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Error is the API's own error reply.
type Error struct {
	Status     int
	Code       string
	Message    string
	RequestID  string
	RetryAfter time.Duration // what the server asked for; 0 = nothing
}

func (e *Error) Error() string {
	s := e.Message
	if s == "" {
		s = http.StatusText(e.Status)
	}
	return fmt.Sprintf("%s (%d %s)", s, e.Status, e.Code)
}

// UnreachableError means that no reply came, or one of a gateway that got none.
type UnreachableError struct {
	URL        string
	Err        error
	RetryAfter time.Duration // what the gateway asked for
}

func (e *UnreachableError) Error() string { return fmt.Sprintf("cannot reach %s: %v", e.URL, e.Err) }
func (e *UnreachableError) Unwrap() error { return e.Err }

// StrangeReplyError means that something answered which does not speak the sentrial API.
type StrangeReplyError struct {
	URL    string
	Reason string
}

func (e *StrangeReplyError) Error() string {
	return fmt.Sprintf("the reply from %s is not a sentrial server's: %s", e.URL, e.Reason)
}

// failure makes an error of a reply that is not 200.
func (c *Client) failure(got reply) error {
	var doc struct {
		Error struct {
			Code      string `json:"code"`
			Message   string `json:"message"`
			RequestID string `json:"request_id"`
		} `json:"error"`
	}
	if json.Unmarshal(got.body, &doc) != nil || doc.Error.Code == "" {
		return c.foreign(got)
	}
	return &Error{got.status, doc.Error.Code, doc.Error.Message, doc.Error.RequestID, retryAfter(got.header)}
}

// foreign is a failure that our server did not word: a gateway's, mostly.
func (c *Client) foreign(got reply) error {
	switch got.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &Error{Status: got.status, Code: "invalid_api_key"}
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return &UnreachableError{URL: c.base, Err: fmt.Errorf("it answered %d %s", got.status, http.StatusText(got.status)), RetryAfter: retryAfter(got.header)}
	}
	reason := fmt.Sprintf("status %d with %s", got.status, cmp.Or(got.header.Get("Content-Type"), "no content type"))
	if to := got.header.Get("Location"); to != "" && got.status/100 == 3 {
		reason = fmt.Sprintf("it redirects to %s; if that is the server, name it with --url", to)
	}
	return &StrangeReplyError{URL: c.base, Reason: strings.TrimSpace(reason)}
}
