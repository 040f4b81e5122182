package sentineltest

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Server is a Sentinel.
type Server struct {
	cfg config
	mux *http.ServeMux
	url string

	mu        sync.Mutex
	tokens    map[string]*grant
	documents map[string]*document
	order     []string // ids of documents, the first upload first
	sessions  map[string][]Message
	requests  []Request
	faults    []Fault
	faultOf   func(*http.Request) *Fault
	ids       map[string]int // how many ids of each kind there are
}

// New makes a server that nobody serves yet: it is an http.Handler.
func New(opts ...Option) *Server {
	s := &Server{
		cfg:       config{steps: 3, maxUpload: 32 << 20, answer: echo},
		tokens:    map[string]*grant{},
		documents: map[string]*document{},
		sessions:  map[string][]Message{},
		ids:       map[string]int{},
	}
	for _, opt := range opts {
		opt.apply(&s.cfg)
	}
	s.tokens[firstToken] = &grant{}
	s.mux = s.routes()
	return s
}

// Start makes a server and serves it on a port of 127.0.0.1 until the test ends.
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s := New(opts...)
	listening := httptest.NewServer(s)
	t.Cleanup(listening.Close)
	s.url = listening.URL
	return s
}

// URL is where Start has the server listen, "" without it.
func (s *Server) URL() string { return s.url }

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"POST /api/v1/nexus/upload":                s.upload,
		"GET /api/v2/status/process/{id}/progress": s.progress,
		"POST /api/v1/chat/{session}/messages":     s.chat,
		"/api/v1/nexus/upload":                     allow(http.MethodPost),
		"/api/v2/status/process/{id}/progress":     allow(http.MethodGet),
		"/api/v1/chat/{session}/messages":          allow(http.MethodPost),
		"/":                                        func(*http.Request) *reply { return failed(http.StatusNotFound, "Not Found") },
	} {
		mux.Handle(pattern, h)
	}
	return mux
}

// ServeHTTP is part of http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := s.note(r)
	fault := s.fault(r)
	fault.delay(r)
	if fault.instead() {
		s.answered(at, fault.serve(w, r))
		return
	}
	reply := s.guarded(r)
	s.answered(at, reply.status)
	fault.deliver(w, reply)
}

// guarded answers a request that has a valid token and comes within the limit.
func (s *Server) guarded(r *http.Request) *reply {
	if refused := s.authorize(r); refused != nil {
		return refused
	}
	if refused := s.limit(r); refused != nil {
		return refused
	}
	var answer capture
	s.mux.ServeHTTP(&answer, r)
	return answer.reply
}
