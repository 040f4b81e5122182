package faultsink

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Sink is a scripted ingestion server. Make one with [New]; it is safe for concurrent use.
type Sink struct {
	plan   []Rule
	began  time.Time
	ledger ledger
	leaks  leaks

	mu       sync.Mutex
	requests []*Request
	strays   []string
	underway int
	canaries []string
	secrets  []Leak
	leakURLs leakURLs
}

// New makes a sink. Each request to POST /v1/events is answered by the first rule of the plan that has a step for it, and accepted when none has. In a synctest
// bubble New is called inside of it, as the sink notes when it began.
func New(plan ...Rule) *Sink {
	return &Sink{plan: plan, began: time.Now(), ledger: newLedger(), leakURLs: inMemoryLeaks}
}

// Watch makes the report tell of every place where one of these texts is seen. They should be words that nothing else contains, of characters that JSON does
// not escape.
func (s *Sink) Watch(canaries ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.canaries = append(s.canaries, canaries...)
}

// ServeHTTP is part of http.Handler. Paths that the protocol does not have count as stray requests.
func (s *Sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case isLeak(r):
		s.caught(w, r)
	case r.URL.Path == "/v1/events" && r.Method == http.MethodPost:
		s.ingest(w, r)
	case r.URL.Path == "/healthz" && r.Method == http.MethodGet:
		health(w)
	default:
		s.stray(w, r)
	}
}

func health(w http.ResponseWriter) {
	writeJSON(w, http.StatusOK, map[string]any{"status": "ok", "service": "sentrial", "protocols": []string{"batch"}})
}

func (s *Sink) stray(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.strays = append(s.strays, r.Method+" "+r.URL.Path)
	s.mu.Unlock()
	writeError(w, http.StatusNotFound, "the sink has only POST /v1/events and GET /healthz", nil)
}

// ingest answers one batch as the plan says.
func (s *Sink) ingest(w http.ResponseWriter, r *http.Request) {
	x := s.arrived(w, r)
	defer s.left(x)
	for _, rule := range s.plan {
		if step := rule(x); step != nil {
			step(x)
			return
		}
	}
	Accept(x)
}

// arrived notes a request.
func (s *Sink) arrived(w http.ResponseWriter, r *http.Request) *Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.underway++
	request := &Request{
		N: len(s.requests) + 1, At: now, Header: r.Header.Clone(), Proto: r.Proto, RemoteAddr: r.RemoteAddr, InFlight: s.underway,
	}
	s.requests = append(s.requests, request)
	s.scanHead(request.N, r)
	x := &Exchange{sink: s, http: r, noted: request, first: s.requests[0].At}
	x.w = &replyWriter{ResponseWriter: w, x: x}
	x.w.Header().Set("X-Request-Id", x.requestID())
	x.w.Header().Set("Accept-Encoding", acceptEncoding)
	return x
}

// left notes that a request is under way no more: before the client can know, so that its next request is not counted as one beside this.
func (s *Sink) left(x *Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.noted.Done.IsZero() {
		s.underway--
		x.noted.Done = time.Now()
	}
}

// Requests returns what came so far, in the order it came.
func (s *Sink) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := make([]Request, len(s.requests))
	for i, r := range s.requests {
		requests[i] = *r
	}
	return slices.Clip(requests)
}
