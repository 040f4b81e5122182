package agentidp

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/platform"
)

// Codes of errors. The document names AgentNotFoundError; the other names of the platform's are ours, those of OAuth 2.0 are its own.
const (
	CodeValidation           = "ValidationError"
	CodeUnauthorized         = "UnauthorizedError"
	CodeForbidden            = "ForbiddenError"
	CodeInsufficientScope    = "InsufficientScopeError"
	CodeAgentNotFound        = "AgentNotFoundError"
	CodeCredentialNotFound   = "CredentialNotFoundError"
	CodeAuditEventNotFound   = "AuditEventNotFoundError"
	CodeAgentExists          = "AgentAlreadyExistsError"
	CodeAgentDecommissioned  = "AgentAlreadyDecommissionedError"
	CodeCredentialRevoked    = "CredentialAlreadyRevokedError"
	CodeRateLimited          = "RateLimitError"
	CodeInternal             = "InternalServerError"
	CodeInvalidRequest       = "invalid_request"        // OAuth 2.0
	CodeInvalidClient        = "invalid_client"         // OAuth 2.0
	CodeInvalidGrant         = "invalid_grant"          // OAuth 2.0
	CodeUnauthorizedClient   = "unauthorized_client"    // OAuth 2.0
	CodeUnsupportedGrantType = "unsupported_grant_type" // OAuth 2.0
	CodeInvalidScope         = "invalid_scope"          // OAuth 2.0
	CodeNetwork              = "NetworkError"           // no reply, or one cut short
	CodeUnexpectedReply      = "UnexpectedReplyError"   // a success that is not understood
	CodeInvalidID            = "InvalidIDError"         // an empty id: nothing was sent
	codeOtherwise            = "HTTPError"              // a failure that names no code
)

// What errors.Is finds by code.
var (
	ErrValidation           error = &Error{Code: CodeValidation}
	ErrInsufficientScope    error = &Error{Code: CodeInsufficientScope}
	ErrAgentNotFound        error = &Error{Code: CodeAgentNotFound}
	ErrCredentialNotFound   error = &Error{Code: CodeCredentialNotFound}
	ErrAuditEventNotFound   error = &Error{Code: CodeAuditEventNotFound}
	ErrAgentExists          error = &Error{Code: CodeAgentExists}
	ErrAgentDecommissioned  error = &Error{Code: CodeAgentDecommissioned}
	ErrCredentialRevoked    error = &Error{Code: CodeCredentialRevoked}
	ErrInternal             error = &Error{Code: CodeInternal}
	ErrInvalidRequest       error = &Error{Code: CodeInvalidRequest}
	ErrInvalidClient        error = &Error{Code: CodeInvalidClient}
	ErrInvalidGrant         error = &Error{Code: CodeInvalidGrant}
	ErrUnauthorizedClient   error = &Error{Code: CodeUnauthorizedClient}
	ErrUnsupportedGrantType error = &Error{Code: CodeUnsupportedGrantType}
	ErrInvalidScope         error = &Error{Code: CodeInvalidScope}
	ErrNetwork              error = &Error{Code: CodeNetwork}
	ErrUnexpectedReply      error = &Error{Code: CodeUnexpectedReply}
	ErrInvalidID            error = &Error{Code: CodeInvalidID}
)

// What errors.Is finds by status, whatever the code.
var (
	ErrUnauthorized error = &Error{HTTPStatus: http.StatusUnauthorized}
	ErrForbidden    error = &Error{HTTPStatus: http.StatusForbidden}
	ErrNotFound     error = &Error{HTTPStatus: http.StatusNotFound}
	ErrConflict     error = &Error{HTTPStatus: http.StatusConflict}
	ErrRateLimited  error = &Error{HTTPStatus: http.StatusTooManyRequests}
)

// Error is every failure of a call: of the API, of OAuth 2.0, or of the network. It never holds a secret or a token.
type Error struct {
	Code       string // such as AgentNotFoundError or invalid_client
	HTTPStatus int    // 0 = there was no reply
	Message    string // for people
	RequestID  string // "" = the reply had none
	Attempts   int    // how many requests were sent
	cause      error
}

func (e *Error) Error() string {
	text := "agentidp: " + e.Code + ": " + e.Message
	if e.HTTPStatus != 0 {
		text = fmt.Sprintf("agentidp: %s (%d): %s", e.Code, e.HTTPStatus, e.Message)
	}
	if e.Attempts > 1 {
		text += fmt.Sprintf(" (after %d attempts)", e.Attempts)
	}
	return text
}

// Unwrap gives the error of the network, nil if the server replied.
func (e *Error) Unwrap() error { return e.cause }

// Is compares the code with that of a target that has one, else the status.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	switch {
	case !ok:
		return false
	case t.Code != "":
		return e.Code == t.Code
	}
	return e.HTTPStatus == t.HTTPStatus && t.HTTPStatus != 0
}

// failed makes the error of a reply.
func (c *Client) failed(r *httpx.Response, attempts int) error {
	found := parseError(r)
	return &Error{
		Code:       cmp.Or(c.scrub(found.Code), codeOfStatus(r.Status)),
		HTTPStatus: r.Status,
		Message:    c.scrub(found.Message),
		RequestID:  c.scrub(found.RequestID),
		Attempts:   attempts,
	}
}

// parseError also knows a code and a message that stand in the reply by themselves.
func parseError(r *httpx.Response) httpx.ErrorBody {
	var flat struct {
		Code    string          `json:"code"`
		Message string          `json:"message"`
		Error   json.RawMessage `json:"error"`
	}
	if json.Unmarshal(r.Body, &flat) != nil || flat.Code == "" || len(flat.Error) > 0 {
		return httpx.ParseError(r)
	}
	again, err := json.Marshal(map[string]any{"error": map[string]string{"code": flat.Code, "message": flat.Message}})
	if err != nil {
		return httpx.ParseError(r)
	}
	return httpx.ParseError(&httpx.Response{Status: r.Status, Header: r.Header, Body: again})
}

func codeOfStatus(status int) string {
	switch {
	case status == http.StatusBadRequest || status == http.StatusUnprocessableEntity:
		return CodeValidation
	case status == http.StatusUnauthorized:
		return CodeUnauthorized
	case status == http.StatusForbidden:
		return CodeForbidden
	case status == http.StatusTooManyRequests:
		return CodeRateLimited
	case status >= http.StatusInternalServerError:
		return CodeInternal
	}
	return codeOtherwise
}

// broken makes the error of no reply, or of one that is not understood.
func (c *Client) broken(err error, attempts int) error {
	e := &Error{Code: CodeNetwork, Message: c.scrub(err.Error()), Attempts: attempts, cause: err}
	var garbled *platform.ReplyError
	var cut *httpx.CutError
	switch {
	case errors.As(err, &garbled):
		e.Code, e.HTTPStatus = CodeUnexpectedReply, garbled.Status
	case errors.As(err, &cut):
		e.HTTPStatus = cut.Status
	}
	return e
}
