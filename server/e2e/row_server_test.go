package e2e_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// serveBehind is a server over a real file whose requests for events go through wrap first.
func serveBehind(t *testing.T, wrap func(http.Handler) http.Handler) (ingestion, *connections) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	handler, err := server.New(server.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	routes := http.NewServeMux()
	routes.Handle("/", handler)
	routes.Handle("POST /v1/events", wrap(handler))
	srv, conns := httptest.NewUnstartedServer(routes), &connections{open: make(map[net.Conn]bool)}
	srv.Config.ConnState = conns.note
	srv.Start()
	t.Cleanup(srv.Close)
	return ingestion{srv.URL}, conns
}

// connections are those that a server's clients opened.
type connections struct {
	mu     sync.Mutex
	opened int
	open   map[net.Conn]bool
}

func (c *connections) note(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		c.opened++
		c.open[conn] = true
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
	}
}

// count is how many there have been so far.
func (c *connections) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.opened
}

// drop closes all that are open, by a reset or in the orderly way.
func (c *connections) drop(reset bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.open {
		if tcp, ok := conn.(*net.TCPConn); ok && reset {
			_ = tcp.SetLinger(0)
		}
		conn.Close()
	}
}

// first lets special have the first request, and next all others.
func first(special, next http.Handler) http.Handler {
	var came atomic.Bool
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if came.Swap(true) {
			next.ServeHTTP(w, r)
		} else {
			special.ServeHTTP(w, r)
		}
	})
}

// losingTheFirstReply stores the first request's events, and breaks the connection instead of saying so.
func losingTheFirstReply(next http.Handler) http.Handler {
	return first(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}), next)
}

// failingFirst answers the first request with 503.
func failingFirst(next http.Handler) http.Handler {
	return first(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error":{"code":"unavailable","message":"not yet"}}`, http.StatusServiceUnavailable)
	}), next)
}

// gate holds the first request until it is opened, later ones pass.
type gate struct {
	arrived chan struct{} // closed when the first request is there, all of it
	opened  chan struct{}
	passed  chan struct{} // closed when it is through, reply or not
	open    func()
}

// serveGated is serveBehind with a gate before wrap.
func serveGated(t *testing.T, wrap func(http.Handler) http.Handler) (ingestion, *connections, *gate) {
	t.Helper()
	g := &gate{arrived: make(chan struct{}), opened: make(chan struct{}), passed: make(chan struct{})}
	g.open = sync.OnceFunc(func() { close(g.opened) })
	to, conns := serveBehind(t, func(next http.Handler) http.Handler { return g.before(wrap(next)) })
	t.Cleanup(g.open) // before the server is closed, which waits for its requests
	return to, conns, g
}

func (g *gate) before(next http.Handler) http.Handler {
	return first(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(g.passed)
		whole, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client went away
		}
		r.Body = io.NopCloser(bytes.NewReader(whole))
		close(g.arrived)
		<-g.opened
		next.ServeHTTP(w, r)
	}), next)
}

// announcing leaves a note in replied, which has room for one, after each request.
func announcing(replied chan<- struct{}) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r)
			select {
			case replied <- struct{}{}:
			default:
			}
		})
	}
}

// straight puts nothing in front of a server.
func straight(next http.Handler) http.Handler { return next }
