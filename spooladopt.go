package sentrial

import (
	"encoding/binary"
	"errors"
	"iter"

	"github.com/sentrial/sentrial-go/spool"
)

// What earlier processes left is taken over a file at a time, so that it is not all in memory. The records are copied out of the file at once: somebody may make the
// file shorter, which ends a program that reads its memory.

// spoolShares is how many full queues the directory may hold. Beyond that the oldest files go, whoever left them.
const spoolShares = 16

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

// mayAdopt tells whether the next segment may be taken over.
func (s *spooler) mayAdopt() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inHand == 0
}

// adopt takes over the next segment, and tells whether there was one.
func (s *spooler) adopt(from *orphans) bool {
	if from.over {
		return false
	}
	segment, ok := s.nextOrphan(from)
	slab := s.adopted(segment)
	if slab == nil {
		return ok
	}
	s.mu.Lock()
	s.inHand++ // before the slab can be spent
	s.mu.Unlock()
	if s.buffer.adopt(slab) {
		return ok
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

// evict drops the oldest files of earlier processes while the directory is above its bound.
func (s *spooler) evict() {
	from := newOrphans(s.dir)
	defer func() { from.end() }()
	for {
		size, err := s.dir.Bytes()
		if err != nil || size <= s.limit {
			return
		}
		segment, ok := s.nextOrphan(from)
		if !ok {
			return
		}
		if slab := s.adopted(segment); slab != nil {
			s.warn("spool full", "sentrial: the spool is above its bound; the oldest events are dropped", "bytes", size, "bound", s.limit)
			s.buffer.evictOrphan(slab)
			s.check("spool remove", segment.Remove())
		}
	}
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
		s.taken = len(s.buf)
		b.release(s)
		return true
	}
	b.sealed.push(s)
	signal(b.wake)
	return true
}

// evictOrphan drops what an earlier process left.
func (b *batcher) evictOrphan(s *slab) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.recover(s)
	b.drop(s, s.cut(s.live), DropSpoolEvicted, nil)
}

// recover counts what is in an adopted slab. What was sent, and has no reply that anybody knows of, is uncertain.
func (b *batcher) recover(s *slab) {
	b.counters.recovered += uint64(s.counted + len(s.sent))
	b.counters.queued += uint64(s.counted + len(s.sent))
	for _, at := range s.left {
		b.counters.bytes += int64(s.room(len(spool.Plain(s.buf).Payload(at))))
	}
	for _, record := range s.sent {
		b.counters.bytes += int64(s.room(len(record)))
		s.counted++
	}
	b.drop(s, s.sent, DropUncertain, nil)
	s.sent = nil
	b.countDamage(s.unknown)
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
	s.buf = s.mem
	for f := range found.All() {
		s.find(f)
	}
	return s, nil
}

// find takes in a record of an adopted slab.
func (s *slab) find(f spool.Frame) {
	switch whole := f.State == spool.Committed || f.State == spool.Sent; {
	case !whole:
	case !isRecord(f.Payload):
		s.unknown++
	case f.State == spool.Committed:
		s.left = append(s.left, f.At)
		s.live++
		s.counted += int(countedIn([][]byte{f.Payload}))
	case !uncounted(f.Payload):
		s.sent = append(s.sent, f.Payload)
	}
}

// isRecord tells whether bytes that passed their checksum are a record of this SDK: another version may have written them.
func isRecord(payload []byte) bool {
	if len(payload) < recordHeader || uint64(binary.LittleEndian.Uint32(payload)) != uint64(len(payload)) {
		return false
	}
	fields := 0
	for rest := payload[recordHeader:]; len(rest) > 0; fields++ {
		if len(rest) < fieldHeader {
			return false
		}
		size := uint64(binary.LittleEndian.Uint32(rest[2:]))
		if size > uint64(len(rest)-fieldHeader) || tag(rest[0]) > tagExtra || kind(rest[1]) > kindMember {
			return false
		}
		rest = rest[fieldHeader+int(size):]
	}
	return fields >= 3
}

// segments are the files of all slabs with undelivered events.
func (b *batcher) segments() (all []*spool.Segment) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.unsettled.all() {
		if s.segment != nil {
			all = append(all, s.segment)
		}
	}
	return all
}
