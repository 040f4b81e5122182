package faultsink

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Sink is a scripted ingestion server. Make one with [New] or [NewHosted]; it is safe for concurrent use.
type Sink struct {
	plan   []Rule
	began  time.Time
	ledger ledger
	hosted house
	leaks  leaks

	mu       sync.Mutex
	face     face
	visits   []Visit
	requests []*Request
	strays   []string
	underway int
	canaries []string
	secrets  []Leak
	leakURLs leakURLs
}

// New makes a sink that speaks the batch protocol. Each request to POST /v1/events is answered by the first rule of the plan that has a step for it, and accepted
// when none has. In a synctest bubble New is called inside of it, as the sink notes when it began.
func New(plan ...Rule) *Sink { return newSink(Batch, plan) }

// NewHosted makes a sink that speaks the hosted protocol, and only that: the plan answers its three requests, all else gets 404.
func NewHosted(plan ...Rule) *Sink { return newSink(Hosted, plan) }

func newSink(w Wire, plan []Rule) *Sink {
	return &Sink{plan: plan, began: time.Now(), ledger: newLedger(), hosted: newHouse(), face: face{wire: w}, leakURLs: inMemoryLeaks}
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
	if isLeak(r) {
		s.caught(w, r)
		return
	}
	s.visited(r)
	shown, operation := s.shows(), operationOf(r)
	switch override := shown.override(); {
	case override != nil:
		s.answer(w, r, operation, func(*Exchange) Step { return override })
	case operation != nil && shown.wire&wireOf(r.URL.Path) != 0:
		s.answer(w, r, operation, s.planned)
	case r.URL.Path == "/healthz" && r.Method == http.MethodGet:
		health(w, shown)
	default:
		s.stray(w, r, shown)
	}
}

func health(w http.ResponseWriter, shown face) {
	if names := shown.health(); names != nil {
		writeJSON(w, http.StatusOK, map[string]any{"status": "ok", "service": "sentrial", "protocols": names})
		return
	}
	writeError(w, shown.wire, http.StatusNotFound, "there is no such path", nil)
}

func (s *Sink) stray(w http.ResponseWriter, r *http.Request, shown face) {
	s.mu.Lock()
	s.strays = append(s.strays, r.Method+" "+r.URL.Path)
	s.mu.Unlock()
	writeError(w, shown.wire, http.StatusNotFound, "the sink has no such path", nil)
}

// answer notes a request and does what is chosen for it.
func (s *Sink) answer(w http.ResponseWriter, r *http.Request, o operation, choose Rule) {
	x := s.arrived(w, r, o)
	defer s.left(x)
	choose(x)(x)
}

// planned is the step of the plan.
func (s *Sink) planned(x *Exchange) Step {
	for _, rule := range s.plan {
		if step := rule(x); step != nil {
			return step
		}
	}
	return Accept
}

// arrived notes a request. One that is no operation is not among the requests of the report.
func (s *Sink) arrived(w http.ResponseWriter, r *http.Request, o operation) *Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := &Exchange{sink: s, http: r, operation: o, noted: &Request{
		At: time.Now(), Method: r.Method, Path: r.URL.Path, Header: r.Header.Clone(), Proto: r.Proto, RemoteAddr: r.RemoteAddr,
	}}
	if o == nil {
		x.operation = nothing{}
	} else {
		s.requests = append(s.requests, x.noted)
		x.noted.N = len(s.requests)
	}
	s.underway++
	x.noted.InFlight = s.underway
	s.scanHead(x.noted.N, r)
	x.first = x.noted.At
	if len(s.requests) > 0 {
		x.first = s.requests[0].At
	}
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
		s.hosted.left(x.noted)
		x.noted.Done, x.noted.Gone = time.Now(), x.http.Context().Err() != nil
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
