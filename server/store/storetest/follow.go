package storetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// follower reads a project's events behind a position as a stream would.
type follower struct {
	f *fixture
	q store.FollowQuery
}

// read returns the events that have come: id or, of a type not asked for, a dash, and session.
func (r *follower) read() string {
	r.f.t.Helper()
	var list []string
	for {
		page, err := r.f.Follow(r.f.t.Context(), project, r.q)
		if err != nil {
			r.f.t.Fatal(err)
		}
		for _, e := range page.Events {
			if e.Position <= r.q.After || e.Position > page.Position {
				r.f.t.Errorf("position %d in a page behind %d up to %d", e.Position, r.q.After, page.Position)
			}
			list = append(list, idOf(e)+"/"+e.SessionID)
		}
		if r.q.After = page.Position; !page.More {
			return strings.Join(list, " ")
		}
	}
}

func idOf(e store.FollowedEvent) string {
	if e.Raw == nil {
		return "-"
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(string(e.Raw), `{"id":"`), `"`)
	return id
}

func followsCommits(t *testing.T, f *fixture) {
	r := &follower{f, store.FollowQuery{Limit: 2}}
	want(t, "nothing", r.read(), "")
	f.ingest(event(types.EventStep, "e1", 5), event(types.EventStep, "e2", 4), event(types.EventStep, "e3", 3, in("s2")), event(types.EventStep, "e2", 4))
	f.ingestAs("p2", "c1", event(types.EventStep, "theirs", 1))
	want(t, "the first", r.read(), "e1/s1 e2/s1 e3/s2")
	want(t, "nothing more", r.read(), "")
	f.ingest(event(types.EventStep, "e4", 1, status(types.StatusRunning)))
	want(t, "running", r.read(), "e4/s1")
	f.ingest(event(types.EventStep, "e4", 1, in("s2")), event(types.EventStep, "e4", 1))
	want(t, "final", r.read(), "e4/s2")
	last, err := f.Position(t.Context())
	if err != nil || last != r.q.After {
		t.Errorf("position %d (%v), the page ends at %d", last, err, r.q.After)
	}
	record := f.events(store.EventQuery{}).Events[0]
	page, err := f.Follow(t.Context(), project, store.FollowQuery{After: record.Position - 1, Limit: 1})
	if err != nil || len(page.Events) != 1 {
		t.Fatal(page, err)
	}
	want(t, "as a list has it", page.Events[0].Record, record)
	want(t, "ahead of all", (&follower{f, store.FollowQuery{After: last + 100, Limit: 9}}).read(), "")
}

func followsSomeOnly(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 1), event(types.EventError, "e2", 2, in("s2")), event(types.EventToolCall, "e3", 3, in("s2")), event(types.EventStep, "e4", 4, in("s2")))
	for _, c := range []struct {
		q    store.FollowQuery
		want string
	}{
		{store.FollowQuery{Session: "s2"}, "e2/s2 e3/s2 e4/s2"},
		{store.FollowQuery{Session: "s3"}, ""},
		{store.FollowQuery{Types: []types.EventType{types.EventStep}}, "e1/s1 -/s2 -/s2 e4/s2"},
		{store.FollowQuery{Session: "s2", Types: []types.EventType{types.EventToolCall, types.EventError}}, "e2/s2 e3/s2 -/s2"},
	} {
		for limit := range 4 {
			c.q.Limit = limit + 1
			want(t, fmt.Sprintf("%+v", c.q), (&follower{f, c.q}).read(), c.want)
		}
	}
}

// followsPastMuch has another project do a lot between two events.
func followsPastMuch(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 1))
	for i := range 6 {
		var events []store.Event
		for j := range 1000 {
			events = append(events, event(types.EventStep, fmt.Sprint(i, "-", j), j, in(fmt.Sprint("t", j%5))))
		}
		f.ingestAs("p2", "c1", events...)
	}
	f.ingest(event(types.EventStep, "e2", 2))
	want(t, "events", (&follower{f, store.FollowQuery{Limit: 100}}).read(), "e1/s1 e2/s1")
}

// followsBesideWriters reads while events are stored and misses none.
func followsBesideWriters(t *testing.T, f *fixture) {
	const writers, each = 4, 40
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				e := event(types.EventStep, fmt.Sprintf("e%d-%d", w, i), i)
				if _, err := f.Ingest(t.Context(), store.Batch{Project: project, ReceivedAt: start, Events: []store.Event{e}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	r := &follower{f, store.FollowQuery{Limit: 7}}
	seen := make(map[string]bool)
	note := func() {
		for id := range strings.FieldsSeq(r.read()) {
			if seen[id] {
				t.Errorf("%s came twice", id)
			}
			seen[id] = true
		}
	}
	for len(seen) < writers*each && !t.Failed() {
		note()
	}
	wg.Wait()
	if note(); len(seen) != writers*each {
		t.Errorf("%d events came, want %d", len(seen), writers*each)
	}
}
