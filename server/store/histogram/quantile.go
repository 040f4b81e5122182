package histogram

import (
	"math"
	"time"
)

// Quantile returns about the duration of rank ⌈q·n⌉ among the n counted, the shortest being of rank 1; q is from 0 to 1. ok is false when nothing
// was counted. Inside its bucket the answer is placed as if the bucket's durations lay there evenly: see the package for how far it may be off.
func (h *Histogram) Quantile(q float64) (d time.Duration, ok bool) {
	n := h.Count()
	if n <= 0 {
		return 0, false
	}
	rank := min(max(int64(math.Ceil(q*float64(n))), 1), n)
	for _, b := range h.buckets {
		if rank <= b.count {
			return inside(b, rank), true
		}
		rank -= b.count
	}
	return 0, false // a difference, which has no ranks
}

// inside places the rank-th of a bucket's durations in the middle of its share of the bucket.
func inside(b bucket, rank int64) time.Duration {
	low, width := bounds[b.index], upperOf(b.index)-bounds[b.index]
	share := (float64(rank) - 0.5) / float64(b.count)
	return low + min(time.Duration(share*float64(width)), width-1)
}
