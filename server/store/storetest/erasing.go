package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func (f *fixture) erase(id string) store.Removed {
	f.t.Helper()
	gone, err := f.EraseSession(f.t.Context(), project, id, start)
	if err != nil {
		f.t.Fatalf("erase %s: %v", id, err)
	}
	return gone
}

// wantGone checks that nothing is known of a session and of events that it had.
func (f *fixture) wantGone(session string, events ...string) {
	f.t.Helper()
	_, err := f.Session(f.t.Context(), project, session)
	_, list := f.Events(f.t.Context(), project, session, store.EventQuery{Limit: 1})
	_, gaps := f.Gaps(f.t.Context(), project, session, 1)
	_, again := f.EraseSession(f.t.Context(), project, session, start)
	errs := []error{err, list, gaps, again}
	for _, id := range events {
		_, err := f.Event(f.t.Context(), project, id)
		errs = append(errs, err)
	}
	for _, err := range errs {
		if !errors.Is(err, store.ErrNotFound) {
			f.t.Errorf("session %s is gone, got %v", session, err)
		}
	}
	if known, err := store.Knows(f.t.Context(), f.Store, project, session); known || err != nil {
		f.t.Errorf("session %s is gone and known: %v %v", session, known, err)
	}
}

func erasedForGood(t *testing.T, f *fixture) {
	user := saying(func(c *store.Change) { c.UserID, c.Name = "u", "n" })
	f.ingest(event(types.EventSessionStart, "e1", 0, user), call("e2", types.StatusRunning, 1, 2), event(types.EventStep, "other", 0, in("s2")))
	f.ingestAs("p2", "c1", event(types.EventStep, "e1", 0))
	want(t, "erased", f.erase("s1"), store.Removed{Sessions: 1, Events: 2})
	f.wantGone("s1", "e1", "e2")
	want(t, "sent again, and new ones", f.ingest(
		event(types.EventSessionStart, "e1", 0), call("e2", types.StatusSuccess, 1, 2), event(types.EventStep, "e3", 1),
		event(types.EventStep, "e4", 1, in("s2")), event(types.EventStep, "e1", 1, in("s2")), call("e2", types.StatusSuccess, 1, 2),
	), "ddeadd")
	f.wantGone("s1", "e1", "e2", "e3")
	want(t, "the other session", f.session("s2").Counters, store.Counters{Events: 2})
	want(t, "sessions", len(f.sessions(store.SessionQuery{}).Sessions), 1)
	want(t, "sessions of the user", len(f.sessions(store.SessionQuery{User: "u"}).Sessions), 0)
	want(t, "sessions with the model", len(f.sessions(store.SessionQuery{Model: "m"}).Sessions), 0)
	if _, err := f.Session(t.Context(), "p2", "s1"); err != nil {
		t.Errorf("the same id elsewhere: %v", err)
	}
	f.wantGone("none")
}

// erasedFromTheSums: what an erased session counted for is gone from all figures, whether or not it was joined of several.
func erasedFromTheSums(t *testing.T, f *fixture) {
	agent := saying(func(c *store.Change) { c.AgentName = "a" })
	f.ingest(event(types.EventStep, "kept", 0, in("s2")))
	before := fmt.Sprint(f.sumsOf(project, store.FacetType), f.sumsOf(project, store.FacetAgent), f.stats(store.StatsQuery{}))
	f.ingest(event(types.EventSessionStart, "e1", 0, agent), event(types.EventLLMCall, "e2", 1, model("m"), costing(5), in("a")), event(types.EventError, "e3", 2, in("a")))
	f.ingest(event(types.EventToolCall, "e4", 1, tool("t"), status(types.StatusRunning)), alias("e5", "a", "s1"), event(types.EventSessionEnd, "e6", 9, in("a")))
	f.erase("s1")
	want(t, "sums", fmt.Sprint(f.sumsOf(project, store.FacetType), f.sumsOf(project, store.FacetAgent), f.stats(store.StatsQuery{})), before)
	want(t, "models and tools", len(f.sumsOf(project, store.FacetModel))+len(f.sumsOf(project, store.FacetTool)), 0)
}

func erasedUsers(t *testing.T, f *fixture) {
	of := func(user string) func(*store.Event) { return saying(func(c *store.Change) { c.UserID = user }) }
	var events []store.Event
	for i := range 230 {
		events = append(events, event(types.EventSessionStart, fmt.Sprint("e", i), i, in(fmt.Sprint("s", i)), of([]string{"u", "v"}[i%2])))
	}
	f.ingest(events...)
	f.ingestAs("p2", "c1", event(types.EventSessionStart, "e1", 0, of("u")))
	gone, err := f.EraseUser(t.Context(), project, "u", start)
	want(t, "erased", fmt.Sprint(gone, err), fmt.Sprint(store.Removed{Sessions: 115, Events: 115}, nil))
	want(t, "sessions of u", len(f.sessions(store.SessionQuery{User: "u"}).Sessions), 0)
	want(t, "sessions of v", len(f.sessions(store.SessionQuery{User: "v"}).Sessions), 115)
	f.wantGone("s0", "e0")
	gone, err = f.EraseUser(t.Context(), project, "u", start)
	want(t, "erased again", fmt.Sprint(gone, err), fmt.Sprint(store.Removed{}, nil))
	want(t, "sessions elsewhere", len(mustList(t, f, "p2").Sessions), 1)
	want(t, "sent again", f.ingest(events[:4]...)+f.ingest(event(types.EventStep, "late", 0, in("s0"))), "dddde")
}

