package agentidptest

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/platformfault"
)

// Server is a platform with one agent, which may do everything. It is safe for concurrent use.
type Server struct {
	faults       platformfault.Plan
	http         *httptest.Server // nil of a handler alone
	routes       *http.ServeMux
	lifetime     time.Duration
	id, password string

	mu          sync.Mutex
	agents      map[string]*agent
	credentials map[string]*credential
	tokens      map[string]*token
	order       []string // ids of agents, as they were made
	events      []event
}

// Option changes what [New] and [Start] make.
type Option func(*Server)

// WithTokenLifetime sets how long tokens live, in whole seconds. Default: one hour.
func WithTokenLifetime(d time.Duration) Option { return func(s *Server) { s.lifetime = d } }

// New returns a platform as a handler.
func New(opts ...Option) *Server {
	s := &Server{
		lifetime: time.Hour, agents: map[string]*agent{}, credentials: map[string]*credential{}, tokens: map[string]*token{},
	}
	for _, o := range opts {
		o(s)
	}
	s.route()
	s.id, s.password = s.NewAgent("admin@example.org")
	return s
}

// Start returns a platform that listens on 127.0.0.1 until the test ends.
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

// ClientID is the ID of the agent that is there from the beginning.
func (s *Server) ClientID() string { return s.id }

// ClientSecret is its secret.
func (s *Server) ClientSecret() string { return s.password }

// NewAgent makes an agent with a credential, beside the API.
func (s *Server) NewAgent(email string) (clientID, clientSecret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.addAgent(agent{Email: email, AgentType: "custom", Version: "1.0.0", Capabilities: []string{}, Owner: "test", DeploymentEnv: "test"})
	_, secret := s.addCredential(a.AgentID)
	return a.AgentID, secret
}

// Count tells how many requests of an operation came, such as "tokens.issue"; those that a fault answered too.
func (s *Server) Count(operation string) int { return s.faults.Count(operation) }

// ExpireTokens ends every token that was issued, at once.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tokens {
		t.expires = time.Now()
	}
}

// newID is a UUID.
func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
