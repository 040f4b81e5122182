// Package server is the ingestion API over HTTP: agents post batches of events, people and programs read sessions and their events back.
//
//	POST   /v1/events                 take a batch
//	POST   /v1/traces, /v1/logs       take what OpenTelemetry exporters send; /v1/metrics too, which is dropped
//	GET    /v1/sessions               list sessions, newest first
//	GET    /v1/sessions/{id}          one session
//	GET    /v1/sessions/{id}/events   its events in order
//	GET    /v1/events/{id}            one event
//	DELETE /v1/sessions/{id}          delete a session for good
//	DELETE /v1/users/{id}             delete every session of a user
//	GET    /v1/stream                 events and sessions as they come (SSE)
//	GET    /v1/rollups                sums by the hour or the day
//	GET    /v1/facets                 values to filter by, and how many sessions have them
//	GET    /v1/stats                  sums of everything
//	GET    /v1/keys, POST, DELETE     who may do what
//	GET    /v1/limits                 what a request may bring
//	GET    /v1/openapi.json           all of it, as package api has it
//	GET    /healthz, /readyz          is the process, is the store, there
//	GET    /metrics                   figures about the server itself, for Prometheus
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
// Requests show a key as Authorization: Bearer KEY; it decides the project and what may be done there. Admins make and revoke them:
//
//	GET, POST /v1/keys              keys of the project; a new one
//	DELETE    /v1/keys/{id}         revoke it
//
// Until the first key is made a server on loopback trusts everybody, with the project that the header X-Sentrial-Project names, "default"
// without it. docs/security.md tells who is kept out and how.
package server

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/server/store"
)

// Config of a [Server].
type Config struct {
	Store   store.Store      // required; the caller closes it
	Logger  *slog.Logger     // nil = silent
	Limits  Limits           // zero fields take their defaults
	Version string           // shown in the Server header; "" = none
	Now     func() time.Time // nil = time.Now

	SessionIdle  time.Duration  // silence after which a session counts as abandoned; default 30 minutes
	Retention    Retention      // how long sessions are kept; zero = for ever
	Audit        *slog.Logger   // hears of keys made and revoked, of data deleted and taken out; nil = Logger
	AllowedHosts []string       // names the server answers to, beside those of the machine itself: of a proxy in front
	RateLimit    int            // requests a minute of one key; 0 = 60,000, before the first key 600,000 of one project
	TLS          *tls.Config    // nil = plain HTTP; see [TLSFiles]
	Connections  Connections    // zero fields take their defaults
	BodyBytes    int64          // of all request bodies that are being taken in at one time; more get 503; default 256 MiB
	Prices       *pricing.Table // by which calls whose spans report no cost are estimated; nil = pricing.Default(), an empty table estimates none
	OTLP         OTLP           // what becomes of spans and log records
	Introspect   *Introspection // whose tokens are good beside keys; nil = nobody's
	Trusted      bool           // every request is an admin's, whatever its key, host and number: only for handlers that no network reaches
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
	prices    *pricing.Table
	clock     clock
	streams   streams
	metrics   *metrics
	handler   http.Handler

	auditLog    *slog.Logger
	keys        *keyring
	tokens      *introspector // nil = no tokens
	hosts       hosts
	crossOrigin *http.CrossOriginProtection
	limiter     limiter
	rateLimit   int
	tls         *tls.Config
	connections Connections
	unfolding   chan struct{} // holds a token for each body that is being decompressed
	inflight    atomic.Int64  // bytes of bodies that are being taken in
	bodyBytes   int64
	trusted     bool

	inbox         *inbox
	onOTLP, onRPC http.Handler // of the listeners for OTLP, over HTTP and gRPC
}

// New returns a server over cfg.Store. It starts nothing: mount it as a handler or call [Server.Serve].
func New(cfg Config) (*Server, error) {
	if cfg.Store == nil {
		return nil, errors.New("server: Config.Store is nil: open one, such as sqlite.Open")
	}
	s := &Server{store: cfg.Store, log: cfg.Logger, limits: cfg.Limits.withDefaults(), name: "sentrial", now: cfg.Now, retention: cfg.Retention, prices: cfg.Prices}
	s.idle = cmp.Or(max(cfg.SessionIdle, 0), standardIdle)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.prices == nil {
		s.prices = pricing.Default()
	}
	if cfg.Version != "" {
		s.name += "/" + cfg.Version
	}
	if err := s.secure(cfg); err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	s.inbox = newInbox(cfg.OTLP, s.idle, s.log)
	s.metrics = newMetrics(s, cfg.Version)
	s.bodyBytes = cmp.Or(cfg.BodyBytes, standardBodyBytes)
	s.unfolding = make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))
	s.handler, s.onOTLP, s.onRPC = s.passing(s.table()), s.passing(s.otlpTable()), s.passing(append(s.grpcTable(), s.otlpTable()...))
	return s, nil
}

// passing is what each request passes on its way to its route.
func (s *Server) passing(table []route) http.Handler {
	return s.withRequestID(s.withMetrics(s.withAccessLog(s.withRecover(s.guarded(s.routes(table))))))
}

// secure sets up what keeps strangers out.
func (s *Server) secure(cfg Config) (err error) {
	if s.hosts, err = newHosts(cfg.AllowedHosts); err != nil {
		return err
	}
	s.keys, s.crossOrigin, s.limiter.now = newKeyring(cfg.Store), http.NewCrossOriginProtection(), s.now
	s.auditLog, s.rateLimit, s.tls, s.connections, s.trusted = cmp.Or(cfg.Audit, s.log), cfg.RateLimit, cfg.TLS, cfg.Connections.withDefaults(), cfg.Trusted
	if cfg.Introspect != nil {
		provider, err := cfg.Introspect.check()
		if err != nil {
			return err
		}
		s.tokens = newIntrospector(newIdentityProvider(provider, s.now).ask)
	}
	return checkRateLimit(cfg.RateLimit)
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
