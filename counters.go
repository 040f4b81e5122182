package sentrial

import "maps"

// counters are the batcher's part of Stats. What the active slab holds is added when it is sealed.
type counters struct {
	accepted, recovered, delivered, queued, inFlight, duplicates uint64

	bytes            int64
	dropped, refused map[DropReason]uint64
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
