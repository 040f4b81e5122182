package sentrial

import "sync/atomic"

// shard is where some of the callers take places in a slab: a stretch of it, so that callers on many processors do not all write to the same words, nor next to each other.
// Callers reserve and commit without a lock. Who else has the batcher's lock gives a shard its next stretch, and seals it.
type shard struct {
	occupied atomic.Uint64 // an occupancy
	inPlace  atomic.Uint32 // records that are whole
	limit    atomic.Int64  // the end of the stretch
	start    int           // its beginning
	_        [96]byte      // two cache lines in all: processors fetch them by twos
}

// occupancy is how far a shard has come, in one word: 32 bits of the next place, 31 of records, and whether it is sealed.
type occupancy uint64

const (
	oneRecord occupancy = 1 << 32
	sealed    occupancy = 1 << 63
)

func (o occupancy) at() int        { return int(uint32(o)) }
func (o occupancy) records() int   { return int(o &^ sealed >> 32) }
func (o occupancy) isSealed() bool { return o&sealed != 0 }

func (d *shard) occupancy() occupancy { return occupancy(d.occupied.Load()) }

// reserve takes the next place, of room bytes. It fails when the shard is sealed or its stretch has too little room. crowded tells that others use the shard at the same
// time.
func (d *shard) reserve(room int) (at int, crowded, ok bool) {
	for {
		was := d.occupancy()
		if was.isSealed() || int64(was.at()+room) > d.limit.Load() {
			return 0, crowded, false
		}
		if d.occupied.CompareAndSwap(uint64(was), uint64(was+oneRecord)+uint64(room)) {
			return was.at(), crowded, true
		}
		crowded = true
	}
}

// commit says that a record is in place, and tells whether it was the last one that a sealed shard waited for.
func (d *shard) commit() (last bool) {
	whole := d.inPlace.Add(1)
	o := d.occupancy()
	return o.isSealed() && int(whole) == o.records()
}

// ready tells whether every record is in place.
func (d *shard) ready() bool { return int(d.inPlace.Load()) == d.occupancy().records() }

// move goes on in another stretch, and gives what was filled of the one before. The place comes first: a caller
// that saw the old one with the new limit loses its compare-and-swap, as places only grow.
func (d *shard) move(start, limit int) (filled span) {
	for {
		was := d.occupancy()
		if d.occupied.CompareAndSwap(uint64(was), uint64(was)&^(1<<32-1)|uint64(start)) {
			filled = span{d.start, was.at()}
			break
		}
	}
	d.start = start
	d.limit.Store(int64(limit))
	return filled
}

// seal ends the taking of places, and gives what was filled.
func (d *shard) seal() (filled span) {
	was := occupancy(d.occupied.Or(uint64(sealed)))
	return span{d.start, was.at()}
}
