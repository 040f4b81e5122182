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

// Serve answers requests on ln until ctx ends, then lets those under way finish, for at most 10 seconds. It closes ln and returns nil
// when it ended because of ctx.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{
		Handler:           s,
		BaseContext:       withShutdown(ctx),
		ReadHeaderTimeout: s.connections.HeaderTimeout,
		ReadTimeout:       s.connections.RequestTimeout,
		IdleTimeout:       s.connections.IdleTimeout,
		MaxHeaderBytes:    s.connections.MaxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	ctx, stop := context.WithCancel(ctx)
	var maintenance sync.WaitGroup
	maintenance.Go(func() { s.Maintain(ctx) })
	defer maintenance.Wait()
	defer stop()
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served: // the listener broke
		return errors.Join(err, srv.Close())
	case <-ctx.Done():
	}
	err := shutdown(context.WithoutCancel(ctx), srv)
	if e := <-served; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
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
