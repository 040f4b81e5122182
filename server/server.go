// Package server is the ingestion API over HTTP: agents post batches of events, people and programs read sessions and their events back.
//
//	POST /v1/events                 take a batch
//	GET  /v1/sessions               list sessions, newest first
//	GET  /v1/sessions/{id}          one session
//	GET  /v1/sessions/{id}/events   its events in order
//	GET  /v1/events/{id}            one event
//	DELETE /v1/sessions/{id}        delete a session for good
//	DELETE /v1/users/{id}           delete every session of a user
//	GET  /v1/stream                 events and sessions as they come (SSE)
//	GET  /v1/rollups                sums by the hour or the day
//	GET  /v1/facets                 values to filter by, and how many sessions have them
//	GET  /v1/stats                  sums of everything
//	GET  /v1/limits                 what a request may bring
//	GET  /metrics                   figures about the server itself, for Prometheus
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
	"cmp"
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

	SessionIdle time.Duration // silence after which a session counts as abandoned; default 30 minutes
	Retention   Retention     // how long sessions are kept; zero = for ever
	Connections Connections   // zero fields take their defaults
}

// Server is the ingestion API as an http.Handler. It is safe for concurrent use.
type Server struct {
	store     store.Store
	log       *slog.Logger
	limits    Limits
	name      string // what the Server header says
	now       func() time.Time
	idle      time.Duration
	retention Retention
	clock     clock
	streams   streams
	recheck   func(*http.Request) error // whether a stream may go on, asked once a second; nil = it may
	metrics   *metrics
	handler   http.Handler

	connections Connections
	unfolding   chan struct{} // holds a token for each body that is being decompressed
}

// New returns a server over cfg.Store. It starts nothing: mount it as a handler or call [Server.Serve].
func New(cfg Config) (*Server, error) {
	if cfg.Store == nil {
		return nil, errors.New("server: Config.Store is nil: open one, such as sqlite.Open")
	}
	s := &Server{store: cfg.Store, log: cfg.Logger, limits: cfg.Limits.withDefaults(), name: "sentrial", now: cfg.Now, retention: cfg.Retention}
	s.idle = cmp.Or(max(cfg.SessionIdle, 0), standardIdle)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if cfg.Version != "" {
		s.name += "/" + cfg.Version
	}
	s.metrics = newMetrics(s, cfg.Version)
	s.connections = cfg.Connections.withDefaults()
	s.unfolding = make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))
	s.handler = s.withRequestID(s.withMetrics(s.withRecover(s.routes())))
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
