package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// TestPurgeGivesBackItsPlace looks at the file's size.
func TestPurgeGivesBackItsPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	empty := size(t, file, s)
	fill(t, s, "s1", 3000)
	full := size(t, file, s)
	gone, err := s.Purge(t.Context(), store.Cutoff{Sessions: time.Unix(9, 0)})
	if err != nil || gone != (store.Removed{Sessions: 1, Events: 3000}) {
		t.Fatalf("purged %+v, %v", gone, err)
	}
	if now := size(t, file, s); now > empty+(full-empty)/2 {
		t.Errorf("the file has %d bytes, had %d before and %d while it was full", now, empty, full)
	}
	wantRows(t, file, `PRAGMA freelist_count`, 0)
}

// size is that of the file once its log is empty.
func size(t *testing.T, file string, s *sqlite.Store) int64 {
	t.Helper()
	if _, err := s.Purge(t.Context(), store.Cutoff{}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestErasingBesideAReader has a reader keep an old state of the file: deletion does not wait for it, and its log is emptied later.
func TestErasingBesideAReader(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	ingest(t, s, "e1")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(`SELECT count(*) FROM events`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if _, err := s.EraseSession(t.Context(), "p", "s1", time.Unix(3, 0)); err != nil {
		t.Errorf("beside a reader: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Purge(t.Context(), store.Cutoff{}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file + "-wal"); err != nil || info.Size() > 0 {
		t.Errorf("the log has %v bytes, %v", info, err)
	}
}

// TestPurgeOfAFileThatDoesNotShrink ends, though nothing goes back to the disk.
func TestPurgeOfAFileThatDoesNotShrink(t *testing.T) {
	file := old(t, 1) // made by a dump, which says nothing of shrinking
	s := open(t, file)
	fill(t, s, "large", 1000)
	if _, err := s.Purge(t.Context(), store.Cutoff{Sessions: time.Now()}); err != nil {
		t.Error(err)
	}
}

func TestLifecycleOfReadOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	ingest(t, open(t, file), "e1")
	s := open(t, file, sqlite.ReadOnly())
	_, session := s.EraseSession(t.Context(), "p", "s1", time.Unix(3, 0))
	_, user := s.EraseUser(t.Context(), "p", "u", time.Unix(3, 0))
	_, purge := s.Purge(t.Context(), store.Cutoff{})
	for _, err := range []error{session, user, purge} {
		if !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := s.Gaps(t.Context(), "p", "s1", 1); err != nil {
		t.Error(err)
	}
}

func TestPurgeEndsWithItsContext(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Purge(ctx, store.Cutoff{Sessions: time.Unix(9, 0), Receipts: time.Unix(9, 0)}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestOldReceiptsGo counts rows, past the store.
func TestOldReceiptsGo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	execute(t, file, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
		INSERT INTO receipts (project, key, hash, at, reply) SELECT 'p', i, x'', i * 1000000000, x'' FROM n`)
	gone, err := s.Purge(t.Context(), store.Cutoff{Receipts: time.Unix(2400, 0)})
	if err != nil || gone != (store.Removed{Receipts: 2399}) {
		t.Errorf("purged %+v, %v", gone, err)
	}
	wantRows(t, file, `SELECT count(*) FROM receipts`, 101)
}
