package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

// old makes a file of an older version, as testdata keeps it: vN.sql is a dump, vN.txt what the program of its time read from it.
func old(t *testing.T, version int) (file string) {
	t.Helper()
	dump, err := os.ReadFile(fmt.Sprintf("testdata/v%d.sql", version))
	if err != nil {
		t.Fatalf("every version needs a file of its own time: %v", err)
	}
	file = filepath.Join(t.TempDir(), "old.db")
	execute(t, file, string(dump))
	return file
}

// wantAsBefore checks that a store reads what testdata says was read when its file was made.
func wantAsBefore(t *testing.T, s *sqlite.Store, version int) {
	t.Helper()
	want, err := os.ReadFile(fmt.Sprintf("testdata/v%d.txt", version))
	if err != nil {
		t.Fatal(err)
	}
	if got := everything(t, s); got != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Errorf("version %d reads\n%s\nwant\n%s", version, got, want)
	}
}

// everything is all there is of two projects, a line a session or event.
func everything(t *testing.T, s *sqlite.Store) string {
	t.Helper()
	var out strings.Builder
	for _, project := range []string{"p", "q"} {
		page, err := s.Sessions(t.Context(), project, store.SessionQuery{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, session := range page.Sessions {
			describe(t, &out, session)
			events, err := s.Events(t.Context(), project, session.ID, store.EventQuery{Limit: 1000})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events.Events {
				fmt.Fprintln(&out, "\t", e.Position, e.Timestamp.Format(time.RFC3339Nano), e.Seq, e.ClientID, e.ReceivedAt.Format(time.RFC3339Nano), e.ClockSkew, string(e.Raw))
			}
		}
	}
	return out.String()
}

func describe(t *testing.T, out *strings.Builder, s store.Session) {
	t.Helper()
	content, err := json.Marshal([]any{s.Input, s.Output, s.Tags, s.Metrics, s.Metadata})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(out, s.Project, s.ID, s.Name, s.AgentName, s.AgentVersion, s.UserID, s.ConversationID, s.ParentSessionID, s.Status, s.Summary,
		s.CreatedAt.Format(time.RFC3339Nano), s.ClosedAt.Format(time.RFC3339Nano), s.Started, fmt.Sprintf("%+v", s.Counters), string(content))
}

// TestEachVersionIsMigrated opens a file of each older version, reads the same from it, and goes on writing.
func TestEachVersionIsMigrated(t *testing.T) {
	for version := 1; version < sqlite.SchemaVersion; version++ {
		file := old(t, version)
		wantNotRead(t, file, version)
		s := open(t, file)
		wantAsBefore(t, s, version)
		ingest(t, s, "new")
		if got := stored(t, s); got != "old new" {
			t.Errorf("version %d: events %q", version, got)
		}
		final := store.Event{ID: "f4", Type: types.EventStep, SessionID: "full", Timestamp: time.Unix(1, 0), Status: types.StatusError, Raw: []byte(`{}`)}
		receipt, err := s.Ingest(t.Context(), store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{final, step("old")}})
		if err != nil || !slices.Equal(receipt.Outcomes, []store.Outcome{store.Accepted, store.Duplicate}) {
			t.Errorf("version %d: the end of a step that was running, and an old event: %v, %v", version, receipt.Outcomes, err)
		}
		wantSound(t, file)
	}
}

func wantNotRead(t *testing.T, file string, version int) {
	t.Helper()
	_, err := sqlite.Open(t.Context(), file, sqlite.ReadOnly())
	if want := fmt.Sprintf("its schema is version %d, reading needs %d", version, sqlite.SchemaVersion); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("reading an old file: %v, want … %s", err, want)
	}
}

// TestStepsInGo are part of their step: they see its tables and the old rows, and when they fail nothing has happened.
func TestStepsInGo(t *testing.T) {
	file := old(t, 1)
	broken := errors.New("broken")
	restore := sqlite.Complete(2, func(context.Context, *sql.Tx) error { return broken })
	if _, err := sqlite.Open(t.Context(), file); !errors.Is(err, broken) || !strings.Contains(err.Error(), "migration 2") {
		t.Errorf("opened with a step that fails: %v", err)
	}
	restore()
	wantNotRead(t, file, 1)
	wantRows(t, file, `SELECT count(*) FROM sqlite_schema WHERE name = 'aliases'`, 0)
	defer sqlite.Complete(2, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO aliases SELECT project, id, 'full' FROM sessions WHERE id = 'other'`)
		return err
	})()
	if got, err := open(t, file).Resolve(t.Context(), "p", "other"); err != nil || got != "full" {
		t.Errorf("the step left %q, %v", got, err)
	}
}

// TestMigrationThatIsKilled has copies of the file and its log as a process leaves them that dies in the middle of a step, and after it.
func TestMigrationThatIsKilled(t *testing.T) {
	file := old(t, 1)
	within, after := t.TempDir(), t.TempDir()
	defer sqlite.Complete(2, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `PRAGMA cache_spill = 1; PRAGMA cache_size = 1; UPDATE events SET trace_id = hex(zeroblob(3000)); UPDATE events SET trace_id = NULL`)
		copyStore(t, file, within)
		return err
	})()
	s := open(t, file)
	wantAsBefore(t, s, 1)
	copyStore(t, file, after)
	for _, dir := range []string{within, after} {
		killed := filepath.Join(dir, "old.db")
		wantAsBefore(t, open(t, killed), 1)
		wantSound(t, killed)
	}
}

func copyStore(t *testing.T, file, dir string) {
	t.Helper()
	for _, name := range []string{file, file + "-wal"} {
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, filepath.Base(name)), data)
	}
}

// TestManyOpenAFileAtOnce sets a new file up, and migrates an old one, from several sides.
func TestManyOpenAFileAtOnce(t *testing.T) {
	for range 5 {
		for _, file := range []string{filepath.Join(t.TempDir(), "new.db"), old(t, 1)} {
			var wg sync.WaitGroup
			for i := range 6 {
				wg.Go(func() {
					s, err := sqlite.Open(context.Background(), file)
					if err != nil {
						t.Error(err)
						return
					}
					ingest(t, s, fmt.Sprint("e", i), "shared")
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			wantSound(t, file)
			wantRows(t, file, `SELECT count(*) FROM events WHERE id LIKE 'e%' OR id = 'shared'`, 7)
		}
	}
}
