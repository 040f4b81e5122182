package main

import (
	"fmt"
	"slices"

	"github.com/sentrial/sentrial-go/bench/peer"
)

// table is one measurement of all SDKs.
type table struct {
	name    string
	title   func(settings) string
	columns []column
	leaves  []string // names of SDKs that it says nothing new of
	atOnce  bool     // the SDKs are measured at the same time: they do little but wait
	once    bool     // more rounds would say the same
	losing  bool     // not even ours can deliver everything
	sink    func(settings) sinkMode
	spec    func(settings) spec
}

// column shows a figure.
type column struct {
	head   string
	figure string
	format string
	ratio  direction // show instead how it compares with OpenTelemetry
	bad    bool      // anything but 0 is a loss
}

// direction says which way a figure is better.
type direction int

const (
	noRatio direction = iota
	lessIsBetter
	moreIsBetter
)

// sinkMode is how the server behaves.
type sinkMode struct {
	flags []string
	down  bool
}

func healthy(settings) sinkMode { return sinkMode{} }

// tables are all of them, in the order in which they are printed.
func tables() []table {
	return []table{arrives(), enqueue(), sustained()}
}

func (t table) lossless() bool { return !t.losing }

func (t table) covers(k peer.Kind) bool { return !slices.Contains(t.leaves, k.Name) }

func enqueue() table {
	return table{
		name: "enqueue",
		title: func(s settings) string {
			return fmt.Sprintf("a. What a call costs the caller: processor time of its thread, %s of %d calls of each kind", rounds(s.rounds), s.burstEvents())
		},
		columns: []column{
			{head: "tool µs", figure: "tool us", format: "%.2f"},
			{head: "LLM µs", figure: "llm us", format: "%.2f"},
			{head: "mixed µs", figure: "mixed us", format: "%.2f"},
			{head: "OTel ÷ it", figure: "mixed us", format: "%.1f", ratio: lessIsBetter},
			{head: "allocs tool", figure: "tool allocs", format: "%.1f"},
			{head: "LLM", figure: "llm allocs", format: "%.1f"},
			{head: "B tool", figure: "tool bytes", format: "%.0f"},
			{head: "LLM", figure: "llm bytes", format: "%.0f"},
		},
		leaves: []string{"sentrial-gzip", "sentrial-zstd", "sentrial-small", "otel-gzip"},
		sink:   healthy,
		spec:   func(s settings) spec { return spec{Measure: "enqueue", Events: s.burstEvents(), Patience: s.patience} },
	}
}

func (s settings) burstEvents() int { return max(s.events/5, 1) }

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
			{head: "wire B/event", figure: "wire B", format: "%.0f"},
			{head: "peak MB", figure: "peak MB", format: "%.0f"},
		}, lossColumns...),
		leaves: []string{peer.Nothing},
		sink:   healthy,
		spec:   func(s settings) spec { return spec{Measure: "sustained", Events: s.events, Patience: s.patience} },
	}
}

// lossColumns say what became of the events.
var lossColumns = []column{
	{head: "lost", figure: "lost", format: "%.0f", bad: true},
	{head: "repeated", figure: "repeated", format: "%.0f", bad: true},
	{head: "changed", figure: "changed %", format: "%.0f %%", bad: true},
}

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

func rounds(n int) string {
	if n == 1 {
		return "1 round"
	}
	return fmt.Sprintf("%d rounds", n)
}
