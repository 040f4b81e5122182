package main

import (
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/bench/peer"
	"github.com/sentrial/sentrial-go/bench/sink"
	"github.com/sentrial/sentrial-go/bench/usage"
)

func sustained() table {
	return table{
		name: "sustained",
		title: func(s settings) string {
			return fmt.Sprintf("b. As fast as one goroutine can, nothing dropped: %s of %d events", rounds(s.rounds), s.events)
		},
		columns: append([]column{
			{head: "CPU s/M", figure: "cpu s/M", format: "%.1f"},
			{head: "OTel ÷ it", figure: "cpu s/M", format: "%.1f", ratio: lessIsBetter},
			{head: "events/s", figure: "events/s", format: "%.0f"},
			{head: "it ÷ OTel", figure: "events/s", format: "%.1f", ratio: moreIsBetter},
			{head: "sink s/M", figure: "sink s/M", format: "%.1f"},
			{head: "wire B/event", figure: "wire B", format: "%.0f"},
			{head: "peak MB", figure: "peak MB", format: "%.0f"},
		}, lossColumns...),
		leaves: []string{peer.Nothing},
		sink:   healthy,
		spec:   func(s settings) spec { return spec{Measure: "sustained", Events: s.events, Patience: s.patience} },
	}
}

// measureSustained records as fast as one goroutine can, closes, and waits for the sink to have everything: what a peer delivers in a second, and what all of its
// work costs. It must not lose anything, as far as it can be told so.
func measureSustained(s spec, kind peer.Kind) (*result, error) {
	p, err := kind.New(s.lossless())
	if err != nil {
		return nil, err
	}
	stop, err := profile(s.Profile)
	if err != nil {
		return nil, err
	}
	c, r := newCaller(kind.Snapshot, s.Still), newResult()
	began, cpu := time.Now(), usage.CPU()
	for range s.Events {
		c.mixed(p)
	}
	called := time.Now()
	closeErr := closePeer(p, s.Patience)
	closed := time.Now()
	stats, err := settle(s.URL, uint64(s.Events), s.Patience)
	if err != nil || kind.Name == peer.Nothing {
		return r, err
	}
	cpu = usage.CPU() - cpu
	stop()
	delivery(r, c, stats)
	r.set("cpu s/M", cpu.Seconds()*1e6/float64(s.Events))
	r.set("events/s", float64(stats.Events)/time.Unix(0, stats.LastArrival).Sub(began).Seconds())
	r.set("sink s/M", stats.CPU.Seconds()*1e6/max(1, float64(stats.Events)))
	r.set("call us", called.Sub(began).Seconds()*1e6/float64(s.Events))
	r.set("close s", closed.Sub(called).Seconds())
	r.set("peak MB", float64(usage.PeakRSS())/1e6)
	if closeErr != nil {
		r.note("Close: %v", closeErr)
	}
	return r, nil
}

// delivery says what became of the events.
func delivery(r *result, c *caller, stats *sink.Stats) {
	r.set("delivered", float64(stats.Events))
	r.set("lost", float64(c.recorded.Beyond(&stats.Counts)))
	r.set("repeated", float64(stats.Counts.Beyond(c.recorded)))
	r.set("changed", float64(stats.Changed))
	r.set("changed %", percent(stats.Changed, stats.Events))
	r.set("wire B", float64(stats.WireBytes)/max(1, float64(stats.Events)))
	r.set("requests", float64(stats.Requests))
	if stats.Unreadable > 0 {
		r.note("%d bodies could not be read", stats.Unreadable)
	}
}

func percent(part, whole uint64) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

const (
	askEvery  = 20 * time.Millisecond
	quietFor  = 10 * time.Second
	askWithin = 10 * time.Second
)

// settle waits until the sink has all events, or for a while no new ones.
func settle(url string, events uint64, patience time.Duration) (stats *sink.Stats, err error) {
	over, news, seen := time.Now().Add(patience), time.Now(), uint64(0)
	for {
		if stats, err = sink.Ask(url); err != nil {
			return nil, fmt.Errorf("asking the sink: %w", err)
		}
		if stats.Events != seen {
			news, seen = time.Now(), stats.Events
		}
		if stats.Events >= events || time.Since(news) > quietFor || time.Now().After(over) {
			return stats, nil
		}
		time.Sleep(askEvery)
	}
}
