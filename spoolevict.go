package sentrial

// The directory as a whole has a bound, own files apart. What is above it goes, the oldest files of earlier processes first, where the overflow policy lets the oldest
// go.

const (
	// spoolShares is how many full queues the directory may hold beside our own, or leastSpool if that is more.
	spoolShares = 16
	leastSpool  = 256 << 20
)

// spoolLimit is the bound in bytes, 0 if there is none.
func (c *config) spoolLimit() int64 {
	if c.overflow == DropNewest || c.overflow == Block {
		return 0
	}
	return max(int64(c.queueBytes)*spoolShares, c.leastSpool)
}

// weigh finds out how much is above the bound.
func (s *spooler) weigh() {
	if s.limit == 0 {
		return
	}
	size, err := s.dir.Bytes()
	if err != nil {
		s.check("spool list", err)
		return
	}
	if s.surplus = size - s.own() - s.limit; s.surplus > 0 {
		s.warn("spool full", "sentrial: the spool is above its bound; the oldest events are dropped", "bytes", size, "bound", s.limit)
	}
}

// own is the size of our own files.
func (s *spooler) own() (bytes int64) {
	for _, segment := range s.buffer.segments() {
		bytes += segment.Size()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, segment := range s.ready {
		bytes += segment.Size()
	}
	return bytes + int64(s.unreclaimed)
}

// evict drops what the oldest file of an earlier process holds, and tells whether there was one.
func (s *spooler) evict(from *orphans) bool {
	segment, ok := s.nextOrphan(from)
	if !ok {
		s.surplus = 0
		return false
	}
	if slab := s.adopted(segment); slab != nil {
		s.surplus -= segment.Size()
		s.buffer.evictOrphan(slab)
		s.check("spool remove", segment.Remove())
	}
	return true
}

// evictOrphan drops what an earlier process left.
func (b *batcher) evictOrphan(s *slab) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.recover(s)
	b.drop(s, s.cut(s.live), DropSpoolEvicted, nil)
}
