package sentrial

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// batcher is the queue between the callers and the sender: slabs of records, bounded in bytes.
//
// Its seam is three steps. reserve finds room for a record, which accepts the event; commit says that the bytes are in place; seal closes the slab being filled, so
// that the sender may take it. How slabs are made and shared out is known here and in slab*.go only: callers see a reservation, the sender sees batches.
//
// Nearly every call finds room in the active slab, with two atomic operations and no lock. All else is under one mutex, which is never held while anything waits or
// copies a record.
type batcher struct {
	interval time.Duration
	overflow Overflow
	crowding crowding
	lost     func(record []byte, reason DropReason, err error) // hears of each dropped record; under the lock, so it must not wait or call back

	mu        sync.Mutex
	slabs     slabRing
	active    atomic.Pointer[slab] // being filled, and holding a record; nil when there is none. Changed under the lock
	sealed    slabQueue            // waiting for the sender
	returned  []*batch             // to be sent again, oldest first; they go before sealed
	held      []*batch             // in the sender's hands
	unsettled slabQueue            // every slab with undelivered events, as they were begun or adopted
	closed    bool
	discarded bool      // what was left when Close gave up
	stalled   time.Time // no request begins before then
	counters  counters

	wake    chan struct{} // capacity 1: there is something for the sender to look at
	room    chan struct{} // closed and replaced when memory comes free (Block waits for it)
	settled chan struct{} // closed and replaced when a slab is done (Flush waits for it)
}

func newBatcher(c *config, lost func([]byte, DropReason, error)) *batcher {
	return &batcher{
		interval: c.flushInterval, overflow: c.overflow, lost: lost, slabs: newSlabRing(c.batchBytes, c.queueBytes),
		counters: counters{dropped: make(map[DropReason]uint64), refused: make(map[DropReason]uint64)},
		wake:     make(chan struct{}, 1), room: make(chan struct{}), settled: make(chan struct{}),
	}
}

// reserve finds room for a record of size bytes and accepts its event, or says why not. It waits under Block, until ctx is done, and for the file of a slab when
// the caller was faster than the spooler, see spoolPatience. hint says which shard of a slab the caller uses, and is changed where others are in the way.
func (b *batcher) reserve(ctx context.Context, size int, flags byte, hint *uint8) (reservation, DropReason) {
	counted := flags&flagUncounted == 0
	if s := b.active.Load(); s != nil && counted {
		if r, ok := s.reserve(size, hint); ok {
			if r.at+s.room(size) == len(s.mem) {
				b.filled(s)
			}
			return r, ""
		}
	}
	return b.findRoom(ctx, size, counted, hint)
}

// filled is called by whoever has taken a slab's last place.
func (b *batcher) filled(s *slab) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.active.Load() == s {
		b.placed(s, true)
	}
}

func (b *batcher) findRoom(ctx context.Context, size int, counted bool, hint *uint8) (reservation, DropReason) {
	b.mu.Lock()
	defer b.mu.Unlock()
	began := time.Now()
	for !b.closed {
		if r, ok := b.placeInActive(size, counted, hint); ok {
			return r, ""
		}
		if counted && b.lacksFile(size) && time.Since(began) < spoolPatience {
			b.mu.Unlock()
			b.slabs.spool.await(size)
			b.mu.Lock()
			continue
		}
		if r, ok := b.placeInNew(size, counted, hint); ok {
			return r, ""
		}
		if !counted {
			return reservation{}, DropOverflow // a copy must not push events out
		}
		if reason := b.makeRoom(ctx, size); reason != "" {
			return b.refuse(reason)
		}
	}
	if !counted {
		return reservation{}, DropClosed
	}
	return b.refuse(DropClosed)
}

// share decides whether slabs have a shard for each processor from now on. The hosted wire needs records in the order in which they came.
func (b *batcher) share(wide bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.slabs.share(wide)
}

// commit says that the reservation's bytes are in place.
func (b *batcher) commit(r reservation) {
	if last := r.commit(); last {
		signal(b.wake)
	}
}

