package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// deaths are ways out that no Close is on, a deferred one neither.
var deaths = map[string]struct {
	code int
	says string
}{
	"panic elsewhere": {2, "panic: the program broke"},
	"log.Fatal":       {1, "the program gave up"},
	"os.Exit":         {3, ""},
}

// A program that dies loses what it recorded last, and nothing that is older than the flush interval.
func TestRow38WithoutCloseOnlyTheYoungestEventsAreLost(t *testing.T) {
	for word, want := range deaths {
		t.Run(word, func(t *testing.T) {
			to, delivered := servedEvents(t)
			p := child(t, puppetChild, to)
			p.set("SENTRIAL_FLUSH_INTERVAL", "100ms")
			r := p.start(t)
			r.does(t, "track")
			delivered(1 + perTrack)
			diesYoung(t, r, word, want.code, want.says)
			keepsTheOld(t, to, 1+perTrack)
		})
	}
}

// What a Flush that succeeded was called for is safe, however long the interval.
func TestRow38WhatWasFlushedIsThereWhateverHappensNext(t *testing.T) {
	for word, want := range deaths {
		t.Run(word, func(t *testing.T) {
			to, _ := serveBehind(t, straight)
			p := child(t, puppetChild, to)
			p.set("SENTRIAL_FLUSH_INTERVAL", "1h")
			r := p.start(t)
			r.does(t, "track")
			r.does(t, "flush")
			diesYoung(t, r, word, want.code, want.says)
			keepsTheOld(t, to, 1+perTrack)
		})
	}
}

// A panic of main runs the deferred Close.
func TestRow38APanicOfMainLosesNothing(t *testing.T) {
	to, _ := serveBehind(t, straight)
	r := child(t, puppetChild, to).start(t)
	r.does(t, "track")
	diesYoung(t, r, "panic", 2, "panic: the program broke")
	if got := inputs(t, to.stored(t, to.onlySession(t).ID)); !slices.Equal(got, count(0, 2*perTrack)) {
		t.Errorf("the server has the tool calls %v, want each of %d once", got, 2*perTrack)
	}
}

// diesYoung records some more and dies in the same breath.
func diesYoung(t *testing.T, r *running, word string, code int, says string) {
	t.Helper()
	r.tell(t, "track\n"+word)
	if got := r.end(t); got.code != code || !strings.Contains(got.stderr, says) || got.stdout != "track\n" {
		t.Fatalf("got %+v, want exit code %d and %q", got, code, says)
	}
}

// keepsTheOld checks that the server has the first events of a session, and of the younger ones each at most once.
func keepsTheOld(t *testing.T, to ingestion, old int) {
	t.Helper()
	session := to.onlySession(t)
	events := to.stored(t, session.ID)
	if len(events) < old || len(events) > old+perTrack || session.Status != types.StatusActive {
		t.Fatalf("the server has %d events of a session that is %s, want %d to %d and active", len(events), session.Status, old, old+perTrack)
	}
	if got := inputs(t, events); !slices.Equal(got[:perTrack], count(0, perTrack)) || len(slices.Compact(got)) != len(events)-1 {
		t.Errorf("the server has the tool calls %v", got)
	}
	unbroken(t, events[:old])
}

// servedEvents is a server, and a function that waits until it has stored so many events.
func servedEvents(t *testing.T) (to ingestion, delivered func(events int)) {
	t.Helper()
	replied := make(chan struct{}, 1)
	to, _ = serveBehind(t, announcing(replied))
	return to, func(events int) {
		t.Helper()
		for await(t, replied, "a reply"); len(to.stored(t, to.onlySession(t).ID)) < events; await(t, replied, "another reply") {
		}
	}
}
