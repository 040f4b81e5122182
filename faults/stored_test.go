package faults_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

// project is where a server without keys puts the events of a client that names no project.
const project = "default"

// storedOnce fails t unless file holds every event that the agents' clients accepted, each once and in the order of its session.
func storedOnce(t *testing.T, file string, agents ...*agent) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), file, sqlite.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, a := range agents {
		checkSession(t, storedEvents(t, db, a.session.ID()), a)
	}
}

type storedEvent struct {
	ID   string
	Type types.EventType
	Seq  uint64
}

func storedEvents(t *testing.T, db store.Store, session string) (events []storedEvent) {
	t.Helper()
	query := store.EventQuery{Limit: 1000}
	for {
		page, err := db.Events(t.Context(), project, session, query)
		if err != nil {
			t.Fatalf("session %s: %v", session, err)
		}
		for _, record := range page.Events {
			var e storedEvent
			if err := json.Unmarshal(record.Raw, &e); err != nil {
				t.Fatal(err)
			}
			events = append(events, e)
		}
		if query.After = page.Next; query.After == nil {
			return events
		}
	}
}

// checkSession compares what is stored of a session with what its agent was told, the events that the SDK makes by itself included.
func checkSession(t *testing.T, stored []storedEvent, a *agent) {
	t.Helper()
	if got, want := uint64(len(stored)), a.stats.Accepted; got != want {
		t.Errorf("%d events are stored, %d were accepted", got, want)
	}
	var ids []string
	for i, e := range stored {
		if e.Seq != uint64(i+1) {
			t.Errorf("%s, in place %d, has seq %d", e.ID, i+1, e.Seq)
		}
		if e.Type == types.EventToolCall {
			ids = append(ids, e.ID)
		}
	}
	if !slices.Equal(ids, a.ids) {
		t.Errorf("%d ids are stored, %d were returned by Track, and they are not the same ones in the same order", len(ids), len(a.ids))
	}
}
