package sentrial

import (
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// destination is what the sender knows of the server: whether it may be asked now, and by how many requests at a time. It is the sender's own.
//
// A server that answers quickly gets one request at a time. One that is slow gets more, up to most, so that a request that hangs delays its own batch only.
// After a failure it is down: nothing begins before the delay is over, and then one request probes while everything else waits.
type destination struct {
	backoff   *httpx.Backoff
	notBefore time.Time // no request begins earlier
	down      bool
	probing   uint64        // the request that probes, 0 if there is none
	most      int           // requests under way at once that memory allows
	stagger   time.Duration // how long a request has been under way when another one may begin beside it
	window    int           // those that the server has lately shown to bear

	begun     uint64 // requests are numbered from 1 as they begin
	lastBegun time.Time
	underway  int
	acked     uint64 // the latest of those acknowledged
	known     uint64 // requests up to this one can tell nothing new: a later one was acknowledged, or had not begun when the last failure was seen
}

const (
	// maxUnderway is how many requests there are at once at most.
	maxUnderway = 8
	// maxUnderwayBytes bounds the records of them: each is held a second time as JSON and a third time compressed.
	maxUnderwayBytes = 4 << 20
	// slowAfter is the stagger of batches.
	slowAfter = 50 * time.Millisecond
)

func newDestination(slabBytes int) *destination {
	most := max(2, min(maxUnderway, maxUnderwayBytes/slabBytes))
	return &destination{backoff: httpx.NewBackoff(), most: most, window: most, stagger: slowAfter}
}

// wait is how long no request may begin: 0 for not at all, untilWoken when that depends on those under way. On a narrow link requests would only slow each
// other down.
func (d *destination) wait(now time.Time, narrow bool) time.Duration {
	switch {
	case d.notBefore.After(now):
		return d.notBefore.Sub(now)
	case d.down && d.probing == 0 && d.underway < maxUnderway, d.underway == 0:
		return 0
	case d.down, narrow, d.underway >= d.window:
		return untilWoken
	}
	return max(0, d.stagger-now.Sub(d.lastBegun))
}

// stalledUntil is when the next request may begin where none is under way, zero where that is not known.
func (d *destination) stalledUntil() time.Time {
	if d.underway > 0 {
		return time.Time{}
	}
	return d.notBefore
}

// begin numbers a request.
func (d *destination) begin(now time.Time) (number uint64) {
	d.begun++
	d.underway++
	d.lastBegun = now
	if d.down {
		d.probing = d.begun
	}
	return d.begun
}

// end says that the request has its outcome.
func (d *destination) end(number uint64) {
	d.underway--
	if d.probing == number {
		d.probing = 0
	}
}

// acknowledged says that the server took what the request brought.
func (d *destination) acknowledged(number uint64) {
	d.window, d.acked = min(d.window+1, d.most), max(d.acked, number)
	if number <= d.known {
		return
	}
	d.known = number - 1
	d.down = false
	d.backoff.Reset()
}

// failed says that the request got no answer, or one that speaks of trouble. It is false for a request that can tell nothing new: then the trouble is that
// request's own, or known already.
func (d *destination) failed(number uint64, now time.Time, atLeast time.Duration) bool {
	d.pause(now, atLeast)
	if number <= d.known {
		return false
	}
	d.pause(now, d.backoff.Next())
	d.down, d.window, d.known = true, 1, d.begun
	return true
}

// pause keeps requests from beginning for a while.
func (d *destination) pause(now time.Time, wait time.Duration) {
	if until := now.Add(wait); until.After(d.notBefore) {
		d.notBefore = until
	}
}
