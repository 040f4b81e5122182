package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
)

// wantRate checks where a reply says that its caller stands.
func wantRate(t *testing.T, what string, h http.Header, limit, remaining int, reset time.Time) {
	t.Helper()
	got := []string{h.Get("X-RateLimit-Limit"), h.Get("X-RateLimit-Remaining"), h.Get("X-RateLimit-Reset")}
	same(t, what, got, []string{strconv.Itoa(limit), strconv.Itoa(remaining), strconv.FormatInt(reset.Unix(), 10)})
}

// TestRow81ExactAtTheBorder: the last request of a minute passes, the one beyond does not, and the next minute begins anew.
func TestRow81ExactAtTheBorder(t *testing.T) {
	const limit = 7
	g := newGated(t, func(c *server.Config) { c.RateLimit = limit })
	key, other := g.key("p", "sessions:read"), g.key("p", "sessions:read")
	s := g.serve(nil)
	g.clock.move(41*time.Second + 700*time.Millisecond) // 12:00:41.7
	end := noon.Truncate(time.Minute).Add(time.Minute)
	for n := range limit {
		got := s.ask("GET", "/v1/sessions", "", key.header()...)
		same(t, "status", got.status, http.StatusOK)
		wantRate(t, "request "+fmt.Sprint(n), got.header, limit, limit-1-n, end)
	}
	for range 3 {
		got := s.ask("GET", "/v1/sessions", "", key.header()...)
		s.want("one beyond", got, http.StatusTooManyRequests, "rate_limited")
		wantRate(t, "one beyond", got.header, limit, 0, end)
		same(t, "Retry-After", got.header.Get("Retry-After"), "19")
	}
	hosted := s.ask("POST", "/api/sdk/sessions", `{}`, append(key.header(), "Content-Type", "application/json")...)
	same(t, "on the hosted wire", hosted.words(), `429 {"error":"rate_limited","message":"more than 7 requests in this minute, come again in 19 s"}`+"\n")
	same(t, "another key", s.ask("GET", "/v1/sessions", "", other.header()...).status, http.StatusOK)
	same(t, "no key", s.ask("GET", "/healthz", "").status, http.StatusOK)
	g.clock.move(18 * time.Second) // 12:00:59.7
	got := s.ask("GET", "/v1/sessions", "", key.header()...)
	same(t, "in the last second", got.status, http.StatusTooManyRequests)
	same(t, "Retry-After", got.header.Get("Retry-After"), "1")
	g.clock.move(300 * time.Millisecond) // 12:01:00
	got = s.ask("GET", "/v1/sessions", "", key.header()...)
	same(t, "the next minute", got.status, http.StatusOK)
	wantRate(t, "the next minute", got.header, limit, limit-1, end.Add(time.Minute))
}

