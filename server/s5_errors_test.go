package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
)

// TestS5EveryRefusalIsAnErrorObject: whoever is turned away gets the same form as everybody, and an id to ask about.
func TestS5EveryRefusalIsAnErrorObject(t *testing.T) {
	g := newGated(t, func(c *server.Config) { c.RateLimit = 6 })
	k := g.key("p", "events:write")
	s := g.serve(nil)
	for _, c := range []struct {
		what, code string
		status     int
		headers    []string
	}{
		{"nobody", "invalid_api_key", 401, nil},
		{"another project", "insufficient_scope", 403, append(k.header(), "X-Sentrial-Project", "q")},
		{"another scope", "insufficient_scope", 403, k.header()},
		{"a foreign name", "forbidden_host", 403, append(k.header(), "Host", "evil.example")},
		{"a foreign page", "forbidden_origin", 403, append(k.header(), "Origin", "null")},
	} {
		for _, path := range []string{"/v1/sessions", "/api/sdk/sessions"} {
			method := map[bool]string{true: "GET", false: "POST"}[path == "/v1/sessions"]
			got := s.ask(method, path, "", append(c.headers, "X-Request-Id", "mine")...)
			if path == "/api/sdk/sessions" && c.what == "another scope" {
				continue // it may write
			}
			s.want(c.what+" "+path, got, c.status, c.code)
			same(t, c.what+": id", got.header.Get("X-Request-Id"), "mine")
			wantForm(t, got, path == "/api/sdk/sessions")
		}
	}
	for range 6 {
		s.ask("GET", "/v1/sessions", "", k.header()...)
	}
	got := s.ask("GET", "/v1/sessions", "", k.header()...)
	s.want("too many", got, http.StatusTooManyRequests, "rate_limited")
	wantForm(t, got, false)
}

// wantForm checks the members of an error.
func wantForm(t *testing.T, got answer, flat bool) {
	t.Helper()
	var doc map[string]json.RawMessage
	if err := json.Unmarshal([]byte(got.body), &doc); err != nil {
		t.Fatalf("%s: %v", got.body, err)
	}
	if flat {
		if len(doc) != 2 || doc["message"] == nil {
			t.Errorf("on the hosted wire: %s", got.body)
		}
		return
	}
	var e map[string]string
	if err := json.Unmarshal(doc["error"], &e); err != nil || len(doc) != 1 || len(e) != 3 || e["message"] == "" || e["request_id"] != got.header.Get("X-Request-Id") {
		t.Errorf("%s (%v)", got.body, err)
	}
	if strings.Contains(got.body, "sntl_") {
		t.Errorf("it has a key: %s", got.body)
	}
}
