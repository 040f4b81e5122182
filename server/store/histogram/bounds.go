package histogram

import (
	"math"
	"sort"
	"time"
)

// grain is the part of its lower bound that a bucket is wide, at most: 1/20.
const grain = 20

// bounds are the lower bounds of the buckets in nanoseconds: 0, 1, 2, … 40, 42, … up to the longest duration there is.
var bounds = makeBounds()

func makeBounds() []time.Duration {
	list := []time.Duration{0}
	for last := time.Duration(0); ; {
		width := max(1, last/grain)
		if last > math.MaxInt64-width {
			return list
		}
		last += width
		list = append(list, last)
	}
}

// indexOf returns the bucket of d: the last one that does not begin after it.
func indexOf(d time.Duration) int {
	return max(0, sort.Search(len(bounds), func(i int) bool { return bounds[i] > d })-1)
}

// upperOf returns the bound that the bucket's durations stay below.
func upperOf(index int) time.Duration {
	if index+1 < len(bounds) {
		return bounds[index+1]
	}
	return math.MaxInt64
}
