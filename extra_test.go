package sentrial_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// manyUnknownFields is an event that is larger than one may be by n fields, which are small each.
func manyUnknownFields(n, size int) *types.Event {
	extra := make(map[string]json.RawMessage)
	for i := range n {
		extra[fmt.Sprintf("field_%04d", i)] = json.RawMessage(fmt.Sprintf(`"whole %s"`, strings.Repeat("x", size)))
	}
	return &types.Event{ID: "evt_1", SessionID: "s", Step: &types.Step{Name: "kept"}, Extra: extra}
}

// TestManyUnknownFields: the event arrives, within what the server takes, and says what was cut from it.
func TestManyUnknownFields(t *testing.T) {
	for _, c := range []struct{ n, size, whole int }{
		{2000, 1500, 100}, // a marker for each that is cut leaves room for others
		{10_000, 150, 0},  // smaller than a marker each: one for all
	} {
		t.Run(fmt.Sprint(c.n), func(t *testing.T) {
			server := newScript(t)
			client := newClient(t, server)
			if id := client.Record(t.Context(), *manyUnknownFields(c.n, c.size)); id != "evt_1" {
				t.Fatalf("id = %q, want evt_1", id)
			}
			flush(t, client)
			checkStats(t, client, 1, 0, nothing)
			text := server.requests()[0].events[0]
			if len(text) > sentrial.MaxEventBytes || !strings.Contains(text, `"$truncated"`) {
				t.Errorf("%d bytes arrived, with a marker: %t", len(text), strings.Contains(text, `"$truncated"`))
			}
			meaning(t, []byte(text))
			if m := members(t, []byte(text)); m["id"] != "evt_1" || m["name"] != "kept" || m["status"] != "success" {
				t.Errorf("arrived as %v %v %v", m["id"], m["name"], m["status"])
			}
			if n := strings.Count(text, `"whole `); n < c.whole {
				t.Errorf("%d of the fields arrived whole, want %d or more", n, c.whole)
			}
		})
	}
}

// BenchmarkManyUnknownFields is what the caller pays for such an event.
func BenchmarkManyUnknownFields(b *testing.B) {
	e := manyUnknownFields(2000, 1500)
	if err := e.Complete(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		sentrial.EventRecord(e)
	}
}
