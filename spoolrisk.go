package sentrial

import (
	"slices"

	"github.com/sentrial/sentrial-go/spool"
)

// risk says that a batch is in a request that must not be made twice. Until that is settled, or safe takes it back, whoever finds its file knows that nobody knows
// whether its events arrived.
func (b *batcher) risk(bt *batch) { b.markAll(bt, spool.Frames.MarkSent) }

// safe says that the request did no harm, if the batch is still to be delivered.
func (b *batcher) safe(bt *batch) { b.markAll(bt, spool.Frames.Commit) }

func (b *batcher) markAll(bt *batch, state func(spool.Frames, int)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if slices.Contains(b.held, bt) || slices.Contains(b.returned, bt) {
		for _, r := range bt.records {
			bt.slab.mark(r, state)
		}
	}
}
