package sqlite_test

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

// secret is a text that only what is to be deleted has. It does not compress.
func secret(n int) string {
	text := ""
	for len(text) < n {
		text += rand.Text()
	}
	return "secret" + text[:n-6]
}

// confession is an event whose every field that is content holds canary.
func confession(id, session, canary string, n int) store.Event {
	e := store.Event{
		ID: id, Type: types.EventSessionUpdate, SessionID: session, Timestamp: time.Unix(int64(n), 0), Model: canary, ToolName: canary, ParentID: canary, TraceID: canary,
		Change: &store.Change{Name: canary, AgentName: canary, UserID: canary, ConversationID: canary, Summary: canary, Tags: []string{canary}},
	}
	e.Raw, _ = json.Marshal(map[string]any{"id": id, "name": canary, "n": n})
	return e
}

// TestErasedIsNotInTheFile looks for what was deleted in the bytes of the file and its log, before and after the store is closed. Other sessions'
// rows lie between, some of it was replaced before, and some is too large for a page.
func TestErasedIsNotInTheFile(t *testing.T) {
	for name, erase := range map[string]func(t *testing.T, s *sqlite.Store, user string) (store.Removed, error){
		"at once": func(t *testing.T, s *sqlite.Store, user string) (store.Removed, error) {
			return s.EraseUser(t.Context(), "p", user, time.Unix(3, 0))
		},
		"interrupted": func(t *testing.T, s *sqlite.Store, _ string) (store.Removed, error) {
			s.InterruptErasing(t.Context(), "p", "ours")
			_, err := s.Purge(t.Context(), store.Cutoff{})
			return store.Removed{Sessions: 1, Events: 60 * 21}, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "s.db")
			canary := secret(40)
			confess(t, file, canary)
			wantInFiles(t, file, canary, true)
			s := open(t, file)
			gone, err := erase(t, s, canary)
			if err != nil || gone != (store.Removed{Sessions: 1, Events: 60 * 21}) {
				t.Fatalf("erased %+v, %v", gone, err)
			}
			wantInFiles(t, file, canary, false)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			wantInFiles(t, file, canary, false)
			wantInFiles(t, file, "harmless", true)
			wantSound(t, file)
		})
	}
}

// confess fills a file with a session that has canary everywhere, among others.
func confess(t *testing.T, file, canary string) {
	t.Helper()
	s := open(t, file)
	for i := range 60 {
		batch := store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0)}
		for j := range 20 {
			id := fmt.Sprintf("e%d.%d", i, j)
			theirs := confession(id+"x", fmt.Sprint("theirs", j), "harmless", i)
			ours := confession(id, "ours", canary, i)
			ours.Status = []types.Status{types.StatusRunning, types.StatusSuccess}[j%2]
			batch.Events = append(batch.Events, theirs, ours)
		}
		large := confession(fmt.Sprint("large", i), "ours", canary, i)
		large.Raw, _ = json.Marshal(map[string]any{"a": secret(20_000), "b": canary, "c": secret(20_000)})
		batch.Events = append(batch.Events, large)
		put(t, s, batch)
		for j := range batch.Events {
			batch.Events[j].Status = types.StatusSuccess
		}
		put(t, s, batch)
	}
	if err := s.Close(); err != nil { // and looks at its indexes for the planner
		t.Fatal(err)
	}
}

