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
