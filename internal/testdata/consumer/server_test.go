package consumer_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"example.com/consumer"

	"github.com/sentrial/sentrial-go"
)

// event is what these tests read of a recorded event.
type event struct {
	ID             string         `json:"id"`
	Type           string         `json:"type"`
	SessionID      string         `json:"session_id"`
	ParentSession  string         `json:"parent_session_id"`
	Status         string         `json:"status"`
	Response       string         `json:"response"`
	RecoveryAction string         `json:"recovery_action"`
	Metadata       map[string]any `json:"metadata"`
}

// server takes every batch and keeps its events.
type server struct {
	mu     sync.Mutex
	events []event
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var batch struct {
		Events []event `json:"events"`
	}
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.events = append(s.events, batch.Events...)
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"accepted":%d,"duplicates":0,"rejected":[]}`, len(batch.Events))
}

// ofType returns the events of a type, in the order they came.
func (s *server) ofType(name string) (found []event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if e.Type == name {
			found = append(found, e)
		}
	}
	return found
}

// start returns a client of a server that keeps what it is sent.
func start(t *testing.T) (*sentrial.Client, *server) {
	t.Helper()
	received := &server{}
	web := httptest.NewServer(received)
	t.Cleanup(web.Close)
	client, err := consumer.Configure(web.URL, slog.New(slog.NewTextHandler(io.Discard, nil)), func(d sentrial.Drop) {
		t.Errorf("lost %s %s: %s: %v", d.Type, d.EventID, d.Reason, d.Err)
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, received
}

// finish closes the client and checks that its books add up.
func finish(t *testing.T, client *sentrial.Client) {
	t.Helper()
	if err := client.Close(t.Context()); err != nil {
		t.Fatalf("Close: %s", consumer.Explain(err))
	}
	if stats := client.Stats(); !consumer.Balanced(stats) || stats.Accepted == 0 || stats.Delivered != stats.Accepted {
		t.Fatalf("stats = %+v, want everything delivered", stats)
	}
}
