package faultsink

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// TB is what this package needs of a testing.TB.
type TB interface {
	Helper()
	Cleanup(func())
	Fatal(args ...any)
}

// Server serves a sink on a socket of 127.0.0.1, and beside it the listener that its redirects lead to. Its methods are safe for concurrent use.
type Server struct {
	sink  *Sink
	tls   *tls.Config // nil for plain HTTP
	roots *x509.CertPool
	leak  *socket

	mu   sync.Mutex
	addr string
	main *socket // nil while down
}

// Start serves s until the test ends. It must not be called in a synctest bubble: use internal/memhttp there.
func Start(t TB, s *Sink) *Server { return started(t, func() (*Server, error) { return Serve(s) }) }

// StartTLS is Start with TLS and HTTP/2. A nil config means a certificate for 127.0.0.1 and localhost that Client trusts.
func StartTLS(t TB, s *Sink, config *tls.Config) *Server {
	return started(t, func() (*Server, error) { return ServeTLS(s, config) })
}

func started(t TB, serve func() (*Server, error)) *Server {
	t.Helper()
	server, err := serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// Serve serves s on a port that is free. Close it.
func Serve(s *Sink) (*Server, error) { return serve(s, nil, nil) }

// ServeTLS is Serve with TLS and HTTP/2, see StartTLS.
func ServeTLS(s *Sink, config *tls.Config) (*Server, error) {
	if config != nil {
		return serve(s, config, nil)
	}
	certificate, roots, err := SelfSigned([]string{"127.0.0.1", "localhost"}, time.Now().Add(time.Hour))
	if err != nil {
		return nil, err
	}
	return serve(s, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}, roots)
}

func serve(s *Sink, config *tls.Config, roots *x509.CertPool) (*Server, error) {
	server := &Server{sink: s, tls: config, roots: roots, addr: "127.0.0.1:0"}
	var err error
	if server.leak, err = open("127.0.0.1:0", http.HandlerFunc(s.caught), nil); err != nil {
		return nil, err
	}
	if err := server.Up(); err != nil {
		server.leak.close()
		return nil, err
	}
	port := strconv.Itoa(server.leak.port())
	s.mu.Lock()
	s.leakURLs = leakURLs{host: "http://localhost:" + port, port: "http://127.0.0.1:" + port}
	s.mu.Unlock()
	return server, nil
}

// URL is the server's URL without a slash at the end.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tls != nil {
		return "https://" + s.addr
	}
	return "http://" + s.addr
}

// Roots are the certificates that vouch for a server of StartTLS with a nil config.
func (s *Server) Roots() *x509.CertPool { return s.roots }

// Client returns a client with a transport of its own, which trusts the server and speaks HTTP/2 if that has TLS. Close its idle connections at the end.
func (s *Server) Client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
	}}
}

// Down cuts all connections and closes the port, so that new ones are refused.
func (s *Server) Down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.main != nil {
		s.main.close()
		s.main = nil
	}
}

// Up opens the same port again.
func (s *Server) Up() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.main != nil {
		return nil
	}
	opened, err := open(s.addr, s.sink, s.tls)
	if err != nil {
		return fmt.Errorf("opening the port of the sink: %w", err)
	}
	s.main, s.addr = opened, opened.listener.Addr().String()
	return nil
}

// CutConnections cuts every connection with whatever is under way on it; new ones are accepted.
func (s *Server) CutConnections() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.main != nil {
		s.main.cut()
	}
}

// Close ends everything and waits for it. Handlers see their request's context cancelled.
func (s *Server) Close() {
	s.Down()
	s.leak.close()
}
