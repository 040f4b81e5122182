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
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// noon is the server's time in tests.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 5, time.UTC)

// app is a server over a file of its own.
type app struct {
	t *testing.T
	*server.Server
	log  bytes.Buffer
	edit func(r *http.Request) // changes requests on their way, if it is set

	shown []string // headers with a key, for calls
}

func newApp(t *testing.T, edit ...func(*server.Config)) *app {
	t.Helper()
	db := openStore(t, newFile(t))
	a := &app{t: t}
	cfg := server.Config{Store: db, Version: "1.2.3", Now: func() time.Time { return noon }, Logger: slog.New(slog.NewTextHandler(&a.log, nil))}
	for _, f := range edit {
		f(&cfg)
	}
	a.Server = newServer(t, cfg)
	return a
}

// ServeHTTP is the server's, behind what the test changes.
func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.edit != nil {
		a.edit(r)
	}
	a.Server.ServeHTTP(w, r)
}

// local is the context of requests that come over loopback.
func local(ctx context.Context) context.Context {
	return context.WithValue(ctx, http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 7437})
}

// do serves one request, from this machine. The headers are pairs of name and value.
func (a *app) do(method, target string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	r := httptest.NewRequestWithContext(local(a.t.Context()), method, target, body)
	r.Host, r.RemoteAddr = "localhost", "127.0.0.1:50000"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w
}

func (a *app) post(body string, headers ...string) *httptest.ResponseRecorder {
	a.t.Helper()
	return a.do("POST", "/v1/events", strings.NewReader(body), append([]string{"Content-Type", "application/json"}, headers...)...)
}

// get returns the reply's body, which must be a 200.
func (a *app) get(target string, headers ...string) string {
	a.t.Helper()
	w := a.do("GET", target, nil, headers...)
	if w.Code != http.StatusOK {
		a.t.Fatalf("GET %s: %d %s", target, w.Code, w.Body)
	}
	if media := w.Header().Get("Content-Type"); media != "application/json" {
		a.t.Errorf("GET %s: Content-Type %q", target, media)
	}
	return strings.TrimSpace(w.Body.String())
}

// ack is an acknowledgement.
type ack struct {
	Accepted, Duplicates int
	Rejected             []struct {
		ID, Code, Message string
		Retry             bool
	}
}

// send posts events and returns the acknowledgement, which must count each event once.
func (a *app) send(events ...string) ack {
	a.t.Helper()
	w := a.post(`{"events":[` + strings.Join(events, ",") + `]}`)
	got := decode[ack](a.t, w)
	if w.Code != http.StatusOK || got.Accepted+got.Duplicates+len(got.Rejected) != len(events) {
		a.t.Fatalf("%d events: %d %+v", len(events), w.Code, got)
	}
	return got
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return v
}

// failure is an error reply.
type failure struct {
	Error struct {
		Code      string
		Message   string
		RequestID string `json:"request_id"`
		Limits    *server.Limits
	}
}

// wantError checks an error reply: its status, code, a part of its message, and that it names its request.
func wantError(t *testing.T, w *httptest.ResponseRecorder, status int, code, message string) {
	t.Helper()
	got := decode[failure](t, w).Error
	if w.Code != status || got.Code != code || !strings.Contains(got.Message, message) {
		t.Errorf("got %d %s %q, want %d %s …%s…", w.Code, got.Code, got.Message, status, code, message)
	}
	if got.RequestID == "" || got.RequestID != w.Header().Get("X-Request-Id") {
		t.Errorf("request id %q in the error, %q in the header", got.RequestID, w.Header().Get("X-Request-Id"))
	}
}

