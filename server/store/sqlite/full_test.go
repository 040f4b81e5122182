package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// TestRow82FullFile has a file that may not grow: what does not go in is refused whole, other sessions stay as they are, and what is deleted makes room.
func TestRow82FullFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	s.LimitPages(300)
	batch := func(n int) store.Batch {
		b := store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0)}
		for i := range 20 {
			e := step(fmt.Sprint("e", n, ".", i))
			e.SessionID, e.Raw = fmt.Sprint("s", n%7), fmt.Appendf(nil, `{"text":%q}`, secret(2000))
			b.Events = append(b.Events, e)
		}
		return b
	}
	stored, failures := 0, 0
	for n := 0; failures < 5; n++ {
		_, err := s.Ingest(t.Context(), batch(n))
		switch {
		case err == nil:
			stored++
		case strings.Contains(err.Error(), "full"):
			failures++
		default:
			t.Fatal(err)
		}
	}
	wantRows(t, file, `SELECT count(*) FROM events`, 20*stored)
	wantRows(t, file, `SELECT sum(events) FROM sessions`, 20*stored)
	wantRows(t, file, `SELECT count(*) FROM payloads`, 20*stored)
	gone, err := s.EraseSession(t.Context(), "p", "s0", time.Unix(3, 0))
	if err != nil || gone.Events == 0 {
		t.Fatalf("erased %+v, %v", gone, err)
	}
	put(t, s, batch(1000))
	s.LimitPages(1 << 30)
	for n := range 10 {
		put(t, s, batch(2000+7*n+1))
	}
	wantRows(t, file, `SELECT sum(events) FROM sessions`, 20*(stored+11)-int(gone.Events))
	if _, err := s.Session(t.Context(), "p", "s0"); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	wantSound(t, file)
}

// TestRow82NothingFollowsAFailure: when the disk is full SQLite rolls back by itself, and what the transaction had still to do would be done alone.
func TestRow82NothingFollowsAFailure(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file, sqlite.WithoutSearch())
	fill(t, s, "s1", 10)
	s.LimitPages(pages(t, file))
	if err := s.FillAndDelete(t.Context(), "p", 1<<20); err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("a row of 1 MiB in a file that may not grow: %v", err)
	}
	s.LimitPages(1 << 30)
	wantRows(t, file, `SELECT count(*) FROM sessions`, 1)
	wantRows(t, file, `SELECT count(*) FROM events e JOIN sessions s ON s.key = e.session_key`, 10)
}

func pages(t *testing.T, file string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(`PRAGMA page_count`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
