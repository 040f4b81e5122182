package faultsink

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// socket is one opening of a port.
type socket struct {
	listener net.Listener
	http     *http.Server
	cancel   context.CancelFunc // of all requests

	mu    sync.Mutex
	idle  sync.Cond // nothing is under way any more
	conns map[net.Conn]bool
	busy  int // handlers, and the one that accepts
}

func open(addr string, h http.Handler, config *tls.Config) (*socket, error) {
	ctx, cancel := context.WithCancel(context.Background())
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		cancel()
		return nil, err
	}
	s := &socket{listener: l, cancel: cancel, conns: map[net.Conn]bool{}, busy: 1}
	s.idle.L = &s.mu
	s.http = &http.Server{
		Handler:           s.counted(h),
		TLSConfig:         config.Clone(),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ConnState:         s.track,
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.NewTextHandler(io.Discard, nil), slog.LevelError), // cut connections are the point here
	}
	go s.serve()
	return s, nil
}

// serve ends when the listener is closed; what it returns says only that.
func (s *socket) serve() {
	defer s.done()
	if s.http.TLSConfig != nil {
		_ = s.http.ServeTLS(s.listener, "", "")
		return
	}
	_ = s.http.Serve(s.listener)
}

// counted lets close wait for the handlers: those of HTTP/2 and of hijacked connections outlive what net/http knows of.
func (s *socket) counted(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.busy++
		s.mu.Unlock()
		defer s.done()
		h.ServeHTTP(w, r)
	})
}

func (s *socket) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy--
	s.idle.Broadcast()
}

func (s *socket) track(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.conns[c] = true
	case http.StateClosed, http.StateHijacked:
		delete(s.conns, c)
		s.idle.Broadcast()
	}
}

func (s *socket) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		abort(c)
	}
}

// close ends everything and waits for it.
func (s *socket) close() {
	s.cancel()
	_ = s.listener.Close()
	s.cut()
	_ = s.http.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.busy > 0 || len(s.conns) > 0 {
		s.idle.Wait()
	}
}

func (s *socket) port() int { return s.listener.Addr().(*net.TCPAddr).Port }
