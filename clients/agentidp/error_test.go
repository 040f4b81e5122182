package agentidp_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

// fails is the error of a call that is answered so.
func fails(t *testing.T, c *agentidp.Client, idp *agentidptest.Server, status int, contentType, body string) *agentidp.Error {
	t.Helper()
	idp.Fault(first(1<<30, "agents.get", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("X-Request-Id", "req_1")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	_, err := c.Agents.Get(t.Context(), "x")
	var e *agentidp.Error
	if !errors.As(err, &e) {
		t.Fatalf("%d %s: %v is no *Error", status, body, err)
	}
	return e
}

func TestErrorsOfEveryForm(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp, agentidp.WithMaxRetries(0))
	for _, test := range []struct {
		status     int
		body       string
		code, text string
	}{
		{404, `{"code":"AgentNotFoundError","message":"no agent"}`, "AgentNotFoundError", "agentidp: AgentNotFoundError (404): no agent"},
		{404, `{"error":{"code":"AgentNotFoundError","message":"no agent"}}`, "AgentNotFoundError", "agentidp: AgentNotFoundError (404): no agent"},
		{404, `{"error":"AgentNotFoundError","message":"no agent"}`, "AgentNotFoundError", "agentidp: AgentNotFoundError (404): no agent"},
		{400, `{"error":"invalid_request","error_description":"no"}`, "invalid_request", "agentidp: invalid_request (400): no"},
		{409, `{"code":"SomethingNewError"}`, "SomethingNewError", "agentidp: SomethingNewError (409): Conflict"},
		{400, ``, "ValidationError", "agentidp: ValidationError (400): Bad Request"},
		{422, `[]`, "ValidationError", "agentidp: ValidationError (422): Unprocessable Entity"},
		{401, `<html>`, "UnauthorizedError", "agentidp: UnauthorizedError (401): Unauthorized (after 2 attempts)"},
		{403, `{}`, "ForbiddenError", "agentidp: ForbiddenError (403): Forbidden"},
		{404, `{}`, "HTTPError", "agentidp: HTTPError (404): Not Found"},
		{429, `{}`, "RateLimitError", "agentidp: RateLimitError (429): Too Many Requests"},
		{500, `{"code":1}`, "InternalServerError", "agentidp: InternalServerError (500): Internal Server Error"},
		{302, `{}`, "HTTPError", "agentidp: HTTPError (302): Found"},
		{400, `{"code":"A\nB","message":"x\u0000y\r\nz"}`, "A B", "agentidp: A B (400): x y  z"},
	} {
		e := fails(t, c, idp, test.status, "application/json", test.body)
		if e.Code != test.code || e.HTTPStatus != test.status || e.Error() != test.text || e.RequestID != "req_1" {
			t.Errorf("%d %s: %q, %+v", test.status, test.body, e, *e)
		}
	}
}

func TestSentinels(t *testing.T) {
	byStatus := map[error]int{
		agentidp.ErrUnauthorized: 401, agentidp.ErrForbidden: 403, agentidp.ErrNotFound: 404, agentidp.ErrConflict: 409, agentidp.ErrRateLimited: 429,
	}
	for sentinel, status := range byStatus {
		if !errors.Is(&agentidp.Error{Code: "x", HTTPStatus: status}, sentinel) || errors.Is(&agentidp.Error{Code: "x", HTTPStatus: 418}, sentinel) {
			t.Errorf("%v does not go by its status", sentinel)
		}
	}
	for _, sentinel := range []error{
		agentidp.ErrValidation, agentidp.ErrInsufficientScope, agentidp.ErrAgentNotFound, agentidp.ErrCredentialNotFound, agentidp.ErrAuditEventNotFound,
		agentidp.ErrAgentExists, agentidp.ErrAgentDecommissioned, agentidp.ErrCredentialRevoked, agentidp.ErrInternal, agentidp.ErrInvalidRequest,
		agentidp.ErrInvalidClient, agentidp.ErrInvalidGrant, agentidp.ErrUnauthorizedClient, agentidp.ErrUnsupportedGrantType, agentidp.ErrInvalidScope,
		agentidp.ErrNetwork, agentidp.ErrUnexpectedReply, agentidp.ErrInvalidID,
	} {
		var e *agentidp.Error
		if !errors.As(sentinel, &e) || e.Code == "" || !errors.Is(&agentidp.Error{Code: e.Code, HTTPStatus: 400}, sentinel) || errors.Is(&agentidp.Error{Code: "x"}, sentinel) {
			t.Errorf("%v does not go by its code", sentinel)
		}
	}
	if errors.Is(&agentidp.Error{}, errors.New("x")) || errors.Is(&agentidp.Error{}, &agentidp.Error{}) {
		t.Error("an error is what it is not")
	}
}

func TestErrorsOfTheNetwork(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp, agentidp.WithMaxRetries(0))
	idp.Fault(first(1<<30, "agents.get", agentidptest.NoReply()))
	if _, err := c.Agents.Get(t.Context(), "x"); !errors.Is(err, agentidp.ErrNetwork) || errors.Unwrap(err) == nil {
		t.Errorf("no reply: %v", err)
	}
	idp.Fault(first(1<<30, "agents.get", agentidptest.CutReply()))
	_, err := c.Agents.Get(t.Context(), idp.ClientID())
	var e *agentidp.Error
	if !errors.As(err, &e) || e.Code != agentidp.CodeNetwork || e.HTTPStatus != 200 {
		t.Errorf("a cut reply: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Agents.Get(ctx, "x"); !errors.Is(err, context.Canceled) || !errors.Is(err, agentidp.ErrNetwork) {
		t.Errorf("cancelled: %v", err)
	}
}

// What a server repeats of our secrets does not get into errors.
func TestErrorsDoNotRepeatSecrets(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp, agentidp.WithMaxRetries(0))
	token, err := c.TokenSource().Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e := fails(t, c, idp, 400, "application/json", `{"code":"X `+token+`","message":"bad `+token+` of `+idp.ClientSecret()+`"}`)
	if text := e.Error(); strings.Contains(text, token) || strings.Contains(text, idp.ClientSecret()) || !strings.Contains(text, "[hidden]") {
		t.Errorf("got %s", text)
	}
	idp.Fault(func(string, int) agentidptest.Fault {
		return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"code":"X","message":"bad canary-token"}`))
		}
	})
	if _, err := c.Tokens.Introspect(t.Context(), "canary-token"); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("introspected: %v", err)
	}
	if err := c.Tokens.Revoke(t.Context(), "canary-token"); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("revoked: %v", err)
	}
}

// answering gives a client that gets its tokens from idp, and everything else from h, without a network.
func answering(t *testing.T, idp *agentidptest.Server, h http.HandlerFunc) *agentidp.Client {
	t.Helper()
	transport := handlerTransport{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/token" {
			idp.ServeHTTP(w, r)
			return
		}
		h(w, r)
	})}
	own := agentidp.WithHTTPClient(&http.Client{Transport: transport})
	c, err := agentidp.New("http://idp.example", idp.ClientID(), idp.ClientSecret(), agentidp.WithMaxRetries(0), own)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func FuzzErrorReply(f *testing.F) {
	for _, s := range []string{`{"code":"A","message":"b"}`, `{"error":{"code":"A"}}`, `{"error":"invalid_client","error_description":"x"}`, `{"code":"A","error":null}`, `[`} {
		f.Add(400, s)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 300 || status > 599 || status == 304 || status == 401 {
			return
		}
		idp := agentidptest.New()
		c := answering(t, idp, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
		_, err := c.Agents.Get(t.Context(), "x")
		var e *agentidp.Error
		if !errors.As(err, &e) || e.Code == "" || e.Message == "" || e.HTTPStatus != status || strings.ContainsAny(e.Error(), "\r\n\x00") {
			t.Errorf("%d %q: %+v", status, body, err)
		}
	})
}

func FuzzReply(f *testing.F) {
	for _, s := range []string{`{"data":[{"agentId":"a"}],"total":1}`, `{"agentId":"a","createdAt":"x"}`, `{"data":[]}`, `{"data":null}`, `{"active":true,"exp":1e99}`, `{}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		idp := agentidptest.New()
		c := answering(t, idp, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(body))
		})
		if a, err := c.Agents.Get(t.Context(), "x"); (err == nil) == (a == nil) || a != nil && a.AgentID == "" {
			t.Errorf("%q: %+v, %v", body, a, err)
		}
		if p, err := c.Audit.Query(t.Context(), agentidp.AuditQuery{}); (err == nil) == (p == nil) || p != nil && p.Data == nil {
			t.Errorf("%q: %+v, %v", body, p, err)
		}
		_, _ = c.Tokens.Introspect(t.Context(), "x")
	})
}
