package hivium_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
)

// Every code of the document is found by errors.Is, with its status and the request's ID, whether the reply names it or not.
func TestEveryCode(t *testing.T) {
	h, c := start(t, hivium.WithMaxRetries(0))
	for _, test := range []struct {
		status int
		code   string
		is     error
	}{
		{400, "validation_error", hivium.ErrValidation},
		{401, "invalid_api_key", hivium.ErrInvalidAPIKey},
		{403, "insufficient_scope", hivium.ErrInsufficientScope},
		{403, "consent_missing", hivium.ErrConsentMissing},
		{404, "not_found", hivium.ErrNotFound},
		{409, "idempotency_conflict", hivium.ErrIdempotencyConflict},
		{429, "rate_limited", hivium.ErrRateLimited},
		{500, "internal_error", hivium.ErrInternal},
		{503, "unavailable", hivium.ErrInternal},
		{429, "slow_down", hivium.ErrRateLimited},
		{418, "teapot", nil},
	} {
		h.Fault(func(string, int) hiviumtest.Fault {
			return says(test.status, `{"error":{"code":"`+test.code+`","message":"why","request_id":"req_1"}}`)
		})
		_, err := c.Contacts.Get(t.Context(), "x")
		var e *hivium.Error
		if !errors.As(err, &e) || e.Status != test.status || e.Code != test.code || e.Message != "why" || e.RequestID != "req_1" || e.Attempts != 1 {
			t.Errorf("%s: %+v", test.code, err)
		}
		if test.is != nil && !errors.Is(err, test.is) || errors.Is(err, hivium.ErrNetwork) || errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v is not %v", test.code, err, test.is)
		}
		if text := err.Error(); !strings.Contains(text, test.code) || !strings.Contains(text, "req_1") || !strings.Contains(text, "why") {
			t.Errorf("%s: %s", test.code, text)
		}
	}
	for status, want := range map[int]error{
		400: hivium.ErrValidation, 401: hivium.ErrInvalidAPIKey, 404: hivium.ErrNotFound, 409: hivium.ErrIdempotencyConflict, 429: hivium.ErrRateLimited, 502: hivium.ErrInternal,
	} {
		h.Fault(func(string, int) hiviumtest.Fault { return says(status, `<html>SECRET</html>`) })
		if _, err := c.Contacts.Get(t.Context(), "x"); !errors.Is(err, want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%d without a code: %v", status, err)
		}
	}
	h.Fault(func(string, int) hiviumtest.Fault { return says(403, ``) })
	if _, err := c.Contacts.Get(t.Context(), "x"); errors.Is(err, hivium.ErrInsufficientScope) || errors.Is(err, hivium.ErrConsentMissing) || !strings.Contains(err.Error(), "http_error (403)") {
		t.Errorf("403 without a code: %v", err)
	}
}

func says(status int, body string) hiviumtest.Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// Keys are held to their scopes, and end when they are revoked.
func TestScopes(t *testing.T) {
	h, all := start(t)
	id := create(t, all, carla).ID
	calls := map[hivium.Scope]func(c *hivium.Client) error{
		hivium.ScopeContactsWrite: func(c *hivium.Client) error { _, err := c.Contacts.Create(t.Context(), carla); return err },
		hivium.ScopeContactsRead:  func(c *hivium.Client) error { _, err := c.Contacts.Get(t.Context(), id); return err },
		hivium.ScopeConversationsRead: func(c *hivium.Client) error {
			_, err := c.Conversations.List(t.Context(), hivium.ListConversations{})
			return err
		},
		hivium.ScopeMessagesWrite: func(c *hivium.Client) error {
			_, err := c.Messages.Send(t.Context(), hivium.SendMessage{ContactID: id, Channel: hivium.ChannelEmail, Text: "x"})
			return err
		},
		hivium.ScopeMessagesRead: func(c *hivium.Client) error {
			_, err := c.Messages.List(t.Context(), hivium.ListMessages{})
			return err
		},
		hivium.ScopeAgentsRead: func(c *hivium.Client) error { _, err := c.Runs.List(t.Context(), hivium.ListRuns{}); return err },
	}
	same(t, "scopes", len(hivium.AllScopes()), len(calls))
	for _, scope := range hivium.AllScopes() {
		key := h.NewKey(string(scope))
		c := connectAs(t, h, key)
		for other, call := range calls {
			if err := call(c); (err == nil) != (other == scope) || err != nil && !errors.Is(err, hivium.ErrInsufficientScope) {
				t.Errorf("%s with %s: %v", other, scope, err)
			}
		}
		h.RevokeKey(key)
		if err := calls[scope](c); !errors.Is(err, hivium.ErrInvalidAPIKey) {
			t.Errorf("a key that was revoked: %v", err)
		}
	}
}

