package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

// commits counts the transactions of other connections since it was opened.
func commits(t *testing.T, file string) func() int {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	version := func() (n int) {
		if err := db.QueryRow(`PRAGMA data_version`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := version()
	return func() int { return version() - before }
}

// gather begins n ingests of one event each and returns once all of them wait; results come in any order.
func gather(t *testing.T, s *sqlite.Store, n int, edit func(i int, b *store.Batch)) (results chan error) {
	t.Helper()
	results = make(chan error, n)
	for i := range n {
		e := step(fmt.Sprint("e", i))
		e.SessionID = fmt.Sprint("s", i%3)
		b := store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{e}}
		if edit != nil {
			edit(i, &b)
		}
		go func() { _, err := s.Ingest(t.Context(), b); results <- err }()
	}
	for s.Waiting() < n {
		runtime.Gosched()
	}
	return results
}

func events(t *testing.T, s *sqlite.Store) (n int64) {
	t.Helper()
	page, err := s.Sessions(t.Context(), "p", store.SessionQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for i := range page.Sessions {
		n += page.Sessions[i].Counters.Events
	}
	return n
}

func TestBatchesThatWaitAreCommittedTogether(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	s := open(t, file, sqlite.WithoutSearch()) // which commits too
	committed := commits(t, file)
	release := s.HoldTurn()
	results := gather(t, s, 50, nil)
	release()
	for range 50 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if n := events(t, s); n != 50 {
		t.Errorf("%d events, want 50", n)
	}
	if n := committed(); n != 1 {
		t.Errorf("%d commits for 50 batches that waited together, want 1", n)
	}
}

// TestOneBatchFailsAlone has a batch that cannot be stored among others.
func TestOneBatchFailsAlone(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	release := s.HoldTurn()
	results := gather(t, s, 9, func(i int, b *store.Batch) {
		if i == 4 {
			b.Events = append(b.Events, store.Event{ID: "bad", Type: types.EventSessionStart, SessionID: "s1", Raw: json.RawMessage(`{}`), Change: &store.Change{Input: json.RawMessage(`{`)}})
		}
	})
	release()
	failed := 0
	for range 9 {
		if err := <-results; err != nil {
			failed++
		}
	}
	if n := events(t, s); failed != 1 || n != 8 {
		t.Errorf("%d batches failed and %d events are stored, want 1 and 8", failed, n)
	}
}

func TestAFullQueueRefusesAndThenTakesAgain(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), sqlite.QueueBytes(2000))
	large := func(i int, b *store.Batch) { b.Events[0].Raw = fmt.Appendf(nil, `{"id":"e%d","x":"%0400d"}`, i, 0) }
	release := s.HoldTurn()
	results := gather(t, s, 2, large)
	b := store.Batch{Project: "p", Events: []store.Event{step("more")}}
	large(9, &b)
	if _, err := s.Ingest(t.Context(), b); !errors.Is(err, store.ErrBusy) {
		t.Errorf("a third batch of 400 bytes and what it takes beside, in a queue of 2,000: %v", err)
	}
	release()
	for range 2 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	b.Events[0].Raw = fmt.Appendf(nil, `{"x":"%03000d"}`, 0)
	if _, err := s.Ingest(t.Context(), b); err != nil {
		t.Errorf("a batch larger than the queue, alone: %v", err)
	}
	if n := events(t, s); n != 3 {
		t.Errorf("%d events, want 3", n)
	}
}

// TestWhoGivesUpLeavesNothing ends the context of a batch that waits.
func TestWhoGivesUpLeavesNothing(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	release := s.HoldTurn()
	results := gather(t, s, 1, nil)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := s.Ingest(ctx, store.Batch{Project: "p", Events: []store.Event{step("given up")}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	for s.Waiting() < 2 {
		runtime.Gosched()
	}
	cancel()
	wg.Wait()
	release()
	if err := <-results; err != nil {
		t.Error(err)
	}
	if n := events(t, s); n != 1 {
		t.Errorf("%d events, want the one of who waited", n)
	}
}

// TestAPanicAcknowledgesNothing has the last of a group's batches panic: who stored before it in the same transaction is not told that it worked.
func TestAPanicAcknowledgesNothing(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), sqlite.WithoutSearch())
	release := s.HoldTurn()
	results := make(chan error, 4)
	for i := range 4 {
		e := step(fmt.Sprint("e", i))
		b := store.Batch{Project: "p", ReceivedAt: time.Unix(2, 0), Events: []store.Event{e}}
		if i == 3 {
			b.Idempotency = &store.Idempotency{Key: "k", Reply: func([]store.Outcome) []byte { panic("the reply") }}
		}
		go func() {
			err := errors.New("it panicked")
			defer func() {
				_ = recover()
				results <- err
			}()
			_, err = s.Ingest(t.Context(), b)
		}()
		for s.Waiting() <= i {
			runtime.Gosched()
		}
	}
	release()
	for range 4 {
		if err := <-results; err == nil {
			t.Error("a batch was acknowledged that was not stored")
		}
	}
	if n := events(t, s); n != 0 {
		t.Errorf("%d events are stored", n)
	}
	if _, err := s.Ingest(t.Context(), store.Batch{Project: "p", Events: []store.Event{step("later")}}); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

// TestLongNamesAreNotKept looks at what a store remembers of names that are longer than it keeps.
func TestLongNamesAreNotKept(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"), sqlite.WithoutSearch())
	before := heap()
	for i := range 64 {
		e := step(fmt.Sprint("e", i))
		e.Type, e.ToolName = types.EventToolCall, fmt.Sprint(i, strings.Repeat("x", 1<<20))
		put(t, s, store.Batch{Project: "p", Events: []store.Event{e}})
	}
	if grown := heap() - before; grown > 16<<20 {
		t.Errorf("64 names of 1 MiB, of which 256 bytes are kept, take %d MiB", grown>>20)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
