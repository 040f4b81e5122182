package sentrial

import (
	"context"
	"errors"
	"net"
	"time"
)

// pace bounds the size of batches on a connection that is too slow for them: one that could not be sent and answered in time is sent in halves, and later ones
// are kept as small, one at a time. Batches of that size that are acknowledged double the bound again: each that was quick, or steadyAcks that were not, for it
// may be the server that is slow. It is the sender's own.
type pace struct {
	limit  int // in bytes; 0 is none
	steady int // acknowledgements since the limit changed
}

const (
	// minPace is small enough for any connection that is worth waiting for.
	minPace    = 16 << 10
	steadyAcks = 4
)

// learn looks for a sign of a slow connection in the failure of a batch.
func (p *pace) learn(bt *batch, err error) {
	size := bulkOf(bt).bytes
	if errors.Is(err, context.DeadlineExceeded) && !whileDialing(err) && size > minPace {
		*p = pace{limit: max(minPace, size/2)}
	}
}

func whileDialing(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// relax allows larger batches again after the acknowledgement of bt, which took so long of the time it was given. Batches are of full bytes at most.
func (p *pace) relax(bt *batch, full int, took, timeout time.Duration) {
	size := bulkOf(bt)
	if size.bytes < p.limit/2 && size.events < maxEventsPerRequest {
		return // it says nothing about larger ones
	}
	if p.steady++; took > timeout/4 && p.steady < steadyAcks {
		return
	}
	if *p = (pace{limit: 2 * p.limit}); p.limit > full {
		p.limit = 0
	}
}

// exceededBy tells whether bt has to be split. A single event cannot be.
func (p *pace) exceededBy(bt *batch) bool {
	return p.limit > 0 && len(bt.records) > 1 && bulkOf(bt).bytes > p.limit
}
