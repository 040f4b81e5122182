package server

import "net/http"

// endpoint answers a request, or returns what went wrong: an *apiError as it is to be told, anything else as an internal error.
type endpoint func(w http.ResponseWriter, r *http.Request) error

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range map[string]endpoint{
		"POST /v1/events":              s.ingest,
		"GET /v1/sessions":             s.listSessions,
		"GET /v1/sessions/{id}":        s.getSession,
		"GET /v1/sessions/{id}/events": s.listEvents,
		"GET /v1/events/{id}":          s.getEvent,
		"GET /v1/limits":               s.getLimits,
	} {
		mux.Handle(pattern, s.endpoint(s.speaking(serve)))
	}
	for pattern, serve := range s.hostedRoutes() {
		mux.Handle(pattern, s.endpoint(s.speaking(serve)))
	}
	mux.Handle("GET /healthz", s.endpoint(s.health))
	mux.Handle("GET /readyz", s.endpoint(s.ready))
	return s.routed(mux)
}

func (s *Server) endpoint(serve endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := serve(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// routed gives requests that match no pattern the same form of error as all others.
func (s *Server) routed(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fallback, pattern := mux.Handler(r)
		if pattern != "" {
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
