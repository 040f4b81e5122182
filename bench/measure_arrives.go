package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/bench/peer"
	"github.com/sentrial/sentrial-go/bench/sink"
	"github.com/sentrial/sentrial-go/bench/work"
)

func arrives() table {
	return table{
		name: "arrives",
		title: func(settings) string {
			return fmt.Sprintf("What arrives of %d events, read back by the server", arrivingEvents)
		},
		columns: append([]column{
			{head: "delivered", figure: "delivered", format: "%.0f"},
		}, slices.Concat(lossColumns, []column{
			{head: "same id", figure: "same id", format: "%.0f", bad: true},
			{head: "wrong fields", figure: "wrong fields", format: "%.0f", bad: true},
			{head: "seq gaps", figure: "seq gaps", format: "%.0f", bad: true},
			{head: "parents", figure: "parents", format: "%.0f"},
			{head: "traces", figure: "traces", format: "%.0f"},
		})...),
		leaves: []string{peer.Nothing},
		once:   true,
		sink:   func(settings) sinkMode { return sinkMode{flags: []string{"-records"}} },
		spec:   func(s settings) spec { return spec{Measure: "arrives", Events: arrivingEvents, Patience: s.patience} },
	}
}

// arrivingEvents is two of each call.
const arrivingEvents = 4096

// measureArrives holds what the sink received against what was recorded. Of our own wire it reads every field.
func measureArrives(s spec, kind peer.Kind) (*result, error) {
	began := time.Now()
	p, err := kind.New(s.lossless())
	if err != nil {
		return nil, err
	}
	c, r := newCaller(kind.Snapshot, s.Still), newResult()
	for range s.Events {
		c.mixed(p)
	}
	if err := closePeer(p, s.Patience); err != nil {
		r.note("Close: %v", err)
	}
	stats, err := settle(s.URL, uint64(s.Events), s.Patience)
	if err != nil {
		return nil, err
	}
	delivery(r, c, stats)
	if kind.Ours {
		fields(r, stats.Records, began)
	}
	return r, nil
}

// fields judges what the records say. Each call is recorded as having ended now, so it began no longer ago than it took.
func fields(r *result, found *sink.Records, began time.Time) {
	if found == nil {
		r.note("the sink read no fields")
		return
	}
	r.set("same id", float64(found.Duplicates))
	r.set("wrong fields", float64(found.Wrong))
	r.set("seq gaps", float64(found.SeqGaps))
	r.set("parents", float64(found.Parents))
	r.set("traces", float64(found.Traces))
	if found.Wrong > 0 {
		r.note("first wrong field: %s", found.FirstWrong)
	}
	if found.First.Before(began.Add(-work.Longest)) || found.Last.After(time.Now()) {
		r.note("times from %v to %v, all was recorded between %v and now", found.First, found.Last, began)
		r.set("wrong fields", float64(found.Wrong+1))
	}
}