// seal closes the active slab, if there is one, so that the sender may take it once its last writer is done.
func (b *batcher) seal() {
	s := b.active.Swap(nil)
	if s == nil {
		return
	}
	s.seal()
	s.counted = s.live - s.uncounted
	b.counters.accepted += uint64(s.counted)
	b.counters.queued += uint64(s.counted)
	b.counters.bytes += int64(s.bytes())
	b.sealed.push(s)
	if s.ready() {
		signal(b.wake)
	}
}

// lacksFile tells whether a new slab for a record of size bytes would have to be in memory, though the spool is well and the bound allows a file.
func (b *batcher) lacksFile(size int) bool {
	return b.slabs.spool != nil && b.slabs.allowsFile(size) && b.slabs.spool.lacks(size)
}

// placeInActive takes a place in the active slab, if that has room.
func (b *batcher) placeInActive(size int, counted bool, hint *uint8) (r reservation, ok bool) {
	s := b.active.Load()
	if s == nil {
		return reservation{}, false
	}
	if r, ok = s.place(size, hint); ok {
		b.placed(s, counted)
	}
	return r, ok
}

// placeInNew takes a place in a new slab, if memory allows.
func (b *batcher) placeInNew(size int, counted bool, hint *uint8) (r reservation, ok bool) {
	s := b.slabs.begin(size)
	if s == nil {
		return reservation{}, false
	}
	r, _ = s.place(size, hint)
	b.begin(s)
	b.placed(s, counted)
	return r, true
}

// placed is called when a record has its place in the active slab. One that is full need not wait for the next event to be sealed.
func (b *batcher) placed(s *slab, counted bool) {
	if !counted {
		s.uncounted++
	}
	if s.bytes() >= b.slabs.slabBytes {
		b.seal()
	}
}

// begin makes a slab with a record the active one.
func (b *batcher) begin(s *slab) {
	b.seal()
	b.unsettled.push(s)
	b.crowding.update(b.slabs.used(), b.slabs.limit)
	b.active.Store(s)
	signal(b.wake) // the sender has an age to watch now
}

func (b *batcher) refuse(reason DropReason) (reservation, DropReason) {
	b.counters.refused[reason]++
	return reservation{}, reason
}

// countRefused counts an event that was refused before it came to the batcher.
func (b *batcher) countRefused(reason DropReason) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counters.refused[reason]++
}

// release gives a slab back once all of its events are settled.
func (b *batcher) release(s *slab) {
	if s.live > 0 || s == b.active.Load() || !s.isTaken() {
		return
	}
	if b.discarded && s.segment != nil { // a sender that hangs may still read from it; spooler.letGo comes after that
		return
	}
	b.unsettled.remove(s)
	b.slabs.free(s)
	b.crowding.update(b.slabs.used(), b.slabs.limit)
	b.room = broadcast(b.room)
	b.settled = broadcast(b.settled)
}

// shut refuses all further events. What was accepted before stays.
func (b *batcher) shut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.seal()
	b.room = broadcast(b.room)
}

// discard drops all that is left in memory, what a sender still has in hand included: what it says about that later is ignored. What is in files stays there.
func (b *batcher) discard(reason DropReason) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.discarded = true
	b.settled = broadcast(b.settled)
	b.seal()
	for slices.ContainsFunc(b.unsettled.all(), (*slab).busy) { // a caller is copying its record, which takes microseconds
		b.mu.Unlock()
		runtime.Gosched()
		b.mu.Lock()
	}
	for _, bt := range b.held {
		bt.flying = 0
		if !bt.slab.stays() {
			b.drop(bt.slab, bt.records, reason, nil)
			bt.slab.live -= len(bt.records)
		}
	}
	b.held, b.counters.inFlight = nil, 0
	for _, s := range slices.Clone(b.unsettled.all()) {
		if !s.stays() {
			b.dropSlab(s, reason)
		}
	}
}

// signal leaves a note in a channel of capacity 1.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// broadcast wakes all who wait for c and returns its successor.
func broadcast(c chan struct{}) chan struct{} {
	close(c)
	return make(chan struct{})
}
