// Package histogram sums up durations in so few bytes that every hour of every value can have its own, and forgets a duration as exactly as it
// took it in.
//
// Durations fall into buckets whose upper bound is at most 1.05 times the lower one. The bounds are integers made by integer arithmetic, so that
// the bucket of a duration is the same on every machine and for ever. [Histogram.Quantile] finds the bucket of the wanted rank exactly and places the
// answer inside it, so it lies in the same bucket as the true one:
//
//	|answer - true| < upper - lower <= max(1 ns, lower / 20) <= max(1 ns, 5 % of the true one)
package histogram

import (
	"slices"
	"time"
)

// Histogram counts durations. The zero value is empty and ready to use. It may also be a difference, with counts below zero, until it is
// merged into what it was taken from.
type Histogram struct {
	buckets []bucket // by index, none of count 0
}

// bucket says how many durations lie in the bucket of an index.
type bucket struct {
	index int
	count int64
}

// Add counts d. A negative one counts as 0: clocks of two machines disagree.
func (h *Histogram) Add(d time.Duration) { h.put(indexOf(d), 1) }

// Remove takes back an Add of d.
func (h *Histogram) Remove(d time.Duration) { h.put(indexOf(d), -1) }

// Merge adds all that o has counted.
func (h *Histogram) Merge(o *Histogram) {
	for _, b := range o.buckets {
		h.put(b.index, b.count)
	}
}

// Count returns how many durations h has.
func (h *Histogram) Count() int64 {
	var n int64
	for _, b := range h.buckets {
		n += b.count
	}
	return n
}

// put changes a count.
func (h *Histogram) put(index int, n int64) {
	i, found := slices.BinarySearchFunc(h.buckets, index, func(b bucket, index int) int { return b.index - index })
	if !found {
		h.buckets = slices.Insert(h.buckets, i, bucket{index, n})
		return
	}
	if h.buckets[i].count += n; h.buckets[i].count == 0 {
		h.buckets = slices.Delete(h.buckets, i, i+1)
	}
}
