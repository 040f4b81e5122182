package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func seq(n int64) func(*store.Event) { return func(e *store.Event) { e.Seq = n } }

// ids returns the ids in events, which event wrote first.
func ids(events []store.Record) string {
	var out []string
	for i := range events {
		_, rest, _ := strings.Cut(string(events[i].Raw), `"id":"`)
		id, _, _ := strings.Cut(rest, `"`)
		out = append(out, id)
	}
	return strings.Join(out, " ")
}

func eventsComeInOrder(t *testing.T, f *fixture) {
	f.ingestAs(project, "c1", event(types.EventStep, "late", 9, seq(1)), event(types.EventStep, "c1s3", 1, seq(3)), event(types.EventStep, "c1s2", 1, seq(2)))
	f.ingestAs(project, "c2", event(types.EventStep, "c2s2", 1, seq(2)), event(types.EventStep, "c2s1", 1, seq(1)))
	f.ingestAs(project, "c1", event(types.EventStep, "early", 0, seq(9)), event(types.EventStep, "c1s2b", 1, seq(2)))
	got := ids(f.events(store.EventQuery{}).Events)
	one, other := "c1s2 c1s2b c1s3", "c2s1 c2s2"
	if got != "early "+one+" "+other+" late" && got != "early "+other+" "+one+" late" {
		t.Errorf("order is %s: want time, client, seq, position", got)
	}
}

func eventsComeAsTheyWere(t *testing.T, f *fixture) {
	long := `{ "id":"e1", "n": 1.000, "big":123456789012345678901234567890, "s":"\u00e9é<&>\u0000` + strings.Repeat("x", 5000) + `" }`
	received := start.Add(time.Minute + 7*time.Nanosecond)
	_, err := f.Ingest(t.Context(), store.Batch{
		Project: project, Client: store.Client{ID: `c"1`}, ReceivedAt: received, ClockSkew: -90 * time.Second,
		Events: []store.Event{event(types.EventStep, "e1", 0, seq(4), func(e *store.Event) { e.Raw = []byte(long) })},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.Event(t.Context(), project, "e1")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "event", got, store.Record{
		Position: got.Position, Timestamp: start, Seq: 4, ClientID: `c"1`, ReceivedAt: received, ClockSkew: -90 * time.Second, Raw: []byte(long),
	})
	want(t, "listed", f.events(store.EventQuery{}).Events[0], got)
	f.ingestAs(project, "", event(types.EventStep, "e2", 0))
	anonymous, err := f.Event(t.Context(), project, "e2")
	want(t, "client of an event from nobody", anonymous.ClientID, "")
	want(t, "error", err, nil)
}

func eventsPageByPage(t *testing.T, f *fixture) {
	var sent []store.Event
	for i := range 23 {
		sent = append(sent, event(types.EventStep, fmt.Sprintf("e%02d", i), i/4, seq(int64(i%4)))) // equal times, and equal all but for the position
	}
	f.ingestAs(project, "", sent[:7]...)
	f.ingestAs(project, "c2", sent[7:15]...)
	f.ingestAs(project, "c1", sent[15:]...)
	all := ids(f.events(store.EventQuery{}).Events)
	for limit := 1; limit <= 24; limit++ {
		var paged []store.Record
		q := store.EventQuery{Limit: limit}
		for pages := 0; pages <= 23; pages++ {
			page := f.events(q)
			paged = append(paged, page.Events...)
			if q.After = page.Next; q.After == nil {
				break
			}
			want(t, "rows of a page that is not the last", len(page.Events), limit)
		}
		want(t, fmt.Sprintf("pages of %d", limit), ids(paged), all)
	}
}

func eventsByType(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 1), event(types.EventToolCall, "e2", 2), event("custom", "e3", 3), event(types.EventStep, "e4", 4))
	want(t, "one type", ids(f.events(store.EventQuery{Types: []types.EventType{types.EventStep}}).Events), "e1 e4")
	want(t, "two types", ids(f.events(store.EventQuery{Types: []types.EventType{"custom", types.EventToolCall}}).Events), "e2 e3")
	want(t, "no such type", ids(f.events(store.EventQuery{Types: []types.EventType{"x"}}).Events), "")
	page := f.events(store.EventQuery{Types: []types.EventType{types.EventStep}, Limit: 1})
	want(t, "page", ids(page.Events), "e1")
	want(t, "next page", ids(f.events(store.EventQuery{Types: []types.EventType{types.EventStep}, After: page.Next}).Events), "e4")
}

func positionsGrow(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 9), event(types.EventStep, "e2", 8))
	f.ingestAs("p2", "c1", event(types.EventStep, "e1", 7))
	f.ingest(event(types.EventStep, "e3", 6, in("s2")))
	var positions []int64
	for _, at := range [][2]string{{project, "e1"}, {project, "e2"}, {"p2", "e1"}, {project, "e3"}} {
		r, err := f.Event(t.Context(), at[0], at[1])
		if err != nil {
			t.Fatal(err)
		}
		positions = append(positions, r.Position)
	}
	if !slices.IsSorted(positions) || len(slices.Compact(slices.Clone(positions))) != 4 || positions[0] < 1 {
		t.Errorf("positions in order of commit: %d", positions)
	}
}
