package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func unknownIDs(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 0))
	_, session := f.Session(t.Context(), project, "none")
	_, elsewhere := f.Session(t.Context(), "p2", "s1")
	_, events := f.Events(t.Context(), project, "none", store.EventQuery{Limit: 1})
	_, one := f.Event(t.Context(), project, "none")
	for _, err := range []error{session, elsewhere, events, one} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	}
	want(t, "sessions of an unknown project", len(mustList(t, f, "p2").Sessions), 0)
}

// knownSessions are the same whether the store is asked for them or they are read.
func knownSessions(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 0))
	f.ingest(event(types.EventStep, "e1", 0, in("s2"))) // a duplicate makes none
	f.ingestAs("p2", "c1", event(types.EventStep, "e1", 0, in("s3")))
	for _, s := range []store.Store{f.Store, struct{ store.Store }{f.Store}} {
		for _, id := range [][2]string{{project, "s1"}, {project, "s2"}, {project, "s3"}, {"p2", "s3"}, {"p2", "s1"}, {project, ""}} {
			known, err := store.Knows(t.Context(), s, id[0], id[1])
			if want := id == [2]string{project, "s1"} || id == [2]string{"p2", "s3"}; err != nil || known != want {
				t.Errorf("%T knows %v: %v %v", s, id, known, err)
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []store.Store{f.Store, struct{ store.Store }{f.Store}} {
		if known, err := store.Knows(t.Context(), s, project, "s1"); err == nil || known {
			t.Errorf("%T, closed, knows: %v %v", s, known, err)
		}
	}
}

func mustList(t *testing.T, f *fixture, project string) store.SessionPage {
	page, err := f.Sessions(t.Context(), project, store.SessionQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// concurrentIngest sends the same events from several sides at once, while others read.
func concurrentIngest(t *testing.T, f *fixture) {
	const senders, rounds, perBatch = 8, 10, 20
	var mu sync.Mutex
	accepted := 0
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for r := range rounds {
				var events []store.Event
				for i := range perBatch {
					n := (r*perBatch + (i+s)%perBatch) % (rounds * perBatch)
					events = append(events, event(types.EventToolCall, fmt.Sprintf("e%d", n), n, in(fmt.Sprintf("s%d", n%3+1)), costing(1)))
				}
				receipt, err := f.Ingest(t.Context(), store.Batch{Project: project, Client: store.Client{ID: fmt.Sprint(s)}, ReceivedAt: start, Events: events})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				for _, o := range receipt.Outcomes {
					if o == store.Accepted {
						accepted++
					}
				}
				mu.Unlock()
			}
		})
		wg.Go(func() {
			if _, err := f.Sessions(t.Context(), project, store.SessionQuery{Limit: 10}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	want(t, "accepted", accepted, rounds*perBatch)
	var sum store.Counters
	for _, s := range f.sessions(store.SessionQuery{}).Sessions {
		sum.Add(s.Counters)
	}
	want(t, "counters", sum, store.Counters{Events: rounds * perBatch, Cost: rounds * perBatch, Costed: rounds * perBatch})
}

func endedContextStoresNothing(t *testing.T, f *fixture) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for i := range 20 {
		_, err := f.Ingest(ctx, store.Batch{Project: project, ReceivedAt: start, Events: []store.Event{event(types.EventStep, fmt.Sprint("e", i), 0)}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
	}
	want(t, "sessions", len(f.sessions(store.SessionQuery{}).Sessions), 0)
}

func closedStoreFails(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 0))
	if err := f.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if _, err := f.Ingest(t.Context(), store.Batch{Project: project, ReceivedAt: start, Events: []store.Event{event(types.EventStep, "e2", 0)}}); err == nil {
		t.Error("a closed store took an event")
	}
	if err := f.Ping(t.Context()); err == nil {
		t.Error("a closed store answered a ping")
	}
	if err := f.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
}
