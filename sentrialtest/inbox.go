package sentrialtest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/sentrial/sentrial-go/types"
)

// inbox stands for the server: it takes batches and answers what a client asks about them, all on the goroutine of the request.
type inbox struct {
	routes *http.ServeMux
	url    string // where it listens, "" if it does not

	mu       sync.Mutex
	requests int      // that came
	strange  []string // the first of those that there is no route for, each once
	events   []types.Event
	place    map[string]int // event id to its place in events
	rejected []rejection
	failing  []int         // statuses of the next replies to batches
	arrived  chan struct{} // closed when something arrives, and then made anew
}

func newInbox() *inbox {
	b := &inbox{routes: http.NewServeMux(), place: make(map[string]int), arrived: make(chan struct{})}
	b.routes.HandleFunc("POST /v1/events", b.take)
	b.routes.HandleFunc("GET /v1/sessions", b.listSessions)
	b.routes.HandleFunc("GET /v1/sessions/{id}", b.getSession)
	b.routes.HandleFunc("GET /v1/sessions/{id}/events", b.listEvents)
	b.routes.HandleFunc("GET /healthz", healthy)
	b.routes.HandleFunc("/", b.unserved)
	return b
}

// RoundTrip serves a request without a connection.
func (b *inbox) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	body := io.Reader(bytes.NewReader(nil))
	if req.Body != nil {
		defer req.Body.Close()
		body = req.Body
	}
	served := req.Clone(req.Context())
	served.Body = io.NopCloser(body)
	w := httptest.NewRecorder()
	b.ServeHTTP(w, served)
	return w.Result(), nil
}

// ServeHTTP serves a request.
func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.requests++
	b.mu.Unlock()
	b.routes.ServeHTTP(w, r)
}

// all gives the events in the order in which they began. Of one instant, as there are many in a synctest bubble, a session's stand together, by their seq.
func (b *inbox) all() []types.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	events := slices.Clone(b.events)
	first := make(map[string]int) // place of a session's first event
	for i := range events {
		if _, known := first[events[i].SessionID]; !known {
			first[events[i].SessionID] = i
		}
	}
	slices.SortStableFunc(events, func(x, y types.Event) int {
		return cmp.Or(x.Timestamp.Compare(y.Timestamp), cmp.Compare(first[x.SessionID], first[y.SessionID]), cmp.Compare(x.Seq, y.Seq))
	})
	return events
}

func (b *inbox) listSessions(w http.ResponseWriter, r *http.Request) {
	want := r.URL.Query()
	sessions := slices.DeleteFunc(fold(b.all()), func(s types.Session) bool {
		return differs(want, "status", string(s.Status)) || differs(want, "agent", s.AgentName) || differs(want, "user", s.UserID) ||
			!strings.Contains(s.Name+s.Summary, want.Get("q"))
	})
	slices.Reverse(sessions)
	reply(w, http.StatusOK, map[string]any{"data": sessions})
}

func differs(want url.Values, name, has string) bool { return want.Has(name) && want.Get(name) != has }

func (b *inbox) getSession(w http.ResponseWriter, r *http.Request) {
	sessions := fold(b.all())
	i := slices.IndexFunc(sessions, func(s types.Session) bool { return s.ID == r.PathValue("id") })
	if i < 0 {
		fail(w, http.StatusNotFound, "not_found", fmt.Sprintf("no session %q", r.PathValue("id")))
		return
	}
	reply(w, http.StatusOK, sessions[i])
}

func (b *inbox) listEvents(w http.ResponseWriter, r *http.Request) {
	events := slices.DeleteFunc(b.all(), func(e types.Event) bool { return e.SessionID != r.PathValue("id") })
	reply(w, http.StatusOK, map[string]any{"data": events})
}

func healthy(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{"status": "ok", "service": "sentrial", "protocols": []string{"batch"}})
}

func fail(w http.ResponseWriter, status int, code, message string) {
	reply(w, status, map[string]any{"error": map[string]any{"code": code, "message": strings.TrimSpace(message)}})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
