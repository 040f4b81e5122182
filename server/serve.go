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

// Serve answers requests on ln, and those for OTLP on further listeners, until ctx ends, then lets those under way finish, for at most 10 seconds. With [Config.TLS] it
// speaks TLS. It closes the listeners and returns nil when it ended because of ctx.
func (s *Server) Serve(ctx context.Context, ln net.Listener, more ...OTLPListener) error {
	ctx, stop := context.WithCancel(ctx)
	var own sync.WaitGroup
	own.Go(func() { s.Maintain(ctx) })
	assembling, last := context.WithCancel(context.WithoutCancel(ctx))
	own.Go(func() { s.Assemble(assembling) })
	defer own.Wait()
	defer last() // when nothing more comes
	defer stop()
	places := append([]place{{ln, s.httpServer(ctx, s)}}, s.placesOf(ctx, more)...)
	return s.serveAll(ctx, places)
}

// place is a listener with what answers there.
type place struct {
	ln  net.Listener
	srv *http.Server
}

// serveAll answers until ctx ends or one of the listeners breaks.
func (s *Server) serveAll(ctx context.Context, places []place) (err error) {
	done := make(chan error, len(places))
	for _, p := range places {
		s.warn(ctx, p.ln)
		go func() { done <- s.serveOn(p.srv, newDoorman(p.ln, s.connections)) }()
	}
	running := len(places)
	select {
	case err = <-done: // the listener broke
		running--
	case <-ctx.Done():
	}
	err = errors.Join(err, s.endAll(ctx, places))
	for range running {
		if e := <-done; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// endAll ends all at the same time: none may take what another does not any more.
func (s *Server) endAll(ctx context.Context, places []place) error {
	errs := make([]error, len(places))
	var ending sync.WaitGroup
	for i, p := range places {
		ending.Go(func() { errs[i] = s.end(ctx, p.srv) })
	}
	ending.Wait()
	return errors.Join(errs...)
}

// end lets requests finish if the server ends because it was told to.
func (s *Server) end(ctx context.Context, srv *http.Server) error {
	if ctx.Err() == nil {
		return srv.Close()
	}
	return shutdown(context.WithoutCancel(ctx), srv)
}

func (s *Server) httpServer(ctx context.Context, handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           served(handler),
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
	made, err := s.keys.anyMade(ctx)
	if err != nil || made {
		return
	}
	if len(s.hosts.allowed) > 0 {
		s.log.WarnContext(ctx, "answering to other names than this machine's without a key: whoever comes through the proxy is trusted with everything; make a key")
	}
	if s.tokens != nil {
		s.log.WarnContext(ctx, "tokens are not asked about until the first key is made: whoever reaches the server is trusted with everything; make a key")
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
