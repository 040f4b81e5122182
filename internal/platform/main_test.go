package platform_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/internal/platform"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// thing is what the platform of these tests has.
type thing struct {
	ID    string          `json:"id"`
	Token platform.Secret `json:"token"`
}

func (t *thing) missing() string {
	if t.ID == "" {
		return "id"
	}
	return ""
}

// policy retries what may be retried, three times.
var policy = platform.RetryPolicy{
	Attempts: 4, Statuses: []int{429, 500, 502, 503, 504}, Network: true, Garbled: true,
	Delays: []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, RetryAfter: true,
}

// inMemory is a client of h, for bubbles.
func inMemory(t *testing.T, cfg platform.Config, h http.HandlerFunc) *platform.Client {
	t.Helper()
	s := memhttp.New(t, h)
	cfg.HTTPClient, cfg.BaseURL = s.Client(), s.URL()+cfg.BaseURL
	return client(t, cfg)
}

// onLoopback is a client of h, over a real connection.
func onLoopback(t *testing.T, cfg platform.Config, h http.HandlerFunc) *platform.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	cfg.BaseURL = s.URL + cfg.BaseURL
	return client(t, cfg)
}

func client(t *testing.T, cfg platform.Config) *platform.Client {
	t.Helper()
	cfg.Name = "things"
	c, err := platform.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func get(path string, into any) platform.Request {
	q := platform.Request{Tool: "get", Method: http.MethodGet, Path: path, Retry: true, Into: into}
	if t, ok := into.(*thing); ok {
		q.Missing = t.missing
	}
	return q
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// withToken is an Authorize and a Refused: the token is renewed at most renewals times.
type withToken struct{ token, renewals int }

func (a *withToken) authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", "Bearer "+string(rune('a'+a.token)))
	return nil
}

func (a *withToken) refused(context.Context, *http.Request) bool {
	a.token++
	return a.token <= a.renewals
}