// TestErasingBesideWriters has the file's pages gone over while others write them: it stays sound, and what was deleted is not in it.
func TestErasingBesideWriters(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	canary := secret(40)
	var wg sync.WaitGroup
	for writer := range 3 {
		wg.Go(func() {
			for n := range 40 {
				session := fmt.Sprint("s", writer, ".", n/10)
				running := confession(fmt.Sprint("e", writer, ".", n), session, canary, n)
				running.Status = types.StatusRunning
				final := confession(running.ID, session, canary, n)
				other := confession(running.ID+"x", "kept", "harmless", n)
				put(t, s, store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{running, other}})
				put(t, s, store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{final}})
				if n%10 == 9 {
					if _, err := s.EraseSession(t.Context(), "p", session, time.Unix(3, 0)); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	if _, err := s.Purge(t.Context(), store.Cutoff{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantInFiles(t, file, canary, false)
	wantSound(t, file)
	wantRows(t, file, `SELECT events FROM sessions WHERE id = 'kept'`, 120)
}

func wantSound(t *testing.T, file string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("the file: %s, %v", verdict, err)
	}
}

func put(t *testing.T, s *sqlite.Store, batch store.Batch) {
	t.Helper()
	if _, err := s.Ingest(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// wantInFiles says whether a text is in the file or its log.
func wantInFiles(t *testing.T, file, text string, want bool) {
	t.Helper()
	found := ""
	for _, name := range []string{file, file + "-wal"} {
		data, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if i := bytes.Index(data, []byte(text)); i >= 0 {
			found = fmt.Sprintf("%s, page %d", filepath.Base(name), i/4096+1)
		}
	}
	if (found != "") != want {
		t.Errorf("%q is in %q, want it there: %v", text, found, want)
	}
}

// TestErasingGoesOn has a process end between the two parts of a deletion: the session is gone, and its events go with the next one.
func TestErasingGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file)
	canary := secret(40)
	put(t, s, store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{confession("e1", "s1", canary, 1), confession("e2", "s1", canary, 1)}})
	s.InterruptErasing(t.Context(), "p", "s1")
	if _, err := s.Event(t.Context(), "p", "e1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("event of a session that is gone: %v", err)
	}
	running := step("e1")
	for id, want := range map[string]store.Outcome{"s1": store.Duplicate, "elsewhere": store.Duplicate} {
		running.SessionID = id
		receipt, err := s.Ingest(t.Context(), store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{running}})
		if err != nil || receipt.Outcomes[0] != want {
			t.Errorf("e1 for %s: %v %v", id, receipt.Outcomes, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantInFiles(t, file, canary, true)
	execute(t, file, `DELETE FROM search_again`) // the indexer has been there
	if _, err := open(t, file).Purge(t.Context(), store.Cutoff{}); err != nil {
		t.Fatal(err)
	}
	wantInFiles(t, file, canary, false)
	wantRows(t, file, `SELECT count(*) FROM removals`, 0)
	wantRows(t, file, `SELECT count(*) FROM events WHERE session_key = 0 AND type = ''`, 2)
	wantRows(t, file, `SELECT (SELECT count(*) FROM search_again) + (SELECT count(*) FROM search_todo)`, 0)
}

// TestFinalOfAnEventThatIsGoing replaces nothing: its running report is to be removed.
func TestFinalOfAnEventThatIsGoing(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	running, final := step("e1"), step("e1")
	running.Status, final.SessionID = types.StatusRunning, "s2"
	put(t, s, store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{running}})
	s.InterruptErasing(t.Context(), "p", "s1")
	receipt, err := s.Ingest(t.Context(), store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{final}})
	if err != nil || receipt.Outcomes[0] != store.Duplicate {
		t.Errorf("%v %v", receipt.Outcomes, err)
	}
}

func wantRows(t *testing.T, file, query string, want int) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRow(query).Scan(&n); err != nil || n != want {
		t.Errorf("%s: %d (%v), want %d", query, n, err, want)
	}
}

// TestErasingLetsOthersWrite deletes a session of many events and has a batch wait at each of its steps: each gets its turn before the next step.
func TestErasingLetsOthersWrite(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	fill(t, s, "s1", 3000)
	erased := make(chan error, 1)
	go func() {
		_, err := s.EraseSession(t.Context(), "p", "s1", time.Unix(3, 0))
		erased <- err
	}()
	between := 0
	for n := 0; ; n++ {
		select {
		case err := <-erased:
			if err != nil || between < 3 {
				t.Errorf("%d batches were stored meanwhile, %v", between, err)
			}
			return
		default:
			put(t, s, store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{{
				ID: fmt.Sprint("x", n), Type: types.EventStep, SessionID: "s2", Timestamp: time.Unix(1, 0), Raw: []byte(`{}`),
			}}})
			between++
		}
	}
}

func fill(t *testing.T, s *sqlite.Store, session string, events int) {
	t.Helper()
	for n := 0; n < events; {
		batch := store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0)}
		for range min(1000, events-n) {
			batch.Events = append(batch.Events, store.Event{
				ID: fmt.Sprint(session, n), Type: types.EventStep, SessionID: session, Seq: int64(n + 1), Timestamp: time.Unix(1, int64(n)),
				Raw: fmt.Appendf(nil, `{"id":"%s%d","text":%q}`, session, n, secret(300)),
			})
			n++
		}
		put(t, s, batch)
	}
}
