package fakellm

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server is an API that listens on this machine.
type Server struct {
	*API

	http    *http.Server
	url     string
	working sync.WaitGroup // the server and the replies under way

	mu     sync.Mutex
	closed bool
}

// Option changes a server.
type Option interface{ apply(*config) }

type config struct {
	brain Brain
	addr  string
}

type option func(*config)

func (o option) apply(c *config) { o(c) }

// WithBrain sets what answers; the default is Canned.
func WithBrain(brain Brain) Option { return option(func(c *config) { c.brain = brain }) }

// WithAddr sets where to listen; the default is a free port of 127.0.0.1.
func WithAddr(addr string) Option { return option(func(c *config) { c.addr = addr }) }

// Start listens. The caller closes the server.
func Start(opts ...Option) (*Server, error) {
	var c config
	for _, o := range opts {
		o.apply(&c)
	}
	if c.brain == nil {
		c.brain = Canned()
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", cmp.Or(c.addr, "127.0.0.1:0"))
	if err != nil {
		return nil, err
	}
	s := &Server{API: Handler(c.brain), url: "http://" + listener.Addr().String()}
	s.http = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}
	s.working.Go(func() { _ = s.http.Serve(listener) }) // it ends by Close
	return s, nil
}

// serve counts the replies under way.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if s.begin() {
		defer s.working.Done()
		s.ServeHTTP(w, r)
	}
}

// begin is false when nobody would wait for the reply's end.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.working.Add(1)
	}
	return !s.closed
}

// URL is the server's address, such as http://127.0.0.1:41234, without a path.
func (s *Server) URL() string { return s.url }

// Close ends all connections and waits until nobody is at work. A brain that never returns keeps it waiting.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	_ = s.http.Close() // an error is the listener's, which is gone all the same
	s.working.Wait()
}
