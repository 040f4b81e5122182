package hiviumtest

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/platformfault"
)

// Server is a workspace with a key that may do everything. It is safe for concurrent use.
type Server struct {
	faults platformfault.Plan
	http   *httptest.Server // nil of a handler alone
	routes *http.ServeMux
	limit  int
	window time.Duration
	key    string

	mu            sync.Mutex
	keys          map[string]*key
	contacts      []*contact
	conversations []*conversation
	messages      []*message
	runs          []*Run
	done          map[string]*once // by API key and idempotency key
	refused       int              // for the rate limit
	number        int              // of the last thing that was made
}

// Option changes what [New] and [Start] make.
type Option func(*Server)

// WithRateLimit sets how many requests a key may make in any window of that length. Default: 60 in a minute.
func WithRateLimit(n int, window time.Duration) Option {
	return func(s *Server) { s.limit, s.window = n, window }
}

// New returns a workspace as a handler.
func New(opts ...Option) *Server {
	s := &Server{limit: 60, window: time.Minute, keys: map[string]*key{}, done: map[string]*once{}}
	for _, o := range opts {
		o(s)
	}
	s.route()
	s.key = s.NewKey(scopes...)
	return s
}

// Start returns a workspace that listens on 127.0.0.1 until the test ends.
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s := New(opts...)
	s.http = httptest.NewServer(s)
	t.Cleanup(s.http.Close)
	return s
}

// URL is where a server of [Start] listens, without a slash at the end.
func (s *Server) URL() string {
	if s.http == nil {
		return ""
	}
	return s.http.URL
}

// APIKey is the key that is there from the beginning.
func (s *Server) APIKey() string { return s.key }

// Count tells how many requests of an operation came, such as "contacts.create"; those that were refused, and that a fault answered, too.
func (s *Server) Count(operation string) int { return s.faults.Count(operation) }

// RateLimited tells how many requests were refused because there were too many.
func (s *Server) RateLimited() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// newID makes an id of a kind, and the number by which lists are sorted.
func (s *Server) newID(kind string) (id string, number int) {
	s.number++
	return kind + "_" + strings.ToLower(rand.Text()[:16]), s.number
}
