package sentrial

import (
	"errors"
	"iter"

	"github.com/sentrial/sentrial-go/spool"
)

// What earlier processes left is taken over a file at a time, so that it is not all in memory. The records are copied out of the file at once: somebody may make the
// file shorter, which ends a program that reads its memory.

// orphans gives the files of earlier processes one by one, oldest first.
type orphans struct {
	dir  *spool.Dir
	next func() (*spool.Segment, error, bool)
	end  func()
	over bool
}

func newOrphans(dir *spool.Dir) *orphans {
	o := &orphans{dir: dir}
	o.next, o.end = iter.Pull2(dir.Orphans())
	return o
}

// again begins with the oldest one, if the last one was reached.
func (o *orphans) again() {
	if o.over {
		o.end()
		*o = *newOrphans(o.dir)
	}
}

// takeOver sends or evicts what is in the next file, and tells whether there was one.
func (s *spooler) takeOver(from *orphans) bool {
	switch {
	case from.over || isDone(s.stop):
		return false
	case s.surplus > 0:
		return s.evict(from)
	case s.holdsOne():
		return false
	}
	return s.adopt(from)
}

// holdsOne tells whether a file that was taken over is not delivered yet.
func (s *spooler) holdsOne() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inHand > 0
}

func (s *spooler) adopt(from *orphans) bool {
	segment, ok := s.nextOrphan(from)
	slab := s.adopted(segment)
	if slab == nil {
		return ok
	}
	s.mu.Lock()
	s.inHand++ // before the slab can be spent
	s.mu.Unlock()
	if s.buffer.adopt(slab) {
		return true
	}
	s.check("spool close", segment.Close())
	return false
}

// nextOrphan gives the next file, nil if it cannot be read, and counts the damage that was found on the way to it.
func (s *spooler) nextOrphan(from *orphans) (segment *spool.Segment, ok bool) {
	segment, err, ok := from.next()
	from.over = !ok
	switch {
	case errors.Is(err, spool.ErrDamaged):
		s.warn("spool damaged", "sentrial: a file of the spool is damaged and was put into quarantine", "error", err)
	case err != nil:
		s.warn("spool orphan", "sentrial: a file of the spool cannot be read; it is left alone", "error", err)
	}
	damaged := s.dir.Found().Damaged
	s.buffer.foundDamage(damaged - s.found)
	s.found = damaged
	return segment, ok
}

// adopted makes a slab of a segment, if there is one and it can be read.
func (s *spooler) adopted(segment *spool.Segment) *slab {
	if segment == nil {
		return nil
	}
	slab, err := adoptedSlab(segment)
	if err != nil {
		s.warn("spool orphan", "sentrial: a file of the spool cannot be read; it is left alone", "error", err)
		s.check("spool close", segment.Close())
		return nil
	}
	if len(slab.unknown) == 0 {
		return slab
	}
	if err := s.dir.Quarantine(segment); err != nil {
		s.warn("spool unknown", "sentrial: a file of the spool has records that this version cannot read, and cannot be put into quarantine; it is left alone", "error", err)
		s.check("spool close", segment.Close())
		return nil
	}
	s.warn("spool unknown", "sentrial: a file of the spool has records that this version cannot read; a copy of it was put into quarantine", "file", segment.Name())
	return slab
}

// adopt queues what an earlier process left. Once the client is being closed it takes nothing more over: whatever Close has not waited for would be its failure.
func (b *batcher) adopt(s *slab) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.recover(s)
	b.slabs.begun++
	s.seq = b.slabs.begun
	b.unsettled.push(s)
	if s.live == 0 {
		b.release(s)
		return true
	}
	b.sealed.push(s)
	signal(b.wake)
	return true
}

// recover counts what is in an adopted slab. What was sent, and has no reply that anybody knows of, is uncertain.
func (b *batcher) recover(s *slab) {
	b.counters.recovered += uint64(s.counted + len(s.sent))
	b.counters.queued += uint64(s.counted + len(s.sent))
	for _, at := range s.left {
		b.counters.bytes += int64(s.room(len(s.recordAt(at))))
	}
	for _, record := range s.sent {
		b.counters.bytes += int64(s.room(len(record)))
		s.counted++
	}
	b.drop(s, s.sent, DropUncertain, nil)
	s.sent = nil
	b.countDamage(len(s.unknown))
	for _, record := range s.unknown { // so that the next process does not count it once more
		s.settled(record)
	}
	s.unknown = nil
}

func (b *batcher) foundDamage(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.countDamage(n)
}

// countDamage counts stretches of damaged bytes as an event each: how many there were nobody can tell.
func (b *batcher) countDamage(n int) {
	for range n {
		b.counters.recovered++
		b.counters.dropped[DropSpoolCorrupt]++
		b.lost(nil, DropSpoolCorrupt, nil)
	}
}

// adoptedSlab is a slab with a copy of what is in a segment.
func adoptedSlab(segment *spool.Segment) (*slab, error) {
	s := newFileSlab(segment)
	s.adopted = true
	found, err := s.frames.Clone()
	if err != nil {
		return nil, err
	}
	s.mem = found.Data()
	for f := range found.All() {
		s.takeIn(f)
	}
	return s, nil
}

// takeIn notes a record of an adopted slab.
func (s *slab) takeIn(f spool.Frame) {
	switch whole := f.State == spool.Committed || f.State == spool.Sent; {
	case !whole:
	case !isRecord(f.Payload):
		s.unknown = append(s.unknown, f.Payload)
	case f.State == spool.Committed:
		s.left = append(s.left, f.At)
		s.live++
		s.counted += int(countedIn([][]byte{f.Payload}))
	case !uncounted(f.Payload):
		s.sent = append(s.sent, f.Payload)
	}
}
