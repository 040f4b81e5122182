package sqlite_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// told counts the events of tell.
var told atomic.Int64

// tell stores events of a session, one for each text.
func tell(t *testing.T, s *sqlite.Store, session string, texts ...string) {
	t.Helper()
	batch := store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0)}
	for _, text := range texts {
		e := step(fmt.Sprint("e", told.Add(1)))
		e.SessionID, e.Raw = session, fmt.Appendf(nil, `{"id":"x","text":%q}`, text)
		batch.Events = append(batch.Events, e)
	}
	if _, err := s.Ingest(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// wantFound checks which sessions have the words of text, ids in ascending order.
func wantFound(t *testing.T, s *sqlite.Store, text string, want ...string) {
	t.Helper()
	page, err := s.Sessions(t.Context(), "p", store.SessionQuery{Text: text, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range page.Sessions {
		got = append(got, s.ID)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("%q is found in %q, want %q", text, got, want)
	}
}

func waitIndexed(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if err := s.WaitIndexed(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// count returns the number that a query gives, past the store.
func count(t *testing.T, file, query string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// erase deletes a session as far as the index is concerned.
func erase(t *testing.T, file, session string) {
	t.Helper()
	own := fmt.Sprintf(`(SELECT key FROM sessions WHERE id = '%s')`, session)
	execute(t, file, `PRAGMA busy_timeout = 5000; PRAGMA secure_delete = 1; BEGIN IMMEDIATE;
DELETE FROM payloads WHERE position IN (SELECT position FROM events WHERE session_key = `+own+`);
INSERT INTO search_again (session_key) SELECT key FROM sessions WHERE id = '`+session+`';
UPDATE events SET session_key = 0 WHERE session_key = `+own+`;
DELETE FROM sessions WHERE id = '`+session+`'; COMMIT`)
}

// TestReopenedStoreIndexesTheRest opens a file in which nothing was indexed yet.
func TestReopenedStoreIndexesTheRest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s, err := sqlite.Open(t.Context(), file, sqlite.WithoutSearch())
	if err != nil {
		t.Fatal(err)
	}
	tell(t, s, "s1", "alpha", "beta")
	tell(t, s, "s2", "beta gamma")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	reader := open(t, file, sqlite.ReadOnly())
	wantFound(t, reader, "beta")
	if n, err := reader.Unindexed(t.Context()); n != 3 || err != nil {
		t.Errorf("%d events are not indexed (%v), want 3", n, err)
	}
	s = open(t, file)
	waitIndexed(t, s)
	wantFound(t, s, "beta", "s1", "s2")
	wantFound(t, reader, "beta gamma", "s2")
	if n, err := reader.Unindexed(t.Context()); n != 0 || err != nil {
		t.Errorf("%d events are not indexed (%v), want none", n, err)
	}
}

func TestOlderFilesAreIndexed(t *testing.T) {
	dump, err := os.ReadFile("testdata/v1.sql")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "old.db")
	execute(t, file, string(dump))
	s := open(t, file)
	waitIndexed(t, s)
	if n, blocks, err := s.Segments(t.Context()); n+blocks > 2 || err != nil {
		t.Errorf("%d segments, %d blocks (%v)", n, blocks, err)
	}
	if n := count(t, file, `SELECT max(position) - (SELECT position FROM search_state) FROM events`); n != 0 {
		t.Errorf("the index is behind by %d positions", n)
	}
}

func TestUnreadableEventsHoldUpNobody(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s, err := sqlite.Open(t.Context(), file, sqlite.WithoutSearch())
	if err != nil {
		t.Fatal(err)
	}
	tell(t, s, "s1", "alpha", "beta", "gamma", "delta")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for word, broken := range map[string]string{"alpha": `encoding = 1, body = x'0102'`, "beta": `encoding = 2, body = x'ffffffff0f'`, "gamma": `encoding = 99`} {
		execute(t, file, `UPDATE payloads SET `+broken+` WHERE CAST(body AS TEXT) LIKE '%`+word+`%'`)
	}
	s = open(t, file)
	waitIndexed(t, s)
	wantFound(t, s, "delta", "s1")
	wantFound(t, s, "beta")
}

// TestJoinedSessionsAreReadAnew moves events as joining sessions does.
func TestJoinedSessionsAreReadAnew(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	tell(t, s, "s1", "alpha", "beta")
	tell(t, s, "s2", "gamma")
	tell(t, s, "s3", "alpha")
	waitIndexed(t, s)
	execute(t, file, `BEGIN IMMEDIATE; INSERT INTO search_again (session_key) SELECT key FROM sessions WHERE id IN ('s1', 's2');
UPDATE events SET session_key = (SELECT key FROM sessions WHERE id = 's2') WHERE session_key = (SELECT key FROM sessions WHERE id = 's1');
DELETE FROM sessions WHERE id = 's1'; COMMIT`)
	wantFound(t, s, "alpha gamma", "s2") // a search waits for this too
	wantFound(t, s, "alpha", "s2", "s3")
	waitIndexed(t, s)
	wantFound(t, s, "beta gamma", "s2")
	if n := count(t, file, `SELECT (SELECT count(*) FROM search_again) + (SELECT count(*) FROM search_todo)`); n != 0 {
		t.Errorf("%d sessions are still to be read", n)
	}
}

// TestManySessionsAreReadAnew has more than one transaction reads.
func TestManySessionsAreReadAnew(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	for i := range 250 {
		tell(t, s, fmt.Sprint("s", i), fmt.Sprint("word", i))
	}
	waitIndexed(t, s)
	execute(t, file, `BEGIN IMMEDIATE; DELETE FROM search_blocks; DELETE FROM search_segments; INSERT INTO search_again SELECT key FROM sessions; COMMIT`)
	waitIndexed(t, s)
	for _, i := range []int{0, 99, 100, 101, 249} {
		wantFound(t, s, fmt.Sprint("word", i, " "), append([]string{}, begunBy(i)...)...)
	}
}

// begunBy returns the sessions of 250 whose number i begins.
func begunBy(i int) (sessions []string) {
	for n := range 250 {
		if strings.HasPrefix(fmt.Sprint(n), fmt.Sprint(i)) {
			sessions = append(sessions, fmt.Sprint("s", n))
		}
	}
	slices.Sort(sessions)
	return sessions
}

// TestDeletedWordsLeaveTheFile looks for a word in the bytes of the file, after merges that copied it.
func TestDeletedWordsLeaveTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{"jzxsecretone", "kzxsecrettwo", "qzxsecretthree"} // stored whole, for the words before begin otherwise
	for i := range 40 {
		tell(t, s, fmt.Sprint("s", i), secrets[i%3]+fmt.Sprint(i)+" shared", "common text")
		waitIndexed(t, s)
	}
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		if i%3 == 0 {
			erase(t, file, fmt.Sprint("s", i))
		}
	}
	wantFound(t, s, secrets[0]) // before the words are gone
	waitIndexed(t, s)
	wantFound(t, s, "shared", slices.DeleteFunc(names(40), func(id string) bool {
		return strings.Contains(" s0 s3 s6 s9 s12 s15 s18 s21 s24 s27 s30 s33 s36 s39 ", " "+id+" ")
	})...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte(secrets[0])) {
		t.Error("the file still has the word")
	}
	if !bytes.Contains(data, []byte(secrets[1])) {
		t.Error("this test would not see words")
	}
}

// TestErasedWordsLeaveTheFile has them gone when erasing returns.
func TestErasedWordsLeaveTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	tell(t, s, "s1", "jzxsecretone shared")
	tell(t, s, "s2", "kzxsecrettwo shared")
	waitIndexed(t, s)
	if n := count(t, file, `SELECT count(*) FROM search_blocks WHERE instr(body, 'jzxsecretone') > 0`); n != 1 {
		t.Errorf("the word is in %d blocks: this test would not see it", n)
	}
	if _, err := s.EraseSession(t.Context(), "p", "s1", time.Unix(3, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Purge(t.Context(), store.Cutoff{}); err != nil {
		t.Fatal(err)
	}
	wantInFiles(t, file, "jzxsecretone", false)
	wantInFiles(t, file, "kzxsecrettwo", true)
	wantFound(t, s, "shared", "s2")
	tell(t, s, "s1", "jzxsecretone") // too late
	waitIndexed(t, s)
	wantInFiles(t, file, "jzxsecretone", false)
}

func names(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprint("s", i))
	}
	slices.Sort(ids)
	return ids
}

// TestDeletionAmongMany deletes at random and compares with reading everything.
func TestDeletionAmongMany(t *testing.T) {
	l := newLibrary(t, 5)
	for range 3 {
		l.fill(20)
		for range 8 {
			id := fmt.Sprint("s", l.random.IntN(150))
			erase(t, l.file, id)
			delete(l.sessions, id)
		}
		l.check(4)
		l.waitIndexed()
		l.check(4)
	}
	if n := count(t, l.file, `SELECT count(*) FROM search_todo`); n != 0 {
		t.Errorf("%d sessions were not purged", n)
	}
}

// TestTwoProcessesIndexOneFile has two stores index, merge, read anew and purge the same file.
func TestTwoProcessesIndexOneFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	stores := []*sqlite.Store{open(t, file), open(t, file)}
	var wg sync.WaitGroup
	for i, s := range stores {
		wg.Go(func() {
			for j := range 40 {
				id := fmt.Sprint("s", i, "-", j)
				tell(t, s, id, fmt.Sprint("word", i, "x", j), "shared")
				if err := s.WaitIndexed(t.Context()); err != nil {
					t.Error(err)
				}
				if j%5 == 0 {
					erase(t, file, id)
				}
			}
		})
	}
	wg.Wait()
	for i, s := range stores {
		if err := s.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left []string
		for j := range 40 {
			id := fmt.Sprint("s", i, "-", j)
			if j%5 == 0 {
				wantFound(t, s, fmt.Sprint("word", i, "x", j, " shared ", id))
				continue
			}
			left = append(left, id)
		}
		slices.Sort(left)
		wantFound(t, stores[1-i], fmt.Sprintf("word%dx shared", i), left...)
	}
	if n := count(t, file, `SELECT (SELECT count(*) FROM search_todo) + (SELECT count(*) FROM search_segments WHERE live <> 1)`); n != 0 {
		t.Errorf("%d sessions and segments were left behind", n)
	}
}

