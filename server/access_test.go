package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
)

// journal is a log that may be read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// watch is a clock that stands until it is moved.
type watch struct {
	mu  sync.Mutex
	now time.Time
}

func (w *watch) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) move(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// gated is a server with its own clock and log, and a way to make keys beside it.
type gated struct {
	*app
	clock *watch
	log   *journal
	admin *app // trusted, over the same store
}

func newGated(t *testing.T, edit ...func(*server.Config)) *gated {
	t.Helper()
	g := &gated{clock: &watch{now: noon}, log: &journal{}}
	var cfg server.Config
	g.app = newApp(t, func(c *server.Config) {
		c.Now, c.Logger = g.clock.Now, slog.New(slog.NewTextHandler(g.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		for _, f := range edit {
			f(c)
		}
		cfg = *c
	})
	cfg.Trusted, cfg.Logger, cfg.Audit = true, nil, nil
	g.admin = &app{t: t, Server: newServer(t, cfg)}
	return g
}

// madeKey is a key as POST /v1/keys tells it.
type madeKey struct{ ID, Key, Prefix, Project string }

// key makes a key of a project with these scopes.
func (g *gated) key(project string, scopes ...string) madeKey {
	g.t.Helper()
	return g.keyFor(project, "", scopes...)
}

// keyFor makes a key that expires after a duration.
func (g *gated) keyFor(project, expires string, scopes ...string) madeKey {
	g.t.Helper()
	body, err := json.Marshal(map[string]any{"scopes": scopes})
	if expires != "" {
		body, err = json.Marshal(map[string]any{"scopes": scopes, "expires_in": expires})
	}
	if err != nil {
		g.t.Fatal(err)
	}
	w := g.admin.do("POST", "/v1/keys", bytes.NewReader(body), "Content-Type", "application/json", "X-Sentrial-Project", project)
	if w.Code != http.StatusCreated {
		g.t.Fatalf("make a key: %d %s", w.Code, w.Body)
	}
	return decode[madeKey](g.t, w)
}

// revoke ends a key behind the server's back.
func (g *gated) revoke(k madeKey) {
	g.t.Helper()
	if w := g.admin.do("DELETE", "/v1/keys/"+k.ID, nil, "X-Sentrial-Project", k.Project); w.Code != http.StatusNoContent {
		g.t.Fatalf("revoke %s: %d %s", k.ID, w.Code, w.Body)
	}
}

func (k madeKey) header() []string { return []string{"Authorization", "Bearer " + k.Key} }

// site is a server on a port.
type site struct {
	t    *testing.T
	url  string
	addr string
	http *http.Client
}

// elsewhere is a listener that says it is on another address.
type elsewhere struct {
	net.Listener
	addr net.Addr
}

func (e elsewhere) Addr() net.Addr { return e.addr }

// serve runs a on a port until the test ends; as says where it believes to be, nil = where it is.
func (a *app) serve(as net.Addr) *site {
	a.t.Helper()
	ln, err := server.Listen(a.t.Context(), "127.0.0.1:0")
	if err != nil {
		a.t.Fatal(err)
	}
	s := &site{t: a.t, addr: ln.Addr().String(), http: &http.Client{Transport: &http.Transport{}, CheckRedirect: stay}}
	s.url = "http://" + s.addr
	if as != nil {
		ln = elsewhere{ln, as}
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- a.Serve(ctx, ln) }()
	a.t.Cleanup(func() {
		s.http.CloseIdleConnections()
		stop()
		if err := <-served; err != nil {
			a.t.Error(err)
		}
	})
	return s
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// answer is a whole reply.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask makes a request. The headers are pairs of name and value; Host is one of them. Of a stream only the beginning is read.
func (s *site) ask(method, target, body string, headers ...string) answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+target, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
			continue
		}
		req.Header.Add(headers[i], headers[i+1])
	}
	resp, err := s.http.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, target, err)
	}
	defer resp.Body.Close()
	got := answer{status: resp.StatusCode, header: resp.Header}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			s.t.Fatal(err)
		}
		got.body = string(text)
	}
	s.checkHeaders(method+" "+target, got)
	return got
}

// checkHeaders looks for what every reply has, and what none may have.
func (s *site) checkHeaders(what string, got answer) {
	s.t.Helper()
	for name := range got.header {
		if strings.HasPrefix(name, "Access-Control-") {
			s.t.Errorf("%s: %d with %s", what, got.status, name)
		}
	}
	for _, name := range []string{"X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} {
		if got.header.Get(name) == "" {
			s.t.Errorf("%s: %d without %s", what, got.status, name)
		}
	}
	if again := got.header.Get("Retry-After"); (got.status == http.StatusTooManyRequests || got.status == http.StatusServiceUnavailable) && again == "" {
		s.t.Errorf("%s: %d without Retry-After", what, got.status)
	}
	if login := got.header.Get("WWW-Authenticate"); (got.status == http.StatusUnauthorized) != (login == "Bearer") {
		s.t.Errorf("%s: %d with WWW-Authenticate %q", what, got.status, login)
	}
}

// code is the code of an error, of either wire.
func (a answer) code() string {
	if reason := rpcReason(a.header.Get("Content-Type"), []byte(a.body)); reason != "" {
		return reason
	}
	var doc struct{ Error json.RawMessage }
	_ = json.Unmarshal([]byte(a.body), &doc)
	var flat string
	if json.Unmarshal(doc.Error, &flat) == nil {
		return flat
	}
	var nested struct{ Code string }
	_ = json.Unmarshal(doc.Error, &nested)
	return nested.Code
}

// words is an error without the id of its request.
func (a answer) words() string {
	return fmt.Sprint(a.status, " ", strings.ReplaceAll(a.body, a.header.Get("X-Request-Id"), "ID"))
}

func (s *site) want(what string, got answer, status int, code string) {
	s.t.Helper()
	if got.status != status || got.code() != code {
		s.t.Errorf("%s: got %d %s, want %d %s", what, got.status, strings.TrimSpace(got.body), status, code)
	}
}
