package sqlite_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// TestEventsAreIndexedByAndBy asks for nothing and waits.
func TestEventsAreIndexedByAndBy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	synctest.Test(t, func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		unindexed := func(want int64) {
			t.Helper()
			synctest.Wait()
			if n, err := s.Unindexed(t.Context()); n != want || err != nil {
				t.Errorf("%d events are not indexed (%v), want %d", n, err, want)
			}
		}
		unindexed(0)
		for range 2 {
			tell(t, s, "s1", "alpha")
			tell(t, s, "s2", "beta")
			unindexed(2)
			time.Sleep(400 * time.Millisecond)
			tell(t, s, "s2", "gamma")
			unindexed(3)
			time.Sleep(100 * time.Millisecond)
			unindexed(0)
		}
		if n, _, err := s.Segments(t.Context()); n != 2 || err != nil {
			t.Errorf("%d segments (%v), want one for each time", n, err)
		}
		erase(t, file, "s1")
		tell(t, s, "s2", "delta")
		time.Sleep(time.Second)
		synctest.Wait()
		if n := count(t, file, `SELECT (SELECT count(*) FROM search_again) + (SELECT count(*) FROM search_todo)`); n != 0 {
			t.Errorf("%d sessions wait to be purged", n)
		}
		time.Sleep(time.Hour) // nothing wakes without a reason
	})
}

// TestIndexerTriesAgain has the index broken for a while.
func TestIndexerTriesAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	synctest.Test(t, func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		execute(t, file, `ALTER TABLE search_segments RENAME TO away`)
		tell(t, s, "s1", "alpha")
		time.Sleep(time.Minute)
		if n, err := s.Unindexed(t.Context()); n != 1 || err != nil {
			t.Errorf("%d events are not indexed (%v), want 1", n, err)
		}
		execute(t, file, `ALTER TABLE away RENAME TO search_segments`)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if n, err := s.Unindexed(t.Context()); n != 0 || err != nil {
			t.Errorf("%d events are not indexed (%v), want none", n, err)
		}
		wantFound(t, s, "alpha", "s1")
	})
}

// TestEventsDeletedMeanwhileAreNotIndexed has another process delete a session, and purge it, between the reading of its events and the writing.
func TestEventsDeletedMeanwhileAreNotIndexed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	synctest.Test(t, func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		tell(t, s, "s1", "alpha")
		release := s.HoldTurn()
		time.Sleep(time.Second)
		synctest.Wait() // the indexer waits for the turn
		erase(t, file, "s1")
		execute(t, file, `DELETE FROM search_again; UPDATE search_state SET purges = purges + 1`)
		release()
		waitIndexed(t, s)
		if n, blocks, err := s.Segments(t.Context()); n+blocks > 0 || err != nil {
			t.Errorf("%d segments with %d blocks (%v) hold what was deleted", n, blocks, err)
		}
	})
}
