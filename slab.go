package sentrial

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/spool"
)

// slab is a block of records, back to back. The batcher's lock guards it, but for the bytes of records being written.
type slab struct {
	buf     []byte
	seq     uint64       // slabs are numbered from 1 as they are begun
	begun   time.Time    // when its first record came
	due     bool         // a flush asked for it: the sender takes it as soon as it is free
	taken   int          // bytes handed to the sender so far
	live    int          // records neither delivered nor dropped
	writers atomic.Int32 // reservations not committed, plus one until the slab is sealed
	slabFile
}

// owns tells whether bt's records lie in s.
func (s *slab) owns(bt *batch) bool { return bt.slab == s }

// ready tells whether every record of a sealed slab is in place.
func (s *slab) ready() bool { return s.writers.Load() == 0 }

func (s *slab) busy() bool { return !s.ready() }

// cut takes up to n records that were not taken before.
func (s *slab) cut(n int) [][]byte {
	if s.segment != nil {
		return s.cutFile(n)
	}
	records := make([][]byte, 0, min(n, s.live))
	rest := s.buf[s.taken:]
	for len(rest) > 0 && len(records) < n {
		var r []byte
		r, rest = nextRecord(rest)
		records = append(records, r)
	}
	s.taken = len(s.buf) - len(rest)
	return records
}

// slabQueue is slabs in the order in which they were begun. Its front, where nearly all of them leave, costs the same however long it is.
type slabQueue struct {
	slabs []*slab
	head  int // the places before it are empty
}

// all gives the slabs, oldest first. The slice is good until the next change.
func (q *slabQueue) all() []*slab { return q.slabs[q.head:] }

func (q *slabQueue) len() int { return len(q.slabs) - q.head }

func (q *slabQueue) push(s *slab) {
	if q.head > len(q.slabs)/2 {
		q.slabs, q.head = slices.Delete(q.slabs, 0, q.head), 0
	}
	q.slabs = append(q.slabs, s)
}

// remove takes s out, if it is there; what is older moves up by a place.
func (q *slabQueue) remove(s *slab) {
	all := q.all()
	i := slices.Index(all, s)
	if i < 0 {
		return
	}
	copy(all[1:i+1], all[:i])
	all[0] = nil
	q.head++
}

const (
	slabsPerQueue = 8 // a small queue gets small slabs, so that losing the oldest one leaves most of it
	maxSpareSlabs = 4
)

// slabRing makes slabs within a bound of memory and uses them again: fresh memory costs the caller page faults.
type slabRing struct {
	slabBytes, limit int
	allocated        int // bytes of all slabs, spare ones included
	begun            uint64
	spare            []*slab
	spool            *spooler // nil without one
}

func newSlabRing(slabBytes, limit int) slabRing {
	return slabRing{slabBytes: max(1, min(slabBytes, maxBatchBytes, limit/slabsPerQueue)), limit: limit}
}

// never tells whether no slab could ever hold size bytes.
func (r *slabRing) never(size int) bool { return size > r.limit }

// begin gives an empty slab with room for size bytes, nil when that would pass the limit.
func (r *slabRing) begin(size int) *slab {
	s := r.spooled(size)
	if s == nil {
		s = r.reuse(size)
	}
	if s == nil {
		s = r.allocate(max(size, r.slabBytes))
	}
	if s == nil {
		return nil
	}
	r.begun++
	s.seq, s.begun = r.begun, time.Now()
	s.writers.Store(1)
	return s
}

// spooled gives a slab with a file, if there is a spool with one ready and the bound allows it.
func (r *slabRing) spooled(size int) *slab {
	if r.spool == nil || !r.allowsFile(size) {
		return nil
	}
	segment := r.spool.take(size)
	if segment == nil {
		return nil
	}
	s := newFileSlab(segment)
	r.allocated += cap(s.buf)
	return s
}

// allowsFile tells whether the bound has room for a slab with a file. Spare slabs in memory, which are left from when there were no files, give way.
func (r *slabRing) allowsFile(size int) bool {
	need := max(r.slabBytes, spool.FrameBytes(size))
	if r.allocated+need > r.limit {
		r.dropSpare()
	}
	return r.allocated+need <= r.limit
}

func (r *slabRing) dropSpare() {
	for _, s := range r.spare {
		r.allocated -= cap(s.buf)
	}
	r.spare = nil
}

func (r *slabRing) reuse(size int) *slab {
	i := slices.IndexFunc(r.spare, func(s *slab) bool { return cap(s.buf) >= size })
	if i < 0 {
		return nil
	}
	s := r.spare[i]
	r.spare = slices.Delete(r.spare, i, i+1)
	return s
}

func (r *slabRing) allocate(size int) *slab {
	if r.allocated+size > r.limit { // spare slabs of the wrong size must not be in the way
		r.dropSpare()
	}
	if r.allocated+size > r.limit {
		return nil
	}
	r.allocated += size
	return &slab{buf: make([]byte, 0, size)}
}

// used is the memory of slabs with events.
func (r *slabRing) used() int {
	used := r.allocated
	for _, s := range r.spare {
		used -= cap(s.buf)
	}
	return used
}

// free takes a settled slab back.
func (r *slabRing) free(s *slab) {
	if s.segment != nil {
		if !s.adopted {
			r.allocated -= cap(s.buf)
		}
		r.spool.spend(s.segment, s.adopted)
		return
	}
	if cap(s.buf) != r.slabBytes || len(r.spare) == maxSpareSlabs {
		r.allocated -= cap(s.buf)
		return
	}
	r.spare = append(r.spare, &slab{buf: s.buf[:0]})
}
