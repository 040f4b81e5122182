package langchaingo

import (
	"cmp"
	"slices"
	"time"
)

// Operations whose end nobody tells are found by the next callback of their goroutine, by Flush and by Close. Where none of these comes, as on a server that has a
// goroutine for each request and never flushes, they must not pile up.

// maxOperations bounds how many are kept. It is guarded by threads.mu.
var maxOperations = 10_000

const (
	lookEvery = 256              // operations begun, between two looks for contexts that are over
	leaveFor  = 10 * time.Second // after the end of its context, in which an operation may tell of its own
)

// takeVain takes what is likely to be kept in vain, when o has begun. threads.mu is held.
func takeVain(o *operation) (taken []*operation) {
	if threads.begun%lookEvery == 0 {
		taken = takeFromAll(func(other *operation) bool { return other.overFor(o.began, leaveFor) })
	}
	if threads.number > maxOperations {
		taken = append(taken, takeOldest(max(1, maxOperations/16), o.at.goroutine)...)
	}
	return taken
}

// overFor tells whether the operation's context was over for so long, as far as was seen. threads.mu is held.
func (o *operation) overFor(now time.Time, d time.Duration) bool {
	if o.ctx.Err() == nil {
		return false
	}
	if o.over.IsZero() {
		o.over = now
	}
	return now.Sub(o.over) >= d
}

// takeOldest takes n operations that began long ago: of other goroutines, and calls first, which take no hours. threads.mu is held.
func takeOldest(n int, goroutine uint64) (taken []*operation) {
	all := make([]*operation, 0, threads.number)
	for _, stack := range threads.of {
		all = append(all, stack...)
	}
	slices.SortFunc(all, func(a, b *operation) int {
		return cmp.Or(cmp.Compare(a.lasting(goroutine), b.lasting(goroutine)), a.began.Compare(b.began))
	})
	for _, o := range all[:min(n, len(all))] {
		taken = append(taken, takeFrom(o.at.goroutine, func(other *operation) bool { return other == o })...)
	}
	return taken
}

// lasting orders operations by how likely they are to go on.
func (o *operation) lasting(goroutine uint64) int {
	switch {
	case o.at.goroutine == goroutine:
		return 2
	case o.kind == aChain:
		return 1
	}
	return 0
}
