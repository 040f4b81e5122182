package storetest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// keyed is a batch under an idempotency key. Its reply lists the outcomes.
func keyed(key string, events ...store.Event) store.Batch {
	b := store.Batch{Project: project, ReceivedAt: start, Events: events}
	var text []byte
	for i := range events {
		text = append(append(text, events[i].Raw...), '\n')
	}
	b.Idempotency = &store.Idempotency{Key: key, Hash: sha256.Sum256(text), Reply: func(outcomes []store.Outcome) []byte { return fmt.Append(nil, outcomes) }}
	return b
}

// answer stores a batch and returns the reply, marked if it is an earlier one.
func (f *fixture) answer(b store.Batch) string {
	f.t.Helper()
	receipt, err := f.Ingest(f.t.Context(), b)
	switch {
	case errors.Is(err, store.ErrConflict):
		return "conflict"
	case err != nil:
		f.t.Error(err)
	case receipt.Replayed && receipt.Outcomes != nil:
		f.t.Errorf("a replay has outcomes: %v", receipt.Outcomes)
	case receipt.Replayed:
		return "again " + string(receipt.Reply)
	}
	return string(receipt.Reply)
}

func keyIsAnsweredOnce(t *testing.T, f *fixture) {
	batch := keyed("k", event(types.EventStep, "e1", 0), event(types.EventStep, "e1", 0), event(types.EventStep, "e2", 0))
	want(t, "first", f.answer(batch), "[accepted duplicate accepted]")
	want(t, "again", f.answer(batch), "again [accepted duplicate accepted]")
	want(t, "other events", f.answer(keyed("k", event(types.EventStep, "e3", 0))), "conflict")
	want(t, "fewer events", f.answer(keyed("k", batch.Events[0], batch.Events[1])), "conflict")
	want(t, "events", len(f.events(store.EventQuery{}).Events), 2)
	want(t, "counters", f.session("s1").Counters, store.Counters{Events: 2})
	want(t, "another key", f.answer(keyed("k2", batch.Events...)), "[duplicate duplicate duplicate]")
	other := keyed("k", event(types.EventStep, "e3", 0))
	other.Project = "p2"
	want(t, "another project", f.answer(other), "[accepted]")
	receipt, err := f.Ingest(t.Context(), store.Batch{Project: project, ReceivedAt: start, Events: batch.Events})
	if err != nil || len(receipt.Outcomes) != 3 || receipt.Reply != nil || receipt.Replayed {
		t.Errorf("without a key: %+v (%v)", receipt, err)
	}
}

// keyWithoutEvents: a request of which every event was rejected has a reply too.
func keyWithoutEvents(t *testing.T, f *fixture) {
	want(t, "first", f.answer(keyed("k")), "[]")
	want(t, "again", f.answer(keyed("k")), "again []")
	want(t, "other events", f.answer(keyed("k", event(types.EventStep, "e1", 0))), "conflict")
	want(t, "sessions", len(f.sessions(store.SessionQuery{}).Sessions), 0)
}

func keysAreForgotten(t *testing.T, f *fixture) {
	at := func(b store.Batch, after time.Duration) store.Batch { b.ReceivedAt = start.Add(after); return b }
	first, second := keyed("k", event(types.EventStep, "e1", 0)), keyed("k", event(types.EventStep, "e2", 0))
	want(t, "first", f.answer(first), "[accepted]")
	want(t, "within a day", f.answer(at(second, 24*time.Hour-1)), "conflict")
	want(t, "after a day", f.answer(at(second, 24*time.Hour)), "[accepted]")
	want(t, "the one before", f.answer(at(first, 24*time.Hour)), "conflict")
	want(t, "a day from then", f.answer(at(second, 48*time.Hour-1)), "again [accepted]")
}

func keyIsAnsweredOnceToMany(t *testing.T, f *fixture) {
	const requests = 50
	var replayed, conflicts atomic.Int64
	var wg sync.WaitGroup
	for i := range requests {
		wg.Go(func() {
			batch := keyed("k", event(types.EventStep, "e1", 0))
			if i%5 == 0 {
				batch = keyed("k", event(types.EventStep, "e2", 0))
			}
			switch got := f.answer(batch); got {
			case "again [accepted]":
				replayed.Add(1)
			case "conflict":
				conflicts.Add(1)
			case "[accepted]":
			default:
				t.Errorf("got %s", got)
			}
		})
	}
	wg.Wait()
	if n, c := replayed.Load(), conflicts.Load(); n+c != requests-1 || c != requests/5 && c != requests-requests/5 {
		t.Errorf("%d replays, %d conflicts of %d requests", n, c, requests)
	}
	want(t, "events", len(f.events(store.EventQuery{}).Events), 1)
}
