// Package memhttp serves HTTP over pipes in memory, for tests: no port, no system call, so
// it works in a synctest bubble, where waiting for a reply lets the fake clock advance.
package memhttp

import (
	"context"
	"log"
	"net"
	"net/http"
	"sync"
	"testing"
)

// Server is a running server. Its methods are safe for concurrent use.
type Server struct {
	listener  *listener
	transport *http.Transport
	http      http.Server
	conns     sync.WaitGroup // those that the server has not finished with
}

// New starts a server for h. At the end of the test it is closed and waited for: handlers
// see their request's context cancelled, and must then return. Earlier than that, net/http
// tells a handler of a client that went away only once the request's body was read.
func New(t testing.TB, h http.Handler) *Server {
	t.Helper()
	l := newListener()
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		listener:  l,
		transport: &http.Transport{DialContext: l.dial},
	}
	s.http = http.Server{
		Handler:     h,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ConnState:   s.count,
		ErrorLog:    log.New(t.Output(), "memhttp: ", 0),
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = s.http.Serve(l) // always an error: that it was closed
	}()
	t.Cleanup(func() {
		cancel()
		_ = s.http.Close()
		s.transport.CloseIdleConnections()
		<-served
		s.conns.Wait()
	})
	return s
}

// Client returns a client that reaches this server, whatever host a URL names.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.transport} }

// Transport returns the transport of every Client.
func (s *Server) Transport() http.RoundTripper { return s.transport }

// URL returns the server's URL without a slash at the end. Its host counts as loopback.
func (s *Server) URL() string { return "http://memhttp.localhost" }

// CloseConnections cuts every connection, with whatever is under way on it, as a network
// would. The next request makes a new one.
func (s *Server) CloseConnections() { s.listener.cut() }

func (s *Server) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.conns.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.conns.Done()
	}
}