// TestCloseEndsTheIndexer closes a store that has much to index.
func TestCloseEndsTheIndexer(t *testing.T) {
	leaktest.Check(t)
	file := filepath.Join(t.TempDir(), "s.db")
	filled, err := sqlite.Open(t.Context(), file, sqlite.WithoutSearch())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		tell(t, filled, fmt.Sprint("s", i), strings.Repeat("many words of text ", 2000), "second")
	}
	if err := filled.Close(); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		s, err := sqlite.Open(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() { _ = s.WaitIndexed(t.Context()) })
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
		if err := s.WaitIndexed(t.Context()); err == nil {
			t.Error("a closed store can be waited for")
		}
	}
	s := open(t, file)
	waitIndexed(t, s)
	wantFound(t, s, "second words", names(20)...)
}

// TestBrokenIndexDoesNotStopIngestion takes the index's tables away.
func TestBrokenIndexDoesNotStopIngestion(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	execute(t, file, `PRAGMA busy_timeout = 5000; DROP TABLE search_segments`)
	tell(t, s, "s1", "alpha")
	if err := s.WaitIndexed(t.Context()); err == nil {
		t.Error("it was indexed")
	}
	if _, err := s.Sessions(t.Context(), "p", store.SessionQuery{Text: "alpha", Limit: 1}); err == nil {
		t.Error("it was found")
	}
	tell(t, s, "s2", "beta")
	page, err := s.Sessions(t.Context(), "p", store.SessionQuery{Limit: 5})
	if err != nil || len(page.Sessions) != 2 {
		t.Errorf("%d sessions (%v)", len(page.Sessions), err)
	}
}

// TestSearchDoesNotWaitForEver searches while the indexer cannot write.
func TestSearchDoesNotWaitForEver(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	tell(t, s, "s1", "alpha")
	waitIndexed(t, s)
	tell(t, s, "s2", "alpha")
	release := s.HoldTurn()
	wantFound(t, s, "alpha", "s1")
	release()
	waitIndexed(t, s)
	wantFound(t, s, "alpha", "s1", "s2")
}
