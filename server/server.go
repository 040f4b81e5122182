// Package server is the ingestion API over HTTP: agents post batches of events, people and programs read sessions and their events back.
//
//	POST /v1/events                 take a batch
//	GET  /v1/sessions               list sessions, newest first
//	GET  /v1/sessions/{id}          one session
//	GET  /v1/sessions/{id}/events   its events in order
//	GET  /v1/events/{id}            one event
//	GET  /v1/limits                 what a request may bring
//	GET  /v1/openapi.json           all of it, as package api has it
//	GET  /healthz, /readyz          is the process, is the store, there
//
// Programs that were written for the hosted API post one thing a request:
//
//	POST  /api/sdk/sessions         begin a session
//	PATCH /api/sdk/sessions/{id}    end or change it
//	POST  /api/sdk/events           add an event to it
//
// A reply of 200 to a batch means that what it calls accepted is committed; one to the hosted API's requests that all of it is. Every reply
// carries X-Request-Id. Every error is JSON of the form {"error":{"code","message","request_id"}}, below /api/sdk {"error","message"}.
//
// The header X-Sentrial-Project names the project, "default" without it. There are no keys yet: serve on loopback only ([Listen]).
package server

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// Config of a [Server].
type Config struct {
	Store   store.Store      // required; the caller closes it
	Logger  *slog.Logger     // nil = silent
	Limits  Limits           // zero fields take their defaults
	Version string           // shown in the Server header; "" = none
	Now     func() time.Time // nil = time.Now

	Connections Connections // zero fields take their defaults
}

// Server is the ingestion API as an http.Handler. It is safe for concurrent use.
type Server struct {
	store   store.Store
	log     *slog.Logger
	limits  Limits
	name    string // what the Server header says
	now     func() time.Time
	clock   clock
	handler http.Handler

	connections Connections
	unfolding   chan struct{} // holds a token for each body that is being decompressed
}

// New returns a server over cfg.Store. It starts nothing: mount it as a handler or call [Server.Serve].
func New(cfg Config) (*Server, error) {
	if cfg.Store == nil {
		return nil, errors.New("server: Config.Store is nil: open one, such as sqlite.Open")
	}
	s := &Server{store: cfg.Store, log: cfg.Logger, limits: cfg.Limits.withDefaults(), name: "sentrial", now: cfg.Now}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if cfg.Version != "" {
		s.name += "/" + cfg.Version
	}
	s.connections = cfg.Connections.withDefaults()
	s.unfolding = make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))
	s.handler = s.withRequestID(s.withRecover(s.routes()))
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
