package sentrial

import (
	"unsafe"

	"github.com/sentrial/sentrial-go/spool"
)

// slabFile is the file behind a slab, if there is one.
type slabFile struct {
	segment *spool.Segment
	frames  spool.Frames
	counted int // events that are queued, once the slab is sealed

	nameless bool // somebody deleted the file: what is in the slab is in memory only
	onDisk   bool // all of it was synced

	// Of a slab that was adopted:
	adopted bool
	left    []int    // the places of records that nobody took yet
	sent    [][]byte // records of which nobody knows whether they arrived
	unknown [][]byte // records that are none of this version's
}

// newFileSlab makes a slab of a segment that is empty.
func newFileSlab(segment *spool.Segment) *slab {
	return &slab{mem: segment.Data(), slabFile: slabFile{segment: segment, frames: segment.Frames()}}
}

// stays tells whether what is in the slab outlives the process.
func (s *slab) stays() bool { return s.segment != nil && !s.nameless }

// isInOrder tells whether records are in the order in which they came. With several shards they are not, nor perhaps in what an earlier process left.
func (s *slab) isInOrder() bool { return len(s.shards) == 1 && !s.adopted }

// room is how much of the slab a record of size bytes takes.
func (s *slab) room(size int) int {
	if s.segment == nil {
		return size
	}
	return spool.FrameBytes(size)
}

// placeAt gives the bytes for a record of size bytes in a place that was taken.
func (s *slab) placeAt(d *shard, at, size int) reservation {
	if s.segment == nil {
		return reservation{s, d, s.mem[at : at+size : at+size], at}
	}
	return reservation{s, d, s.frames.Put(at, size), at}
}

func (s *slab) commitFile(at int) {
	if s.segment != nil {
		s.frames.Commit(at)
	}
}

func (s *slab) recordAt(at int) []byte {
	if s.segment != nil {
		return spool.Plain(s.mem).Payload(at)
	}
	record, _ := nextRecord(s.mem[at:])
	return record
}

// takeAdopted is take for a slab that was adopted.
func (s *slab) takeAdopted() []byte {
	at := s.left[0]
	s.left = s.left[1:]
	return s.recordAt(at)
}

// placeOf is where in its slab a record is.
func (s *slab) placeOf(record []byte) int {
	return int(uintptr(unsafe.Pointer(unsafe.SliceData(record)))-uintptr(unsafe.Pointer(unsafe.SliceData(s.mem)))) - spool.FrameHeader
}

// settled marks a record in the file, so that nobody sends it again.
func (s *slab) settled(record []byte) { s.mark(record, spool.Frames.Settle) }

// mark writes the state of a record. That the file of another process cannot be written to any more has no consequence here: whoever finds it sends the record
// again, and the server knows it by its id.
func (s *slab) mark(record []byte, state func(spool.Frames, int)) {
	switch {
	case s.segment == nil:
	case s.adopted:
		_ = spool.Guard(func() { state(s.frames, s.placeOf(record)) })
	default:
		state(s.frames, s.placeOf(record))
	}
}
