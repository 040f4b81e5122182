package sqlite

import (
	"slices"
	"sync"

	"github.com/sentrial/sentrial-go/server/store"
)

// ingestQueue holds the batches that wait for the writer's turn, in the order of their coming.
type ingestQueue struct {
	limit int64 // bytes

	mu      sync.Mutex
	waiting []*pendingBatch
	bytes   int64 // of those that wait or are being stored
}

// reserve keeps room for a batch, unless what is there already leaves none.
func (q *ingestQueue) reserve(size int64) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bytes > 0 && q.bytes+size > q.limit {
		return store.ErrBusy
	}
	q.bytes += size
	return nil
}

// put takes in a batch that has room.
func (q *ingestQueue) put(p *pendingBatch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, p)
}

// take removes from the front as many batches as have most bytes together, at least one if there is one. They count until release.
func (q *ingestQueue) take(most int64) []*pendingBatch {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for size := int64(0); n < len(q.waiting); n++ {
		if size += q.waiting[n].size; n > 0 && size > most {
			break
		}
	}
	group := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	return group
}

func (q *ingestQueue) release(group []*pendingBatch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, p := range group {
		q.bytes -= p.size
	}
}

// held returns the bytes of all that waits or is being stored.
func (q *ingestQueue) held() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes
}

// remove reports whether p still waited.
func (q *ingestQueue) remove(p *pendingBatch) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, p)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	q.bytes -= p.size
	return true
}
