package sentrial

import (
	"context"
	"errors"
	"time"
)

// pace bounds the size of batches on a connection that is too slow for them: one that could not be sent and answered in time is sent in halves, and later ones
// are kept as small. Each acknowledgement that comes quickly doubles the bound. 0 is no bound. It is the sender's own.
type pace int

// minPace is small enough for any connection that is worth waiting for.
const minPace = 16 << 10

// learn looks for a sign of a slow connection in the failure of a batch.
func (p *pace) learn(bt *batch, err error) {
	size := bulkOf(bt).bytes
	if errors.Is(err, context.DeadlineExceeded) && size > minPace {
		*p = pace(max(minPace, size/2))
	}
}

// relax allows larger batches again after an acknowledgement that took so long of the time it was given.
func (p *pace) relax(took, timeout time.Duration) {
	if took > timeout/4 {
		return // twice as much would take half of the time or more
	}
	if *p *= 2; *p > maxBatchBytes {
		*p = 0
	}
}

// exceededBy tells whether bt has to be split. A single event cannot be.
func (p *pace) exceededBy(bt *batch) bool {
	return *p > 0 && len(bt.records) > 1 && bulkOf(bt).bytes > int(*p)
}