func TestRow81ManyAtOnceAreCountedExactly(t *testing.T) {
	const limit = 500
	g := newGated(t, func(c *server.Config) { c.RateLimit = limit })
	key := g.key("p", "sessions:read")
	var mu sync.Mutex
	statuses := map[int]int{}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range limit / 10 {
				w := g.do("GET", "/v1/limits", nil, key.header()...)
				mu.Lock()
				statuses[w.Code]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	same(t, "replies", statuses, map[int]int{200: limit, 429: 16*(limit/10) - limit})
}

// TestRow81HeadersOnEveryReply: whatever its status, a reply says where its caller stands.
func TestRow81HeadersOnEveryReply(t *testing.T) {
	g := newGated(t, func(c *server.Config) {
		c.Store = panicking{c.Store}
		c.Limits = server.Limits{MaxWireBytes: 100}
	})
	key, s := g.key("p", "events:write"), g.serve(nil)
	type asked struct {
		method, target, body string
		headers              []string
	}
	typed := append(key.header(), "Content-Type", "application/json")
	for status, a := range map[int]asked{
		200: {"POST", "/v1/events", `{"events":[]}`, typed}, 400: {"POST", "/v1/events", `{`, typed}, 401: {"GET", "/v1/sessions", "", nil},
		403: {"GET", "/v1/sessions", "", key.header()}, 404: {"GET", "/nothing", "", nil}, 405: {"DELETE", "/v1/events", "", nil}, 413: {"POST", "/v1/events", strings.Repeat(" ", 101), typed},
		415: {"POST", "/v1/events", "", key.header()}, 500: {"GET", "/readyz", "", nil},
	} {
		same(t, a.target, s.ask(a.method, a.target, a.body, a.headers...).status, status) // ask looks at the headers
	}
}

// TestRow81WhoIsCounted: a key, without keys a project, without a valid key an address; never what a header says of it.
func TestRow81WhoIsCounted(t *testing.T) {
	g := newGated(t, func(c *server.Config) { c.RateLimit = 10 })
	left := func(remote string, headers ...string) string {
		t.Helper()
		r := httptest.NewRequestWithContext(local(t.Context()), "GET", "/healthz", nil)
		r.Host, r.RemoteAddr = "localhost", remote
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		return w.Header().Get("X-RateLimit-Remaining")
	}
	same(t, "a project", left("127.0.0.1:1"), 9)
	same(t, "the same from elsewhere", left("127.0.0.2:1", "X-Sentrial-Project", "default"), 8)
	same(t, "another project", left("127.0.0.1:1", "X-Sentrial-Project", "other"), 9)
	same(t, "no project", left("127.0.0.1:1", "X-Sentrial-Project", "no project"), 9)

	g = newGated(t, func(c *server.Config) { c.RateLimit = 10 })
	key := g.key("p", "events:write")
	same(t, "an address", left("192.0.2.1:1"), 9)
	same(t, "another port", left("192.0.2.1:2"), 8)
	same(t, "a wrong key", left("192.0.2.1:2", "Authorization", "Bearer "+server.NewKeyText()), 7)
	same(t, "an invented address", left("192.0.2.1:2", "X-Forwarded-For", "192.0.2.9", "X-Real-Ip", "192.0.2.9", "Forwarded", "for=192.0.2.9"), 6)
	same(t, "another project", left("192.0.2.1:2", "X-Sentrial-Project", "other"), 5)
	same(t, "a page of another site", left("192.0.2.1:2", append(key.header(), "Origin", "http://evil.example")...), 4)
	same(t, "another address", left("192.0.2.2:1"), 9)
	same(t, "IPv6", left("[2001:db8::1]:1"), 9)
	same(t, "the same network", left("[2001:db8::ffff]:1"), 8)
	same(t, "another network", left("[2001:db8:0:1::1]:1"), 9)
	same(t, "a key", left("192.0.2.1:1", key.header()...), 9)
	same(t, "the same key from elsewhere", left("192.0.2.2:1", key.header()...), 8)
}

func TestRow81Defaults(t *testing.T) {
	g := newGated(t)
	same(t, "before the first key", g.do("GET", "/healthz", nil).Header().Get("X-RateLimit-Limit"), "600000")
	g = newGated(t)
	key := g.key("p", "events:write")
	same(t, "with keys", g.do("GET", "/healthz", nil, key.header()...).Header().Get("X-RateLimit-Limit"), "60000")
	same(t, "without one", g.do("GET", "/healthz", nil).Header().Get("X-RateLimit-Limit"), "60000")
	if _, err := server.New(server.Config{Store: panicking{}, RateLimit: -1}); err == nil {
		t.Error("a negative limit")
	}
}

// TestRow81MemoryIsBounded: callers beyond a number share one count, and a new minute forgets them all. A key keeps its own.
func TestRow81MemoryIsBounded(t *testing.T) {
	g := newGated(t, func(c *server.Config) { c.RateLimit = 100 })
	key := g.key("p", "sessions:read")
	for n := range server.MostCounted + 1000 {
		g.counted(fmt.Sprintf("10.%d.%d.%d:1", n>>16, n>>8&255, n&255))
	}
	_, _, counted := g.Remembered()
	if counted > server.MostCounted+1 {
		t.Errorf("%d callers are counted", counted)
	}
	same(t, "those beyond", g.counted("10.200.0.1:1"), http.StatusTooManyRequests)
	same(t, "those before", g.counted("10.0.0.1:1"), http.StatusNotFound)
	same(t, "a key", g.do("GET", "/v1/sessions", nil, key.header()...).Header().Get("X-RateLimit-Remaining"), "99")
	g.clock.move(time.Minute)
	same(t, "those beyond, a minute later", g.counted("10.200.0.1:1"), http.StatusNotFound)
	if _, _, counted := g.Remembered(); counted != 1 {
		t.Errorf("%d callers are counted in a new minute", counted)
	}
}

// TestRow81HealthIsAlwaysTold: who asks for it is counted and told so, but a proxy's own checks do not fail because of strangers behind it.
func TestRow81HealthIsAlwaysTold(t *testing.T) {
	g := newGated(t, func(c *server.Config) { c.RateLimit = 2 })
	g.key("p", "admin")
	s := g.serve(nil)
	for _, left := range []int{1, 0, 0, 0} {
		got := s.ask("GET", "/healthz", "")
		same(t, "health", got.status, http.StatusOK)
		same(t, "remaining", got.header.Get("X-RateLimit-Remaining"), left)
	}
	same(t, "ready", s.ask("GET", "/readyz", "").status, http.StatusOK)
	s.want("all else", s.ask("GET", "/v1/openapi.json", ""), http.StatusTooManyRequests, "rate_limited")
	s.want("a longer path", s.ask("GET", "/healthz/", ""), http.StatusTooManyRequests, "rate_limited")
}

// counted asks from an address for what is not there.
func (g *gated) counted(remote string) int {
	r := httptest.NewRequestWithContext(local(g.t.Context()), "GET", "/nothing", nil)
	r.Host, r.RemoteAddr = "localhost", remote
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w.Code
}
