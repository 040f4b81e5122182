package sentrial

import (
	"context"
	"slices"
)

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
		if !s.adopted && !b.evictable(s) { // what was adopted is not within the bound
			size += len(s.mem)
		}
	}
	return size <= b.slabs.limit
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
