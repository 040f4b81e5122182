package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

const drainTimeout = 10 * time.Second // for requests under way at shutdown

// Serve answers requests on ln until ctx ends, then lets those under way finish, for at most 10 seconds. With [Config.TLS] it speaks TLS. It
// closes ln and returns nil when it ended because of ctx.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	var maintenance sync.WaitGroup
	maintenance.Go(func() { s.Maintain(ctx) })
	defer maintenance.Wait()
	defer stop()
	s.warn(ctx, ln)
	srv, door := s.httpServer(ctx), newDoorman(ln, s.connections)
	done := make(chan error, 1)
	go func() { done <- s.serveOn(srv, door) }()
	select {
	case err := <-done: // the listener broke
		return errors.Join(err, srv.Close())
	case <-ctx.Done():
	}
	err := shutdown(context.WithoutCancel(ctx), srv)
	if e := <-done; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
}

func (s *Server) httpServer(ctx context.Context) *http.Server {
	return &http.Server{
		Handler:           served(s),
		ReadHeaderTimeout: s.connections.HeaderTimeout,
		ReadTimeout:       s.connections.RequestTimeout,
		IdleTimeout:       s.connections.IdleTimeout,
		MaxHeaderBytes:    s.connections.MaxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext:       withShutdown(ctx),
		ConnContext:       withGuest,
		TLSConfig:         s.tls.Clone(),

		DisableGeneralOptionsHandler: true, // OPTIONS * has a Host too
	}
}

func (s *Server) serveOn(srv *http.Server, ln net.Listener) error {
	if s.tls != nil {
		return srv.ServeTLS(ln, "", "")
	}
	return srv.Serve(ln)
}

// warn says once what is open to others.
func (s *Server) warn(ctx context.Context, ln net.Listener) {
	if s.tls == nil && !isLoopback(ln.Addr()) {
		s.log.WarnContext(ctx, "serving without TLS beyond loopback: keys and data can be read on the way; give a certificate, or put a proxy in front", "addr", ln.Addr().String())
	}
	if made, err := s.keys.anyMade(ctx); err == nil && !made && len(s.hosts.allowed) > 0 {
		s.log.WarnContext(ctx, "answering to other names than this machine's without a key: whoever comes through the proxy is trusted with everything; make a key")
	}
}

// shutdown cuts off what has not finished in time.
func shutdown(ctx context.Context, srv *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	err := srv.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return srv.Close()
	}
	return err
}
