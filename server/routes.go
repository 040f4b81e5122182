package server

import "net/http"

// endpoint answers a request, or returns what went wrong: an *apiError as it is to be told, anything else as an internal error.
type endpoint func(w http.ResponseWriter, r *http.Request) error

// route is an endpoint with what a key must allow to reach it.
type route struct {
	pattern string
	scope   scope
	serve   endpoint
}

// scope is what a key allows.
type scope string

const (
	scopeNone  scope = "" // for everybody
	scopeWrite scope = "events:write"
	scopeRead  scope = "sessions:read"
	scopeAdmin scope = "admin" // all of it
)

// table is every route there is.
func (s *Server) table() []route {
	return []route{
		{"POST /v1/events", scopeWrite, s.ingest},
		{"POST /api/sdk/sessions", scopeWrite, s.hosted(s.createSession)},
		{"PATCH /api/sdk/sessions/{id}", scopeWrite, s.hosted(s.patchSession)},
		{"POST /api/sdk/events", scopeWrite, s.hosted(s.createEvent)},

		{"POST /v1/traces", scopeWrite, s.otlp(signalTraces)},
		{"POST /v1/logs", scopeWrite, s.otlp(signalLogs)},
		{"POST /v1/metrics", scopeWrite, s.otlp(signalMetrics)},

		{"GET /v1/sessions", scopeRead, s.listSessions},
		{"GET /v1/sessions/{id}", scopeRead, s.getSession},
		{"GET /v1/sessions/{id}/events", scopeRead, s.listEvents},
		{"GET /v1/events/{id}", scopeRead, s.getEvent},
		{"DELETE /v1/sessions/{id}", scopeAdmin, s.deleteSession},
		{"DELETE /v1/users/{id}", scopeAdmin, s.forgetUser},
		{"GET /v1/limits", scopeRead, s.getLimits},
		{"GET /v1/stream", scopeRead, s.openStream},
		{"GET /v1/rollups", scopeRead, s.listRollups},
		{"GET /v1/facets", scopeRead, s.listFacets},
		{"GET /v1/stats", scopeRead, s.getStats},

		{"GET /v1/keys", scopeAdmin, s.listKeys},
		{"POST /v1/keys", scopeAdmin, s.createKey},
		{"DELETE /v1/keys/{id}", scopeAdmin, s.revokeKey},
		{"GET /metrics", scopeAdmin, s.getMetrics},

		{"GET /v1/openapi.json", scopeNone, s.getOpenAPI},
		{"GET /healthz", scopeNone, s.health},
		{"GET /readyz", scopeNone, s.ready},
	}
}

func (s *Server) routes(table []route) http.Handler {
	mux := http.NewServeMux()
	for _, r := range table {
		serve := r.serve
		if r.scope != scopeNone {
			serve = s.allowing(r.scope, s.speaking(serve))
		}
		mux.Handle(r.pattern, s.endpoint(r.pattern, serve))
	}
	return s.routed(mux)
}

func (s *Server) endpoint(pattern string, serve endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := exchangeOf(r)
		e.route = pattern
		if err := serve(w, r); err != nil {
			e.gone = r.Context().Err() != nil
			s.fail(w, r, err)
		}
	})
}

// routed gives requests that match no pattern the same form of error as all others. A path that would have to be cleaned first, such as one with
// two dots, matches none: the mux would redirect it, and nobody means such a path.
func (s *Server) routed(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fallback, pattern := mux.Handler(r)
		if _, ours := fallback.(http.HandlerFunc); ours && pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		probe := &headerProbe{header: make(http.Header)}
		fallback.ServeHTTP(probe, r)
		if probe.status != http.StatusMethodNotAllowed {
			s.fail(w, r, notFound("no such route: "+r.Method+" "+shorten(r.URL.Path)))
			return
		}
		w.Header().Set("Allow", probe.header.Get("Allow"))
		s.fail(w, r, methodNotAllowed(r.Method, probe.header.Get("Allow")))
	})
}

// headerProbe learns what the mux would answer.
type headerProbe struct {
	header http.Header
	status int
}

func (p *headerProbe) Header() http.Header         { return p.header }
func (p *headerProbe) Write(b []byte) (int, error) { return len(b), nil }
func (p *headerProbe) WriteHeader(status int)      { p.status = status }
