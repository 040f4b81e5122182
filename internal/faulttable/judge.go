package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go"
)

// judge says what was expected of a row and did not come true.
func judge(r row, l load, o *observed) (problems []string) {
	expect := func(want, got any, what string) {
		if w, g := fmt.Sprint(want), fmt.Sprint(got); w != g {
			problems = append(problems, fmt.Sprintf("expected %s %s, got %s", w, what, g))
		}
	}
	lost := o.report.Lost(o.ids)
	sure, uncertain := certain(o.stats.Dropped)
	expect(l.events, len(o.ids), "events accepted")
	expect(r.lost(), len(lost)-uncertainOf(lost, o.told), "events lost")
	expect(droppedText(r.dropped), droppedText(sure), "to be dropped")
	expect(true, r.uncertain.allows(uncertain), fmt.Sprintf("for %v uncertain events (%d are)", r.uncertain, uncertain))
	expect(r.twins, o.report.Twins > 0, "that sessions are made twice")
	expect(droppedText(o.stats.Dropped), droppedText(count(o.told)), "to be told to OnDrop")
	expect(0, len(without(lost, slices.Collect(maps.Keys(o.told)))), "events lost without a word to OnDrop")
	expect("none", droppedText(o.stats.Refused), "to be refused")
	expect(0, o.stats.Queued, "events in the queue after Close")
	expect(o.stats.Accepted, accountedFor(o.stats), "events delivered, dropped and queued")
	if o.closeErr != nil {
		problems = append(problems, fmt.Sprintf("expected Close to deliver everything, got %v", o.closeErr))
	}
	problems = append(problems, r.judgeFault(o.met)...)
	if err := o.report.Check(without(o.ids, lost)); err != nil {
		problems = append(problems, strings.Split(err.Error(), "\n")...)
	}
	return problems
}

func (r row) judgeFault(met int) []string {
	switch {
	case r.faulty() && met == 0:
		return []string{"expected requests that meet the fault, got none: record more events"}
	case r.atMost > 0 && met > r.atMost:
		return []string{fmt.Sprintf("expected at most %d requests that meet the fault, got %d", r.atMost, met)}
	}
	return nil
}

// certain are the losses whose events are not at the server, and the number of the others.
func certain(dropped map[sentrial.DropReason]uint64) (sure map[sentrial.DropReason]uint64, uncertain uint64) {
	sure, uncertain = maps.Clone(dropped), dropped[sentrial.DropUncertain]
	delete(sure, sentrial.DropUncertain)
	return sure, uncertain
}

// uncertainOf is how many of the ids OnDrop was told to be uncertain.
func uncertainOf(ids []string, told map[string]sentrial.DropReason) (n int) {
	for _, id := range ids {
		if told[id] == sentrial.DropUncertain {
			n++
		}
	}
	return n
}

// count is how often OnDrop heard each reason.
func count(told map[string]sentrial.DropReason) map[sentrial.DropReason]uint64 {
	byReason := map[sentrial.DropReason]uint64{}
	for _, reason := range told {
		byReason[reason]++
	}
	return byReason
}

// accountedFor is the right side of the law that Stats promises.
func accountedFor(s sentrial.Stats) uint64 {
	sum := s.Delivered + s.Queued
	for _, n := range s.Dropped {
		sum += n
	}
	return sum
}

// droppedText is "none", or numbers by reason.
func droppedText[R ~string, N int | uint64](dropped map[R]N) string {
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(dropped)) {
		if dropped[reason] > 0 {
			parts = append(parts, fmt.Sprint(dropped[reason], " ", reason))
		}
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// without returns the ids but for those.
func without(ids, those []string) (rest []string) {
	gone := map[string]bool{}
	for _, id := range those {
		gone[id] = true
	}
	for _, id := range ids {
		if !gone[id] {
			rest = append(rest, id)
		}
	}
	return rest
}
