package server_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
)

// TestS1BeyondLoopbackNeedsAKey: 192.0.2.1 is nobody's address, so a listener that is let through fails in the system.
func TestS1BeyondLoopbackNeedsAKey(t *testing.T) {
	g := newGated(t)
	refused := func(why string) {
		t.Helper()
		for _, addr := range []string{"192.0.2.1:0", "0.0.0.0:0", ":0", "[::]:0"} {
			if ln, err := g.Listen(t.Context(), addr); !errors.Is(err, server.ErrNoKeys) || ln != nil || !strings.Contains(err.Error(), "not loopback") {
				t.Errorf("%s, %s: %v", why, addr, err)
			}
		}
	}
	refused("no key")
	ln, err := g.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	gone := g.key("p", "admin")
	g.revoke(gone)
	refused("a revoked key")
	g.keyFor("p", "1h", "events:write")
	if _, err := g.Listen(t.Context(), "192.0.2.1:0"); err == nil || errors.Is(err, server.ErrNoKeys) {
		t.Errorf("a valid key: %v, want what the system says", err)
	}
	g.clock.move(time.Hour)
	refused("an expired key")
	if _, err := server.Listen(t.Context(), "192.0.2.1:0"); !errors.Is(err, server.ErrNotLoopback) {
		t.Errorf("without a store: %v", err)
	}
}

// TestS1WhoIsTrustedWithoutKeys: only what comes through a listener on loopback, and until the first key is made.
func TestS1WhoIsTrustedWithoutKeys(t *testing.T) {
	g := newGated(t)
	near, far := g.serve(nil), g.serve(&net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 7437})
	for _, headers := range [][]string{nil, {"Authorization", "Bearer whatever"}, {"X-Sentrial-Project", "any"}} {
		same(t, "loopback", near.ask("GET", "/v1/keys", "", headers...).status, http.StatusOK)
		far.want("beyond", far.ask("GET", "/v1/keys", "", headers...), http.StatusUnauthorized, "invalid_api_key")
	}
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/sessions", nil)
	r.Host, r.RemoteAddr = "localhost", "127.0.0.1:1"
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	same(t, "nobody knows from where", w.Code, http.StatusUnauthorized)
	mounted := httptest.NewServer(g)
	defer mounted.Close()
	same(t, "in another server on loopback", fetch(t, mounted.URL+"/v1/keys"), `{"data":[]}`)
}

func TestS1TheFirstKeyEndsTheTrust(t *testing.T) {
	g := newGated(t)
	s := g.serve(nil)
	made := s.ask("POST", "/v1/keys", `{"scopes":["events:write"]}`, "X-Sentrial-Project", "shop", "Content-Type", "application/json")
	same(t, "the first key", made.status, http.StatusCreated)
	if !strings.Contains(made.body, `"project":"shop"`) {
		t.Errorf("it is of another project: %s", made.body)
	}
	s.want("at once", s.ask("GET", "/v1/sessions", ""), http.StatusUnauthorized, "invalid_api_key")
	s.want("for another project", s.ask("GET", "/v1/sessions", "", "X-Sentrial-Project", "other"), http.StatusUnauthorized, "invalid_api_key")
	same(t, "health", s.ask("GET", "/healthz", "").status, http.StatusOK)
}

func TestS1PlainTextBeyondLoopbackIsSaidOnce(t *testing.T) {
	g := newGated(t)
	s := g.serve(&net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 7437})
	for range 3 {
		s.ask("GET", "/healthz", "")
	}
	same(t, "warnings", strings.Count(g.log.String(), "without TLS beyond loopback"), 1)
	g = newGated(t, func(c *server.Config) { c.AllowedHosts = []string{"agents.example"} })
	g.serve(nil).ask("GET", "/healthz", "")
	if log := g.log.String(); strings.Contains(log, "without TLS") || strings.Count(log, "make a key") != 1 {
		t.Errorf("on loopback, under another name: %s", log)
	}
}
