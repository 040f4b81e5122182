package main

import "math/rand/v2"

// fate is what becomes of a request.
type fate int

const (
	fine        fate = iota
	unavailable      // 503, nothing stored
	failed           // 500, stored all the same
	reset            // the connection is reset before the body is read
	lostReply        // stored, then the connection is reset
	cutReply         // stored, then half a reply comes
	hang             // stored, and no reply ever comes
	fates
)

// weather decides about requests. It is not safe for concurrent use.
type weather struct {
	trouble float64 // share of the requests that go wrong
	random  *rand.Rand
}

func newWeather(trouble float64, seed uint64) *weather {
	return &weather{trouble, rand.New(rand.NewPCG(seed, 0))} //nolint:gosec // a run can be repeated
}

func (w *weather) next() fate {
	if w.random.Float64() >= w.trouble {
		return fine
	}
	return unavailable + fate(w.random.IntN(int(fates-unavailable)))
}
