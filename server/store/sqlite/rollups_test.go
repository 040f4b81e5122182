package sqlite_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

// TestRollupsAreThoseOfARebuild holds the rows, histograms included, to those that are made of the stored events and sessions.
func TestRollupsAreThoseOfARebuild(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	random := rand.New(rand.NewPCG(1, 7))
	for range 150 {
		batch := store.Batch{Project: fmt.Sprint("p", random.IntN(2)), ReceivedAt: time.Unix(9, 0)}
		for range 1 + random.IntN(9) {
			batch.Events = append(batch.Events, anyEvent(random))
		}
		if _, err := s.Ingest(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	kept, rebuilt := rollupRows(t, file), rebuild(t, file)
	if kept != rebuilt || strings.Count(kept, "\n") < 50 {
		t.Errorf("kept:\n%s\nrebuilt:\n%s", kept, rebuilt)
	}
}

// anyEvent is one that others may repeat, replace, or have said otherwise before.
func anyEvent(random *rand.Rand) store.Event {
	lasted, cost := time.Duration(random.Int64N(1e10)), store.NanoUSD(random.Int64N(1e6))
	e := store.Event{
		ID: fmt.Sprint("e", random.IntN(300)), Type: []types.EventType{"llm_call", "tool_call", "step", "error", "session_update", "session_end"}[random.IntN(6)],
		SessionID: fmt.Sprint("s", random.IntN(30)), Timestamp: time.Unix(random.Int64N(9*3600), 0), Duration: &lasted, Cost: &cost, Raw: []byte(`{}`),
		Status: []types.Status{"running", "running", "success", "error"}[random.IntN(4)], Tokens: store.Tokens{Prompt: random.Int64N(1000)},
	}
	switch e.Type {
	case "llm_call":
		e.Model = []string{"", "m1", strings.Repeat("long", 100)}[random.IntN(3)]
	case "tool_call":
		e.ToolName, e.Duration = []string{"", "t1", "t2"}[random.IntN(3)], nil
	case "session_update", "session_end":
		e.Status, e.Totals = types.StatusSuccess, random.IntN(2) == 0
		e.Change = &store.Change{AgentName: []string{"", "a", "b"}[random.IntN(3)]}
	}
	return e
}

func rollupRows(t *testing.T, file string) string {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT concat_ws(' ', project, facet, hour, value, sessions, events, errors, prompt_tokens, total_tokens, cost, costed, hex(latency)) FROM rollups ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var text strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		text.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// rebuild returns the rows made anew.
func rebuild(t *testing.T, file string) string {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.Exec(`DELETE FROM rollups`); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.RebuildRollups(t.Context(), tx); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return rollupRows(t, file)
}

// TestMigrationSumsUp opens a file of the version that had no sums.
func TestMigrationSumsUp(t *testing.T) {
	stats, err := open(t, old(t, 1)).Stats(t.Context(), "p", store.StatsQuery{})
	if err != nil || stats.Counters.Events != 18 || stats.Events[types.EventStep] != 4 || stats.LastEventAt.IsZero() {
		t.Errorf("%+v (%v), want the 18 events", stats, err)
	}
}

// TestSumsCostFewRows has a batch of a thousand events write as many rows as there are values, not events.
func TestSumsCostFewRows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	batch := store.Batch{Project: "p", ReceivedAt: time.Unix(9, 0)}
	for i := range 1000 {
		e := step(fmt.Sprint("e", i))
		if e.Type = types.EventToolCall; i%2 == 0 {
			e.Type = types.EventLLMCall
		}
		e.Model, e.ToolName = fmt.Sprint("m", i%4), fmt.Sprint("t", i%6)
		batch.Events = append(batch.Events, e)
	}
	if _, err := s.Ingest(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(rollupRows(t, file), "\n"); n != 2+2+3+1 {
		t.Errorf("%d rows: types 2, models 2, tools 3, agents 1", n)
	}
}
