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

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go/types"
)

// inbox stands for the server: it takes batches and answers what a client asks about them, all on the goroutine of the request.
type inbox struct {
	routes *http.ServeMux

	mu     sync.Mutex
	events []types.Event
	place  map[string]int // event id to its place in events
}

func newInbox() *inbox {
	b := &inbox{routes: http.NewServeMux(), place: make(map[string]int)}
	b.routes.HandleFunc("POST /v1/events", b.take)
	b.routes.HandleFunc("GET /v1/sessions", b.listSessions)
	b.routes.HandleFunc("GET /v1/sessions/{id}", b.getSession)
	b.routes.HandleFunc("GET /v1/sessions/{id}/events", b.listEvents)
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
	b.routes.ServeHTTP(w, served)
	return w.Result(), nil
}

func (b *inbox) take(w http.ResponseWriter, r *http.Request) {
	var batch struct {
		Events []types.Event `json:"events"`
	}
	body, err := decoded(r)
	if err == nil {
		err = json.NewDecoder(body).Decode(&batch)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, "validation_error", err.Error())
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	accepted := 0
	for _, e := range batch.Events {
		if b.keep(e) {
			accepted++
		}
	}
	reply(w, http.StatusOK, map[string]any{"accepted": accepted, "duplicates": len(batch.Events) - accepted, "rejected": []any{}})
}

// decoded reads the body of a client that was told to compress.
func decoded(r *http.Request) (io.Reader, error) {
	switch r.Header.Get("Content-Encoding") {
	case "gzip":
		return gzip.NewReader(r.Body)
	case "zstd":
		all, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer d.Close()
		plain, err := d.DecodeAll(all, nil)
		return bytes.NewReader(plain), err
	}
	return r.Body, nil
}

// keep takes an event unless it is there already. The end of a span replaces a copy sent while it was running.
func (b *inbox) keep(e types.Event) bool {
	i, known := b.place[e.ID]
	switch {
	case !known:
		b.place[e.ID] = len(b.events)
		b.events = append(b.events, e)
	case b.events[i].Status == types.StatusRunning && e.Status != types.StatusRunning:
		b.events[i] = e
	default:
		return false
	}
	return true
}

// all gives the events in the order in which they began. In one session seq decides between those of one instant, as there are many in a synctest bubble.
func (b *inbox) all() []types.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	events := slices.Clone(b.events)
	slices.SortStableFunc(events, func(x, y types.Event) int {
		if d := x.Timestamp.Compare(y.Timestamp); d != 0 || x.SessionID != y.SessionID {
			return d
		}
		return cmp.Compare(x.Seq, y.Seq)
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

func fail(w http.ResponseWriter, status int, code, message string) {
	reply(w, status, map[string]any{"error": map[string]any{"code": code, "message": strings.TrimSpace(message)}})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
