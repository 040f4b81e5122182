package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// TestHolds: an event is held when the session is all that it says, however little it would change.
func TestHolds(t *testing.T) {
	usd := func(n store.NanoUSD) *store.NanoUSD { return &n }
	end := store.Event{Type: types.EventSessionEnd, Timestamp: time.Unix(5, 0), Status: types.StatusSuccess, Change: &store.Change{
		Name: "n", Summary: "s", Input: json.RawMessage(`"in"`), Output: json.RawMessage(`"out"`), Tags: []string{"x"},
		Metrics: json.RawMessage(`{"b":2,"c":3}`), Metadata: json.RawMessage(`{"k":{"n":null},"l":1}`),
	}}
	s := store.NewSession("p", "s1")
	if s.Holds(&end) {
		t.Error("an open session holds an end")
	}
	s.Fold(&store.Event{Type: types.EventSessionStart, Timestamp: time.Unix(4, 0), Change: &store.Change{Name: "n", Tags: []string{"x"}}})
	s.Fold(&end)
	s.Counters = store.Counters{Events: 2, Tokens: store.Tokens{Total: 7}, Cost: 5, Costed: 1}
	for what, c := range map[string]struct {
		edit func(e *store.Event, c *store.Change)
		want bool
	}{
		"the same":           {func(*store.Event, *store.Change) {}, true},
		"as an update":       {func(e *store.Event, _ *store.Change) { e.Type, e.Status = types.EventSessionUpdate, "" }, true},
		"as a start":         {func(e *store.Event, _ *store.Change) { e.Type = types.EventSessionStart }, false},
		"less":               {func(_ *store.Event, c *store.Change) { *c = store.Change{Metadata: json.RawMessage(`{"l":1}`)} }, true},
		"nothing":            {func(e *store.Event, _ *store.Change) { e.Change = nil }, true},
		"null":               {func(_ *store.Event, c *store.Change) { c.Metadata = json.RawMessage(`null`) }, true},
		"another name":       {func(_ *store.Event, c *store.Change) { c.Name = "m" }, false},
		"another status":     {func(e *store.Event, _ *store.Change) { e.Status = types.StatusError }, false},
		"another summary":    {func(_ *store.Event, c *store.Change) { c.Summary = "t" }, false},
		"another input":      {func(_ *store.Event, c *store.Change) { c.Input = json.RawMessage(`"other"`) }, false},
		"another output":     {func(_ *store.Event, c *store.Change) { c.Output = json.RawMessage(`"other"`) }, false},
		"other tags":         {func(_ *store.Event, c *store.Change) { c.Tags = []string{"y"} }, false},
		"another metric":     {func(_ *store.Event, c *store.Change) { c.Metrics = json.RawMessage(`{"b":2,"d":1}`) }, false},
		"another number":     {func(_ *store.Event, c *store.Change) { c.Metrics = json.RawMessage(`{"b":3}`) }, false},
		"more metadata":      {func(_ *store.Event, c *store.Change) { c.Metadata = json.RawMessage(`{"m":1}`) }, false},
		"metadata of no use": {func(_ *store.Event, c *store.Change) { c.Metadata = json.RawMessage(`[]`) }, false},
		"the same totals":    {func(e *store.Event, _ *store.Change) { e.Totals, e.Tokens.Total, e.Cost = true, 7, usd(5) }, true},
		"more tokens":        {func(e *store.Event, _ *store.Change) { e.Totals, e.Tokens.Total = true, 8 }, false},
		"a higher cost":      {func(e *store.Event, _ *store.Change) { e.Totals, e.Cost = true, usd(6) }, false},
		"tokens of its own":  {func(e *store.Event, _ *store.Change) { e.Tokens.Total = 7 }, false},
	} {
		e, change := end, *end.Change
		e.Change = &change
		c.edit(&e, &change)
		if got := s.Holds(&e); got != c.want {
			t.Errorf("%s: held %v", what, got)
		}
	}
}
