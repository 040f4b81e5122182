package sentrial_test

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// TestGate lets everybody in, and no more at once than it may.
func TestGate(t *testing.T) {
	g := sentrial.NewGate()
	var inside, most atomic.Int64
	var all sync.WaitGroup
	for range 2000 {
		all.Go(func() {
			for range 20 {
				leave := g.Enter()
				n := inside.Add(1)
				for seen := most.Load(); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
				}
				inside.Add(-1)
				leave()
			}
		})
	}
	all.Wait()
	if n := most.Load(); n > int64(g.Most()) {
		t.Errorf("%d were inside at once, want %d at most", n, g.Most())
	}
	if n := g.Callers(); n != 0 {
		t.Errorf("%d are inside at the end", n)
	}
}

// recorder records when it is recorded.
type recorder struct{ session *sentrial.Session }

func (r recorder) MarshalJSON() ([]byte, error) {
	return json.Marshal(r.session.TrackStep(nil, types.Step{Name: "inner"})) //nolint:staticcheck // a nil context is good enough
}

// TestGateOfNestedCalls: as many callers as there are places inside, and more, all of which record while they record, do not wait for each other for ever.
func TestGateOfNestedCalls(t *testing.T) {
	client := newClient(t, newScript(t))
	s := client.Session("s")
	const callers = 500
	var all sync.WaitGroup
	for range callers {
		all.Go(func() { s.TrackStep(t.Context(), types.Step{Name: "outer", Input: recorder{s}}) })
	}
	all.Wait()
	flush(t, client)
	if stats := client.Stats(); stats.Delivered < callers || lawOf(stats) != nil {
		t.Errorf("%+v", stats)
	}
}
