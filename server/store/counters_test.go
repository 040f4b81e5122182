package store_test

import (
	"math"
	"testing"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func TestCountersStopAtTheLargest(t *testing.T) {
	cost := store.NanoUSD(math.MaxInt64)
	e := store.Event{Type: types.EventLLMCall, Tokens: store.Tokens{Prompt: math.MaxInt64, Completion: 5}, Cost: &cost}
	var c store.Counters
	for range 3 {
		c.Add(e.Counters())
	}
	want := store.Counters{Events: 3, Tokens: store.Tokens{Prompt: math.MaxInt64, Completion: 15, Total: math.MaxInt64}, Cost: math.MaxInt64, Costed: 3}
	if c != want {
		t.Errorf("got %+v, want %+v", c, want)
	}
	for range 4 {
		c.Sub(e.Counters())
	}
	if c != (store.Counters{}) {
		t.Errorf("after taking away more than there was: %+v", c)
	}
}

func TestSettle(t *testing.T) {
	usd := func(n store.NanoUSD) *store.NanoUSD { return &n }
	counted := store.Counters{Events: 3, Tokens: store.Tokens{Prompt: 10, Completion: 5, Total: 15, Cached: 2}, Cost: 100, Costed: 1}
	for name, c := range map[string]struct {
		event store.Event
		want  store.Counters
	}{
		"no totals":     {store.Event{Tokens: store.Tokens{Total: 15}, Cost: usd(100)}, store.Counters{Events: 1, Tokens: store.Tokens{Total: 15}, Cost: 100, Costed: 1}},
		"nothing":       {store.Event{Totals: true}, store.Counters{Events: 1}},
		"as counted":    {store.Event{Totals: true, Tokens: store.Tokens{Prompt: 10, Total: 15}, Cost: usd(100)}, store.Counters{Events: 1}},
		"less":          {store.Event{Totals: true, Tokens: store.Tokens{Prompt: 9}, Cost: usd(0)}, store.Counters{Events: 1}},
		"more":          {store.Event{Totals: true, Tokens: store.Tokens{Prompt: 17, Total: 15}, Cost: usd(101)}, store.Counters{Events: 1, Tokens: store.Tokens{Prompt: 7}, Cost: 1, Costed: 1}},
		"more than all": {store.Event{Totals: true, Tokens: store.Tokens{Cached: math.MaxInt64}}, store.Counters{Events: 1, Tokens: store.Tokens{Cached: math.MaxInt64 - 2}}},
	} {
		c.event.Type = types.EventSessionEnd
		c.event.Settle(counted)
		c.event.Settle(counted) // what is settled stays so
		if got := c.event.Counters(); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
	free := store.Event{Type: types.EventSessionUpdate, Totals: true, Cost: usd(0)}
	if free.Settle(store.Counters{}); free.Counters() != (store.Counters{Events: 1, Costed: 1}) {
		t.Errorf("a cost of nothing, known for the first time: %+v", free.Counters())
	}
	other := store.Event{Type: types.EventStep, Tokens: store.Tokens{Total: 1}, Cost: usd(1)}
	if other.Counters() != (store.Counters{Events: 1}) {
		t.Errorf("a step has neither tokens nor cost: %+v", other.Counters())
	}
}

func TestReplaces(t *testing.T) {
	for _, c := range []struct {
		old, next types.Status
		want      bool
	}{
		{types.StatusRunning, types.StatusSuccess, true},
		{types.StatusRunning, "", true},
		{types.StatusRunning, types.StatusRunning, false},
		{types.StatusSuccess, types.StatusRunning, false},
		{types.StatusSuccess, types.StatusError, false},
		{"", types.StatusSuccess, false},
	} {
		e := store.Event{Status: c.next}
		if got := e.Replaces(c.old); got != c.want {
			t.Errorf("%q after %q replaces: %v", c.next, c.old, got)
		}
	}
}

func TestNanoUSD(t *testing.T) {
	for n, want := range map[store.NanoUSD]float64{0: 0, 1: 1e-9, 100_000_001: 0.100000001, 12_300: 0.0000123} {
		if got := n.USD(); got != want {
			t.Errorf("%d is %v, want %v", n, got, want)
		}
	}
}