func TestSettingsThatAreWrong(t *testing.T) {
	for name, test := range map[string]struct {
		key  string
		opts []hivium.Option
		says string
	}{
		"no key":           {"", nil, "the API key is empty"},
		"key with newline": {"sk_SECRET\n", nil, "copied whole"},
		"key with space":   {"sk_ SECRET", nil, "copied whole"},
		"no URL":           {"k", []hivium.Option{hivium.WithBaseURL("")}, "the base URL is empty"},
		"bad URL":          {"k", []hivium.Option{hivium.WithBaseURL("ftp://x")}, "not an absolute http or https URL"},
		"URL with secret":  {"k", []hivium.Option{hivium.WithBaseURL("https://u:SECRET@x")}, "user or password"},
		"timeout":          {"k", []hivium.Option{hivium.WithTimeout(-1)}, "negative"},
		"retries":          {"k", []hivium.Option{hivium.WithMaxRetries(-1)}, "fewer than none"},
		"rate":             {"k", []hivium.Option{hivium.WithRateLimit(-1, 0)}, "are no rate"},
		"rate in no time":  {"k", []hivium.Option{hivium.WithRateLimit(1, 0)}, "are no rate"},
	} {
		_, err := hivium.New(test.key, test.opts...)
		if err == nil || !strings.Contains(err.Error(), test.says) || !strings.HasPrefix(err.Error(), "hivium: ") || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if c, err := hivium.New("k", nil, hivium.WithHTTPClient(nil), hivium.WithTimeout(0)); err != nil || c == nil {
		t.Errorf("defaults: %v", err)
	}
}

// asking is a platform that sees what is asked, and has nothing.
type asking func(*http.Request)

func (f asking) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody}, nil
}

// Unless told otherwise the client asks the platform of the document, with the key as it is.
func TestTheAddress(t *testing.T) {
	for want, opts := range map[string][]hivium.Option{
		"https://sentinel.hivium.app/v1/contacts/cnt_1": nil,
		"http://127.0.0.1:9/sub/v1/contacts/cnt_1":      {hivium.WithBaseURL("http://127.0.0.1:9/sub/")},
	} {
		seen := ""
		see := &http.Client{Transport: asking(func(r *http.Request) { seen = r.URL.String() + " " + r.Header.Get("Authorization") })}
		c, err := hivium.New("sk_live_1", append(opts, hivium.WithHTTPClient(see))...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Contacts.Get(t.Context(), "cnt_1"); !errors.Is(err, hivium.ErrNotFound) {
			t.Error(err)
		}
		same(t, "asked", seen, want+" Bearer sk_live_1")
	}
}

func TestAnAttemptThatTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		c := inMemory(t, h, hivium.WithTimeout(5*time.Second))
		h.Fault(first(1, "contacts.list", func(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() }))
		began := time.Now()
		if _, err := c.Contacts.List(t.Context(), hivium.ListContacts{}); err != nil {
			t.Error(err)
		}
		same(t, "time", time.Since(began), 6*time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Contacts.List(ctx, hivium.ListContacts{}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}
