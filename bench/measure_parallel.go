package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/bench/peer"
)

func parallel() table {
	return table{
		name: "parallel",
		title: func(s settings) string {
			return fmt.Sprintf("a. Two callers at once: nanoseconds of the clock for each call, %s of %d calls", rounds(s.rounds), s.burstEvents())
		},
		columns: []column{
			{head: "one", figure: "one ns", format: "%.0f"},
			{head: "two", figure: "two ns", format: "%.0f"},
			{head: "two ÷ one", figure: "two ÷ one", format: "%.2f"},
			{head: "OTel ÷ it, two", figure: "two ns", format: "%.1f", ratio: lessIsBetter},
		},
		leaves: []string{peer.Nothing, "sentry", "sentrial-gzip", "sentrial-zstd", "sentrial-small", "otel-gzip"},
		sink:   healthy,
		spec:   func(s settings) spec { return spec{Measure: "parallel", Events: s.burstEvents(), Patience: s.patience} },
	}
}

// measureParallel is the time by the clock that a call takes when others call too. Where two callers hinder each other it is more than half of what one alone
// takes. Bursts are as short as in measureEnqueue. Sentry is left out: a transaction belongs to one caller.
func measureParallel(s spec, kind peer.Kind) (*result, error) {
	p, err := kind.New(s.lossless())
	if err != nil {
		return nil, err
	}
	defer closePeer(p, s.Patience) //nolint:errcheck // nobody expects anything of it any more
	callers := []*caller{newCaller(kind.Snapshot, s.Still), newCaller(kind.Snapshot, s.Still)}
	var one, two []float64
	for range max(s.Events/kind.Burst, 4) {
		one = append(one, together(p, callers[:1], kind.Burst))
		rest(kind.Burst)
		two = append(two, together(p, callers, kind.Burst))
		rest(kind.Burst)
	}
	r := newResult()
	r.set("one ns", median(one))
	r.set("two ns", median(two))
	r.set("two ÷ one", median(two)/median(one))
	return r, nil
}

// together shares n calls among the callers and returns the nanoseconds for each.
func together(p peer.Peer, callers []*caller, n int) float64 {
	var wg sync.WaitGroup
	began := time.Now()
	for _, c := range callers {
		wg.Go(func() {
			for range n / len(callers) {
				c.mixed(p)
			}
		})
	}
	wg.Wait()
	return float64(time.Since(began).Nanoseconds()) / float64(n)
}
