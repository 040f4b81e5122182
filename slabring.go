package sentrial

import (
	"runtime"
	"time"

	"github.com/sentrial/sentrial-go/spool"
)

const (
	slabsPerQueue = 8 // a small queue gets small slabs, so that losing the oldest one leaves most of it
	maxSpareSlabs = 8

	maxShards      = 8
	leastForShards = 128 << 10 // smaller slabs have one shard: a stretch should hold many records
)

// slabRing makes slabs within a bound of memory and uses them again, the last one first: it is still in the processor's cache, and fresh memory costs page faults.
type slabRing struct {
	slabBytes, limit int
	allocated        int // bytes of all slabs, spare ones included
	begun            uint64
	shards           int // of the slabs that are begun from now on
	spare            [][]byte
	spool            *spooler // nil without one
}

func newSlabRing(slabBytes, limit int) slabRing {
	return slabRing{slabBytes: max(1, min(slabBytes, maxBatchBytes, limit/slabsPerQueue)), limit: limit, shards: 1}
}

// share decides whether the next slabs have a shard for each processor. With one, records are in the order in which they came.
func (r *slabRing) share(wide bool) {
	r.shards = 1
	if wide && r.slabBytes >= leastForShards {
		r.shards = min(runtime.GOMAXPROCS(0), maxShards)
	}
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
	s.shards, s.stretch = make([]shard, r.shards), r.slabBytes
	if r.shards > 1 {
		s.stretch = r.slabBytes / r.shards &^ 7 // of whole frames
	}
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
	r.allocated += len(s.mem)
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
	for _, mem := range r.spare {
		r.allocated -= len(mem)
	}
	r.spare = nil
}

func (r *slabRing) reuse(size int) *slab {
	last := len(r.spare) - 1
	if last < 0 || size > r.slabBytes {
		return nil
	}
	s := &slab{mem: r.spare[last]}
	r.spare[last] = nil
	r.spare = r.spare[:last]
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
	return &slab{mem: make([]byte, size)}
}

// used is the memory of slabs with events.
func (r *slabRing) used() int {
	return r.allocated - len(r.spare)*r.slabBytes
}

// free takes a settled slab back.
func (r *slabRing) free(s *slab) {
	if s.segment != nil {
		if !s.adopted {
			r.allocated -= len(s.mem)
		}
		r.spool.spend(s.segment, s.adopted)
		return
	}
	if len(s.mem) != r.slabBytes || len(r.spare) == maxSpareSlabs {
		r.allocated -= len(s.mem)
		return
	}
	r.spare = append(r.spare, s.mem)
}
