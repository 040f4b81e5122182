package sentrial

import (
	"slices"
	"unsafe"

	"github.com/sentrial/sentrial-go/spool"
)

// slabFile is the file behind a slab, if there is one.
type slabFile struct {
	segment *spool.Segment
	frames  spool.Frames
	left    []int // of a slab that was adopted: the places of records that nobody took yet
	adopted bool
	counted int // events that are queued
}

// newFileSlab makes a slab of a segment that is empty.
func newFileSlab(segment *spool.Segment) *slab {
	return &slab{buf: segment.Data()[:0], slabFile: slabFile{segment: segment, frames: segment.Frames()}}
}

// room is how much of the slab a record of size bytes takes.
func (s *slab) room(size int) int {
	if s.segment == nil {
		return size
	}
	return spool.FrameBytes(size)
}

// cutFile is cut for a slab with a file.
func (s *slab) cutFile(n int) (records [][]byte) {
	for len(records) < n && s.taken < len(s.buf) {
		at := s.taken
		if s.adopted {
			at, s.left = s.left[0], s.left[1:]
		}
		payload := s.frames.Payload(at)
		records = append(records, slices.Clip(payload))
		if s.taken = at + spool.FrameBytes(len(payload)); s.adopted && len(s.left) == 0 {
			s.taken = len(s.buf)
		}
	}
	return records
}

// settled marks a record in the file, so that nobody sends it again.
func (s *slab) settled(record []byte) {
	if s.segment == nil {
		return
	}
	const header = 16 // of a frame
	at := int(uintptr(unsafe.Pointer(unsafe.SliceData(record))) - uintptr(unsafe.Pointer(unsafe.SliceData(s.buf))))
	s.frames.Settle(at - header)
}

// adopt queues what an earlier process left in a segment. Stretches of damaged bytes count as an event each.
func (b *batcher) adopt(segment *spool.Segment, damaged int) {
	s := newFileSlab(segment)
	s.adopted = true
	for f := range s.frames.All() {
		if f.State != spool.Committed || !isRecord(f.Payload) {
			continue
		}
		s.left = append(s.left, f.At)
		s.buf = s.buf[:f.At+spool.FrameBytes(len(f.Payload))]
		s.live++
		if !uncounted(f.Payload) {
			s.counted++
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.slabs.begun++
	s.seq = b.slabs.begun
	b.counters.recovered += uint64(s.counted + damaged)
	b.counters.queued += uint64(s.counted)
	b.counters.dropped[DropSpoolCorrupt] += uint64(damaged)
	for _, at := range s.left {
		b.counters.bytes += int64(len(s.frames.Payload(at)))
	}
	if b.counters.dropped[DropSpoolCorrupt] == 0 {
		delete(b.counters.dropped, DropSpoolCorrupt)
	}
	if s.live == 0 {
		b.slabs.spool.spend(segment, true)
		return
	}
	b.unsettled.push(s)
	b.sealed.push(s)
	signal(b.wake)
}

// isRecord tells whether bytes that passed their checksum are a record of this SDK: another version may have written them.
func isRecord(payload []byte) bool {
	if len(payload) < recordHeader || int(uint32(payload[0])|uint32(payload[1])<<8|uint32(payload[2])<<16|uint32(payload[3])<<24) != len(payload) {
		return false
	}
	fields := 0
	for rest := payload[recordHeader:]; len(rest) > 0; fields++ {
		if len(rest) < fieldHeader {
			return false
		}
		size := int(uint32(rest[2]) | uint32(rest[3])<<8 | uint32(rest[4])<<16 | uint32(rest[5])<<24)
		if size > len(rest)-fieldHeader || tag(rest[0]) > tagExtra || kind(rest[1]) > kindMember {
			return false
		}
		rest = rest[fieldHeader+size:]
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
