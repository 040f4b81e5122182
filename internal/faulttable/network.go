package main

import (
	"net/http"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// network leads from the client to the sink.
type network struct {
	url      string
	client   *http.Client // nil = the SDK's own
	down, up func() error // refuse connections, and no more
	close    func()
}

// connector makes the network of a row.
type connector func(*faultsink.Sink) (*network, error)

// onSockets serves the sink on 127.0.0.1.
func onSockets(sink *faultsink.Sink) (*network, error) {
	server, err := faultsink.Serve(sink)
	if err != nil {
		return nil, err
	}
	down := func() error { server.Down(); return nil }
	return &network{url: server.URL(), down: down, up: server.Up, close: server.Close}, nil
}
