package sentrial

import (
	"context"
	"fmt"
	"maps"
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

// counters are the batcher's part of Stats. What the active slab holds is added when it is sealed.
type counters struct {
	accepted, recovered, delivered, queued, inFlight, duplicates uint64

	bytes            int64
	dropped, refused map[DropReason]uint64
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
				b.sealFull(s)
			}
			return r, ""
		}
	}
	return b.findRoom(ctx, size, counted, hint)
}

// sealFull seals a slab that has no room left: it need not wait for the next event.
func (b *batcher) sealFull(s *slab) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.active.Load() == s {
		b.seal()
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
	if r, ok = s.find(size, hint); ok {
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
	r, _ = s.find(size, hint)
	b.begin(s)
	b.placed(s, counted)
	return r, true
}

func (b *batcher) placed(s *slab, counted bool) {
	if !counted {
		s.uncounted++
	}
	if s.bytes() >= b.slabs.slabBytes { // a batch by itself need not wait for the next event
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

// makeRoom does what the overflow policy says, once. It returns a reason to give up.
func (b *batcher) makeRoom(ctx context.Context, size int) DropReason {
	switch {
	case b.slabs.never(size):
		return DropTooLarge
	case b.overflow == Block:
		return b.awaitRoom(ctx)
	case b.overflow != DropNewest && b.mayFit(size) && b.evict():
		return ""
	}
	return DropOverflow
}

// mayFit tells whether dropping what nobody has in hand can make room for size bytes: nothing is to be dropped in vain. One slab is enough for most records.
func (b *batcher) mayFit(size int) bool {
	if size <= b.slabs.slabBytes {
		return true
	}
	for _, s := range b.unsettled.all() {
		if !b.evictable(s) {
			size += len(s.mem)
		}
	}
	return size <= b.slabs.limit
}

// hurry lets the sender know that it need not wait for the active slab to fill up or to be of age.
func (b *batcher) hurry() {
	if s := b.active.Load(); s != nil {
		s.due = true
		signal(b.wake)
	}
}

// awaitRoom waits, without the lock, until memory comes free.
func (b *batcher) awaitRoom(ctx context.Context) DropReason {
	b.hurry()
	room := b.room
	b.mu.Unlock()
	defer b.mu.Lock()
	select {
	case <-room:
		return ""
	case <-ctx.Done():
		return DropOverflow
	}
}

// evict drops the oldest slab that neither the sender nor a writer has in hand, the active one at last.
func (b *batcher) evict() bool {
	i := slices.IndexFunc(b.unsettled.all(), b.evictable)
	if i < 0 {
		return false
	}
	s := b.unsettled.all()[i]
	if s == b.active.Load() {
		b.seal()
		if s.busy() { // somebody has just begun to write
			return b.evict()
		}
	}
	if s.segment != nil {
		b.dropSlab(s, DropSpoolEvicted)
	} else {
		b.dropSlab(s, DropOverflow)
	}
	return true
}

// evictable tells whether dropping a slab is possible, and makes room: one that was adopted is not within the bound, and one with a file keeps its memory until the spooler
// comes to it.
func (b *batcher) evictable(s *slab) bool {
	makesRoom := s.segment == nil || !s.adopted && !b.slabs.spool.isBehind()
	return makesRoom && s.ready() && !slices.ContainsFunc(b.held, s.owns)
}

// dropSlab drops what is left of a slab that nobody has in hand.
func (b *batcher) dropSlab(s *slab, reason DropReason) {
	for _, bt := range b.returned {
		if s.owns(bt) {
			b.drop(s, bt.records, reason, nil)
			s.live -= len(bt.records)
		}
	}
	b.returned = slices.DeleteFunc(b.returned, s.owns)
	rest := s.cut(s.live)
	b.drop(s, rest, reason, nil)
	s.live -= len(rest)
	b.sealed.remove(s)
	b.release(s)
}

func (b *batcher) drop(s *slab, records [][]byte, reason DropReason, err error) {
	for _, r := range records {
		s.settled(r)
		b.counters.bytes -= int64(s.room(len(r)))
		if uncounted(r) {
			continue
		}
		b.counters.queued--
		s.counted--
		b.counters.dropped[reason]++
		b.lost(r, reason, err)
	}
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

// queued is how many events are neither delivered nor dropped.
func (b *batcher) queued() uint64 {
	active, _ := b.inActive()
	return b.counters.queued + active
}

// inActive is what the active slab holds, which is in no counter yet.
func (b *batcher) inActive() (events uint64, bytes int64) {
	s := b.active.Load()
	if s == nil {
		return 0, 0
	}
	return uint64(s.records() - s.uncounted), int64(s.bytes())
}

// stats fills in the counters and gives them as one consistent snapshot.
func (b *batcher) stats(s *Stats) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := &b.counters
	active, bytes := b.inActive()
	s.Accepted, s.Queued, s.QueueBytes = c.accepted+active, c.queued+active, c.bytes+bytes
	s.Recovered, s.Delivered, s.InFlight, s.Duplicates = c.recovered, c.delivered, c.inFlight, c.duplicates
	for _, slab := range b.unsettled.all() {
		if slab.stays() {
			s.Spooled += uint64(slab.counted)
		}
	}
	if slab := b.active.Load(); slab != nil && slab.stays() {
		s.Spooled += active
	}
	s.Dropped, s.Refused = cloneCounts(c.dropped), cloneCounts(c.refused)
}

func cloneCounts(m map[DropReason]uint64) map[DropReason]uint64 {
	c := make(map[DropReason]uint64, len(m)) // never nil, unlike maps.Clone's
	maps.Copy(c, m)
	return c
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
