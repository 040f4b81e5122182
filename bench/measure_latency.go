package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/bench/peer"
)

const (
	latencyRate    = 20_000
	latencySeconds = 4
)

func latency() table {
	return table{
		name: "latency",
		title: func(s settings) string {
			return fmt.Sprintf("c. How long a call takes at %d events a second, default settings: %s of %d s", latencyRate, rounds(s.rounds), s.latencySeconds())
		},
		columns: []column{
			{head: "p50 µs", figure: "p50 us", format: "%.1f"},
			{head: "p99 µs", figure: "p99 us", format: "%.1f"},
			{head: "OTel ÷ it", figure: "p99 us", format: "%.1f", ratio: lessIsBetter},
			{head: "p99.9 µs", figure: "p99.9 us", format: "%.0f"},
			{head: "OTel ÷ it", figure: "p99.9 us", format: "%.1f", ratio: lessIsBetter},
			{head: "max ms", figure: "max ms", format: "%.1f"},
			{head: "time taken", figure: "lasted %", format: "%.0f %%"},
			lossColumns[0],
		},
		leaves: []string{"sentrial-small"},
		sink:   healthy,
		losing: true,
		spec: func(s settings) spec {
			return spec{Measure: "latency", Rate: latencyRate, Seconds: s.latencySeconds(), Patience: s.patience}
		},
	}
}

func (s settings) latencySeconds() int { return min(latencySeconds, s.seconds) }

// measureLatency times each call of a caller that makes so many a second, with default settings. The pacer spins: a sleep would come back too late.
func measureLatency(s spec, kind peer.Kind) (*result, error) {
	events := s.Rate * s.Seconds
	p, err := kind.New(s.defaults())
	if err != nil {
		return nil, err
	}
	c, r := newCaller(kind.Snapshot, s.Still), newResult()
	took := make([]time.Duration, events)
	began := time.Now()
	for i := range events {
		due := time.Duration(i) * time.Second / time.Duration(s.Rate)
		now := time.Since(began)
		for now < due {
			now = time.Since(began)
		}
		c.mixed(p)
		took[i] = time.Since(began) - now
	}
	r.set("lasted %", 100*time.Since(began).Seconds()/float64(s.Seconds))
	quantiles(r, took)
	if err := closePeer(p, s.Patience); err != nil {
		r.note("Close: %v", err)
	}
	if kind.Name == peer.Nothing {
		return r, nil
	}
	stats, err := settle(s.URL, uint64(events), s.Patience)
	if err != nil {
		return nil, err
	}
	delivery(r, c, stats)
	return r, nil
}

// quantiles puts the calls in order.
func quantiles(r *result, took []time.Duration) {
	slices.Sort(took)
	at := func(q float64) float64 { return took[int(q*float64(len(took)-1))].Seconds() * 1e6 }
	r.set("p50 us", at(0.5))
	r.set("p99 us", at(0.99))
	r.set("p99.9 us", at(0.999))
	r.set("max ms", at(1)/1000)
}
