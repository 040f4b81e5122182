package main

import (
	"context"
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
	local   func(context.Context, peer.Kind) (*result, error) // measured here instead
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
	return []table{arrives(), enqueue(), parallel(), sustained(), latency(), down(), slow(), weight()}
}

func (t table) lossless() bool { return !t.losing }

func (t table) covers(k peer.Kind) bool { return !slices.Contains(t.leaves, k.Name) }

// lossColumns say what became of the events.
var lossColumns = []column{
	{head: "lost", figure: "lost", format: "%.0f", bad: true},
	{head: "repeated", figure: "repeated", format: "%.0f", bad: true},
	{head: "changed", figure: "changed %", format: "%.0f %%", bad: true},
}

func rounds(n int) string {
	if n == 1 {
		return "1 round"
	}
	return fmt.Sprintf("%d rounds", n)
}
