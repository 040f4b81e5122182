package sentrial

import (
	"context"
	"fmt"
	"time"
)

// errStalled is why flush does not wait: the destination is down or asked for patience, and its time is not before the deadline.
var errStalled = fmt.Errorf("sentrial: the server is not asked again before the deadline: %w", context.DeadlineExceeded)

// stall says until when no request begins.
func (b *batcher) stall(until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stalled = until
	b.settled = broadcast(b.settled)
}

// hopeless tells whether nothing can be sent before ctx's deadline.
func (b *batcher) hopeless(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && b.stalled.After(deadline)
}

// flush waits until every event accepted before the call is settled. It returns ctx's error when some are not, at once when nothing can change that.
func (b *batcher) flush(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.hurry()
	newest := b.slabs.begun
	for b.waitsFor(newest) && !b.discarded {
		if b.hopeless(ctx) {
			return errStalled
		}
		settled := b.settled
		b.mu.Unlock()
		select {
		case <-settled:
			b.mu.Lock()
		case <-ctx.Done():
			b.mu.Lock()
			if b.waitsFor(newest) && !b.discarded {
				return context.Cause(ctx)
			}
		}
	}
	if b.counters.dropped[DropClosed] > 0 || b.discarded && b.waitsFor(newest) { // Close gave up meanwhile
		return ErrClosed
	}
	return nil
}

// waitsFor tells whether events are left in slabs up to newest. Copies of open spans are not waited for.
func (b *batcher) waitsFor(newest uint64) bool {
	return b.queued() > 0 && b.unsettled.len() > 0 && b.unsettled.all()[0].seq <= newest
}

// hurry lets the sender know that it need not wait for the active slab to fill up or to be of age.
func (b *batcher) hurry() {
	if s := b.active.Load(); s != nil {
		s.due = true
		signal(b.wake)
	}
}
