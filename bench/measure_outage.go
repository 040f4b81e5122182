package main

import (
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/bench/peer"
	"github.com/sentrial/sentrial-go/bench/sink"
	"github.com/sentrial/sentrial-go/bench/usage"
)

const outageRate = 2_000

func down() table {
	t := outage("down", "d. The server is down", sinkMode{down: true})
	t.columns = append(t.columns, column{head: "counted by itself", figure: "told", format: "%.0f"})
	return t
}

func slow() table {
	t := outage("slow", "d. The server takes 5 s to answer", sinkMode{flags: []string{"-delay", "5s"}})
	t.columns = append(t.columns, column{head: "delivered", figure: "delivered %", format: "%.1f %%"}, lossColumns[1])
	return t
}

func outage(name, title string, mode sinkMode) table {
	return table{
		name: name,
		title: func(s settings) string {
			return fmt.Sprintf("%s: %d events a second for %d s, default settings, %v to close", title, outageRate, s.seconds, s.patience)
		},
		columns: []column{
			{head: "memory MB", figure: "grown MB", format: "+%.0f"},
			{head: "call p50 µs", figure: "p50 us", format: "%.1f"},
			{head: "p99.9 µs", figure: "p99.9 us", format: "%.0f"},
			{head: "Close s", figure: "close s", format: "%.1f"},
			{head: "lost", figure: "lost", format: "%.0f", bad: true},
		},
		leaves: []string{peer.Nothing, "sentrial-small", "sentrial-span", "sentrial-redactor", "sentrial-gzip", "sentrial-zstd", "otel-gzip"},
		atOnce: true,
		once:   true,
		losing: true,
		sink:   func(settings) sinkMode { return mode },
		spec: func(s settings) spec {
			return spec{Measure: "outage", Rate: outageRate, Seconds: s.seconds, Patience: s.patience}
		},
	}
}

// measureOutage records at a moderate rate, with default settings, into a server that is down or slow, and closes: how memory grows, whether the calls notice, how
// long Close takes, and what became of the events.
func measureOutage(s spec, kind peer.Kind) (*result, error) {
	events := s.Rate * s.Seconds
	p, err := kind.New(s.defaults())
	if err != nil {
		return nil, err
	}
	c, r := newCaller(kind.Snapshot, s.Still), newResult()
	took := make([]time.Duration, events)
	before, began := usage.RSS(), time.Now()
	for i := range events {
		time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second / time.Duration(s.Rate))))
		call := time.Now()
		c.mixed(p)
		took[i] = time.Since(call)
	}
	quantiles(r, took)
	closing := time.Now()
	if closePeer(p, s.Patience) == errStuck { //nolint:errorlint // it is never wrapped
		r.note("Close %v", errStuck)
	}
	r.set("close s", time.Since(closing).Seconds())
	r.set("grown MB", float64(usage.PeakRSS()-before)/1e6)
	stats := new(sink.Stats)
	if s.SinkUp {
		if stats, err = settle(s.URL, uint64(events), s.Patience); err != nil {
			return nil, err
		}
	}
	delivery(r, c, stats)
	r.set("delivered %", 100*float64(stats.Events)/float64(events))
	if counter, ok := p.(peer.LossCounter); ok {
		r.set("told", float64(counter.Lost()))
	}
	return r, nil
}