// ev is the JSON of an event of session s1; more are further members.
func ev(id, kind string, more ...string) string {
	return fmt.Sprintf(`{"id":%q,"type":%q,"session_id":"s1","timestamp":"2026-11-22T00:16:56.123456789Z"%s}`, id, kind, strings.Join(append([]string{""}, more...), ","))
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

func TestNewNeedsAStore(t *testing.T) {
	if _, err := server.New(server.Config{}); err == nil {
		t.Error("a server without a store")
	}
}

func TestHealth(t *testing.T) {
	a := newApp(t)
	same(t, "healthz", a.get("/healthz"), `{"status":"ok","service":"sentrial","protocols":["batch","hosted","otlp"]}`)
	same(t, "readyz", a.get("/readyz"), `{"status":"ready"}`)
	same(t, "limits", a.get("/v1/limits"),
		`{"max_events":1000,"max_wire_bytes":5242880,"max_decoded_bytes":20971520,"max_event_bytes":1048576,"max_depth":64}`)
	same(t, "server", a.do("GET", "/healthz", nil).Header().Get("Server"), "sentrial/1.2.3")
}

func TestReadyFollowsTheStore(t *testing.T) {
	var db store.Store
	a := newApp(t, func(c *server.Config) { db = c.Store })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	w := a.do("GET", "/readyz", nil)
	wantError(t, w, http.StatusServiceUnavailable, "unavailable", "store")
	same(t, "Retry-After", w.Header().Get("Retry-After"), "1")
}

func TestUnknownRoutes(t *testing.T) {
	a := newApp(t)
	for _, target := range []string{"/", "/v1", "/v1/events", "/v1/nothing", "/v1/sessions/a/b", "/v1/sessions/"} {
		wantError(t, a.do("GET", target, nil), map[bool]int{true: 405, false: 404}[target == "/v1/events"],
			map[bool]string{true: "method_not_allowed", false: "not_found"}[target == "/v1/events"], "GET")
	}
	w := a.do("DELETE", "/v1/sessions", nil)
	wantError(t, w, http.StatusMethodNotAllowed, "method_not_allowed", "DELETE")
	same(t, "Allow", w.Header().Get("Allow"), "GET, HEAD")
	same(t, "HEAD", a.do("HEAD", "/v1/sessions", nil).Code, 200)
}

func TestRequestID(t *testing.T) {
	a := newApp(t)
	same(t, "the caller's", a.do("GET", "/healthz", nil, "X-Request-Id", "abc-1").Header().Get("X-Request-Id"), "abc-1")
	for _, bad := range []string{"", "two words", "<script>", strings.Repeat("x", 129)} {
		id := a.do("GET", "/healthz", nil, "X-Request-Id", bad).Header().Get("X-Request-Id")
		if !strings.HasPrefix(id, "req_") || len(id) != 28 {
			t.Errorf("id %q for %q", id, bad)
		}
	}
}

func TestVersionOfTheProtocol(t *testing.T) {
	a := newApp(t)
	same(t, "1", a.post(`{"events":[]}`, "Sentrial-Version", "1").Code, 200)
	wantError(t, a.post(`{"events":[]}`, "Sentrial-Version", "2"), 400, "validation_error", `"2" is not spoken here, version 1 is`)
	wantError(t, a.do("GET", "/v1/sessions", nil, "Sentrial-Version", "x"), 400, "validation_error", "version 1 is")
}

// panicking is a store that does.
type panicking struct{ store.Store }

func (panicking) Ping(context.Context) error { panic("secret detail") }

func TestPanicIsAnInternalError(t *testing.T) {
	a := newApp(t, func(c *server.Config) { c.Store = panicking{c.Store} })
	w := a.do("GET", "/readyz", nil)
	wantError(t, w, http.StatusInternalServerError, "internal_error", "internal")
	if strings.Contains(w.Body.String(), "secret") {
		t.Errorf("the client sees %s", w.Body)
	}
	if log := a.log.String(); !strings.Contains(log, "secret detail") || !strings.Contains(log, w.Header().Get("X-Request-Id")) {
		t.Errorf("the log lacks the panic or the request: %s", log)
	}
}
