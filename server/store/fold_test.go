package store_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func update(metadata string) *store.Event {
	return &store.Event{Type: types.EventSessionUpdate, Timestamp: time.Unix(5, 0), Change: &store.Change{Metadata: json.RawMessage(metadata)}}
}

func TestFoldReportsChanges(t *testing.T) {
	s := store.NewSession("p", "s1")
	for i, c := range []struct {
		event *store.Event
		want  bool
	}{
		{&store.Event{Type: types.EventStep, Timestamp: time.Unix(5, 0)}, true},
		{&store.Event{Type: types.EventStep, Timestamp: time.Unix(5, 0)}, false},
		{&store.Event{Type: types.EventStep, Timestamp: time.Unix(4, 0)}, true},
		{update(`{"a":1}`), true},
	} {
		if got := s.Fold(c.event); got != c.want {
			t.Errorf("event %d: changed %v", i, got)
		}
	}
}

func TestFoldKeepsNothingOfTheEvent(t *testing.T) {
	s := store.NewSession("p", "s1")
	text := []byte(`{"a":1}`)
	s.Fold(&store.Event{Type: types.EventSessionStart, Change: &store.Change{Input: text, Metadata: text}})
	s.Fold(&store.Event{Type: types.EventSessionEnd, Change: &store.Change{Output: text, Metrics: text}})
	copy(text, "XXXXXXX")
	for _, got := range []json.RawMessage{s.Input, s.Metadata, s.Output, s.Metrics} {
		if string(got) != `{"a":1}` {
			t.Errorf("got %s", got)
		}
	}
}

func TestMergingWhatIsThereChangesNothing(t *testing.T) {
	s := store.NewSession("p", "s1")
	for _, c := range []struct{ said, want string }{
		{`{"z":1,"a":{"n":null}}`, `{"z":1,"a":{"n":null}}`},
		{`{"a":{"n":null}}`, `{"z":1,"a":{"n":null}}`},
		{`{}`, `{"z":1,"a":{"n":null}}`},
		{`null`, `{"z":1,"a":{"n":null}}`},
		{`{"z":2}`, `{"a":{"n":null},"z":2}`},
	} {
		s.Fold(update(c.said))
		if string(s.Metadata) != c.want {
			t.Errorf("after %s: %s, want %s", c.said, s.Metadata, c.want)
		}
	}
	s = store.NewSession("p", "s1")
	s.Fold(update(`null`))
	s.Fold(update(`{"a":1}`))
	if string(s.Metadata) != `{"a":1}` {
		t.Errorf("after null: %s", s.Metadata)
	}
}

func TestMetadataIsBounded(t *testing.T) {
	s := store.NewSession("p", "s1")
	for i := range 10 {
		s.Fold(update(fmt.Sprintf(`{"k%d":%q}`, i, strings.Repeat("x", 300_000))))
	}
	s.Fold(update(`{"small":1}`))
	var got map[string]any
	if err := json.Unmarshal(s.Metadata, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 4 || got["k2"] == nil || got["small"] == nil || len(s.Metadata) > 1<<20 {
		t.Errorf("%d keys, %d bytes", len(got), len(s.Metadata))
	}
}

// TestFillingInDisplacesNothing: what comes late neither replaces what is known nor takes its place when both do not fit.
func TestFillingInDisplacesNothing(t *testing.T) {
	s := store.NewSession("p", "s1")
	end := func(metrics string) {
		s.Fold(&store.Event{Type: types.EventSessionEnd, Timestamp: time.Unix(5, 0), Change: &store.Change{Metrics: json.RawMessage(metrics)}})
	}
	for _, c := range []struct{ said, want string }{
		{`{"z":1,"b":2.50}`, `{"z":1,"b":2.50}`},
		{`{"b":3}`, `{"z":1,"b":2.50}`},
		{`{"b":3,"a":4}`, `{"a":4,"b":2.50,"z":1}`},
	} {
		end(c.said)
		if string(s.Metrics) != c.want {
			t.Errorf("after %s: %s, want %s", c.said, s.Metrics, c.want)
		}
	}
	big := strings.Repeat("x", 900_000)
	s.Fold(update(`{"first":"<` + big + `>"}`))
	s.Fold(&store.Event{Type: types.EventSessionStart, Change: &store.Change{Metadata: json.RawMessage(`{"second":"` + big + `"}`)}})
	if !strings.HasPrefix(string(s.Metadata), `{"first":"<x`) {
		t.Errorf("the session's metadata is now %.20s", s.Metadata)
	}
}