// erasedInPieces is a session of more events than go at once.
func erasedInPieces(t *testing.T, f *fixture) {
	const events = 1700
	for n := 0; n < events; n += 100 {
		f.ingest(steps(n, n+100)...)
	}
	f.ingest(event(types.EventStep, "kept", 0, in("s2")))
	want(t, "erased", f.erase("s1"), store.Removed{Sessions: 1, Events: events})
	f.wantGone("s1", "e0", "e999", "e1699")
	want(t, "sent again", f.ingest(steps(0, events)...), strings.Repeat("d", events))
	want(t, "kept", f.session("s2").Counters.Events, 1)
}

func steps(from, to int) (events []store.Event) {
	for n := from; n < to; n++ {
		events = append(events, event(types.EventStep, fmt.Sprint("e", n), n))
	}
	return events
}

// erasedWhileEventsCome has senders go on while their session is deleted: whatever was taken is gone afterwards.
func erasedWhileEventsCome(t *testing.T, f *fixture) {
	f.ingest(steps(0, 300)...)
	var wg sync.WaitGroup
	for sender := range 4 {
		wg.Go(func() {
			for n := range 50 {
				batch := store.Batch{Project: project, ReceivedAt: start, Events: []store.Event{event(types.EventStep, fmt.Sprint("x", sender, ".", n), n)}}
				if _, err := f.Ingest(t.Context(), batch); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() { f.erase("s1") })
	wg.Wait()
	f.wantGone("s1", "e0", "x0.0", "x3.49")
	want(t, "a new one", f.ingest(event(types.EventStep, "late", 0)), "e")
}

// ingestAt is a batch that came at another time than most.
func (f *fixture) ingestAt(received time.Time, events ...store.Event) {
	f.t.Helper()
	if _, err := f.Ingest(f.t.Context(), store.Batch{Project: project, ReceivedAt: received, Events: events}); err != nil {
		f.t.Fatal(err)
	}
}

// purgedWhenOld: what nothing came for since the cutoff, and nothing happened in, goes.
func purgedWhenOld(t *testing.T, f *fixture) {
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	on := func(n int) func(*store.Event) { return func(e *store.Event) { e.Timestamp = day(n) } }
	f.ingestAt(day(1), event(types.EventStep, "e1", 0, in("old")), event(types.EventSessionEnd, "e2", 0, in("old")))
	f.ingestAt(day(1), event(types.EventStep, "e3", 0, in("late")), event(types.EventStep, "e4", 0, in("ahead"), on(20)), event(types.EventStep, "e0", 0, in("ahead")))
	f.ingestAt(day(1), event(types.EventSessionEnd, "e5", 0, in("ends ahead"), on(20)), event(types.EventSessionStart, "e6", 0, in("ends ahead")))
	f.ingestAt(day(9), event(types.EventStep, "e7", 0, in("late")))
	f.ingestAt(day(9), event(types.EventStep, "e8", 0, in("imported")))
	f.ingestAs("p2", "c1", event(types.EventStep, "e1", 0, in("old")))
	purge := func(c store.Cutoff) store.Removed {
		t.Helper()
		gone, err := f.Purge(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		return gone
	}
	want(t, "nothing is old", purge(store.Cutoff{}), store.Removed{})
	want(t, "a project's own", purge(store.Cutoff{Sessions: day(5), Projects: map[string]time.Time{project: {}, "p2": day(-5)}}), store.Removed{})
	want(t, "old", purge(store.Cutoff{Sessions: day(5), Projects: map[string]time.Time{"p2": {}}}), store.Removed{Sessions: 1, Events: 2})
	want(t, "purged again", purge(store.Cutoff{Projects: map[string]time.Time{project: day(5)}}), store.Removed{})
	f.wantGone("old", "e1", "e2")
	want(t, "left", len(f.sessions(store.SessionQuery{}).Sessions), 4)
	want(t, "left elsewhere", len(mustList(t, f, "p2").Sessions), 1)
	want(t, "sent again, and a new one", f.ingest(event(types.EventStep, "e1", 0, in("old")), event(types.EventStep, "e9", 3, in("old"))), "da")
	want(t, "begun anew", f.session("old").Counters.Events, 1)
	want(t, "all", purge(store.Cutoff{Sessions: day(99)}), store.Removed{Sessions: 6, Events: 9})
}
