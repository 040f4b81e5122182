package server

import (
	"context"
	"net"
	"net/http"
)

type shutdownKey struct{}

// withShutdown tells requests when the server wants to end, and which listener they came through, by way of http.Server.BaseContext. It ends none
// of them: those under way may finish.
func withShutdown(ctx context.Context) func(net.Listener) context.Context {
	return func(ln net.Listener) context.Context {
		return context.WithValue(onListener(ln), shutdownKey{}, ctx.Done())
	}
}

// shutdownOf returns what is closed when the server that a request came to wants to end; nil when it is not ours.
func shutdownOf(r *http.Request) <-chan struct{} {
	done, _ := r.Context().Value(shutdownKey{}).(<-chan struct{})
	return done
}
