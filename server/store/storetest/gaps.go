package storetest

import (
	"fmt"
	"testing"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func gapsOfEachClient(t *testing.T, f *fixture) {
	numbered := func(id string, seq int64, edit ...func(*store.Event)) store.Event {
		return event(types.EventStep, id, int(seq), append(edit, func(e *store.Event) { e.Seq = seq })...)
	}
	f.ingestAs(project, "a", numbered("a1", 3), numbered("a2", 1), numbered("a3", 4), numbered("none", 0), numbered("x", 1, in("s2")))
	f.ingestAs(project, "b", numbered("b1", 5), numbered("b2", 9), numbered("b3", 9))
	f.ingestAs(project, "c", numbered("c1", 1, status(types.StatusRunning)), numbered("c2", 2))
	f.ingestAs(project, "c", numbered("c1", 1, status(types.StatusSuccess)))
	f.ingestAs(project, "", numbered("d1", 2), numbered("d2", 1_000_000_000_000_000))
	for _, limit := range []int{0, 2, 100} {
		got := f.gaps(limit)
		want(t, "ranges and numbers", []int64{got.Ranges, got.Missing}, []int64{5, 1 + 4 + 3 + 1 + 1_000_000_000_000_000 - 3})
		want(t, "listed", len(got.First), min(limit, 5))
	}
	listed := map[store.Gap]bool{}
	for _, g := range f.gaps(100).First {
		listed[g] = true
	}
	gap := func(client string, first, last int64) store.Gap {
		return store.Gap{ClientID: client, First: first, Last: last}
	}
	want(t, "gaps", listed, map[store.Gap]bool{
		gap("a", 2, 2): true, gap("b", 1, 4): true, gap("b", 6, 8): true, gap("", 1, 1): true, gap("", 3, 999_999_999_999_999): true,
	})
}

func (f *fixture) gaps(limit int) store.Gaps {
	f.t.Helper()
	got, err := f.Gaps(f.t.Context(), project, "s1", limit)
	if err != nil {
		f.t.Fatal(err)
	}
	return got
}

// gapsClose when what was missing comes.
func gapsClose(t *testing.T, f *fixture) {
	for seq := int64(20); seq > 0; seq-- {
		f.ingest(event(types.EventStep, fmt.Sprint("e", seq), 0, func(e *store.Event) { e.Seq = seq }))
		want(t, "missing", f.gaps(1).Missing, seq-1)
	}
}
