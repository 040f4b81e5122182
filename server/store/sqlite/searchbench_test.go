package sqlite_test

import (
	"database/sql"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/millionevents"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

// fillLifelike stores n lifelike events in file, without indexing them.
func fillLifelike(b *testing.B, file string, n int) {
	b.Helper()
	s, err := sqlite.Open(b.Context(), file, sqlite.WithoutSearch())
	if err != nil {
		b.Fatal(err)
	}
	batch := store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0)}
	flush := func() {
		if _, err := s.Ingest(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
		batch.Events = batch.Events[:0]
	}
	for line := range millionevents.Lines(millionevents.Config{Seed: 1, Events: n, End: time.Unix(1e9, 0)}) {
		e := store.Event{Raw: append([]byte{}, line...)}
		head := struct {
			ID        *string          `json:"id"`
			Type      *types.EventType `json:"type"`
			SessionID *string          `json:"session_id"`
			Timestamp *time.Time       `json:"timestamp"`
		}{&e.ID, &e.Type, &e.SessionID, &e.Timestamp}
		if err := json.Unmarshal(line, &head); err != nil {
			b.Fatal(err)
		}
		if e.Type == types.EventSessionStart || e.Type == types.EventSessionEnd {
			e.Change = new(store.Change)
		}
		if batch.Events = append(batch.Events, e); len(batch.Events) == 1000 {
			flush()
		}
	}
	flush()
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkIndex indexes 20,000 events of about 1.3 KB that are in the store already.
func BenchmarkIndex(b *testing.B) {
	const events = 20_000
	file := filepath.Join(b.TempDir(), "s.db")
	fillLifelike(b, file, events)
	for b.Loop() {
		s, err := sqlite.Open(b.Context(), file)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.WaitIndexed(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		forget(b, file)
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
}

// forget empties the index.
func forget(b *testing.B, file string) {
	b.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`DELETE FROM search_blocks; DELETE FROM search_segments; UPDATE search_state SET position = 0`); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSearch asks for the first page of 50 among 50,000 events.
func BenchmarkSearch(b *testing.B) {
	file := filepath.Join(b.TempDir(), "s.db")
	fillLifelike(b, file, 50_000)
	s, err := sqlite.Open(b.Context(), file)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct{ name, text string }{
		{"common and common", "helpful agent"},
		{"common and rare", "helpful user-0042"},
		{"rare and rare", "agent-39 user-4990"},
		{"nowhere", "nowhere atall"},
		{"prefix", "age use"},
	} {
		b.Run(c.name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				page, err := s.Sessions(b.Context(), "p", store.SessionQuery{Text: c.text, Limit: 50})
				if err != nil {
					b.Fatal(err)
				}
				n = len(page.Sessions)
			}
			b.ReportMetric(float64(n), "sessions")
		})
	}
}
