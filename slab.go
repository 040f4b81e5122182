package sentrial

import (
	"sync/atomic"
	"time"
)

// slab is a block of records, back to back. Callers take places in it and fill them without a lock; the batcher's lock guards all but the two counters.
type slab struct {
	mem      []byte        // all of it
	occupied atomic.Uint64 // an occupancy
	inPlace  atomic.Uint32 // records that are whole

	buf       []byte    // what holds records, once the slab is sealed
	seq       uint64    // slabs are numbered from 1 as they are begun
	begun     time.Time // when its first record came
	due       bool      // a flush asked for it: the sender takes it as soon as it is free
	taken     int       // bytes handed to the sender so far
	live      int       // records neither delivered nor dropped, once the slab is sealed
	uncounted int       // records that are in no counter of Stats
	slabFile
}

// occupancy is how much of a slab is taken, in one word: 32 bits of bytes, 31 of records, and whether the slab is sealed.
type occupancy uint64

const (
	oneRecord occupancy = 1 << 32
	sealed    occupancy = 1 << 63
)

func (o occupancy) bytes() int     { return int(uint32(o)) }
func (o occupancy) records() int   { return int(o &^ sealed >> 32) }
func (o occupancy) isSealed() bool { return o&sealed != 0 }

func (s *slab) occupancy() occupancy { return occupancy(s.occupied.Load()) }

// reservation is room for one record. Whoever has it must fill buf and call commit.
type reservation struct {
	slab *slab
	buf  []byte
	at   int
}

// reserve takes the next place, for a record of size bytes. It is false when the slab is sealed or has too little room.
func (s *slab) reserve(size int) (reservation, bool) {
	room := s.room(size)
	for {
		was := s.occupancy()
		if was.isSealed() || room > len(s.mem)-was.bytes() {
			return reservation{}, false
		}
		if s.occupied.CompareAndSwap(uint64(was), uint64(was+oneRecord)+uint64(room)) {
			return s.placeAt(was.bytes(), size), true
		}
	}
}

// commit says that a record is in place, and tells whether it was the last one that a sealed slab waited for.
func (s *slab) commit(at int) (last bool) {
	s.commitFile(at)
	whole := s.inPlace.Add(1)
	o := s.occupancy()
	return o.isSealed() && int(whole) == o.records()
}

// seal ends the taking of places. What is taken by then is what the slab holds.
func (s *slab) seal() occupancy {
	o := occupancy(s.occupied.Or(uint64(sealed)))
	s.buf, s.live = s.mem[:o.bytes()], o.records()
	return o
}

// ready tells whether every record of a sealed slab is in place.
func (s *slab) ready() bool { return int(s.inPlace.Load()) == s.occupancy().records() }

func (s *slab) busy() bool { return !s.ready() }

// owns tells whether bt's records lie in s.
func (s *slab) owns(bt *batch) bool { return bt.slab == s }

// cut takes up to n records that were not taken before.
func (s *slab) cut(n int) [][]byte {
	records := make([][]byte, 0, min(n, s.live))
	for s.taken < len(s.buf) && len(records) < n {
		records = append(records, s.next())
	}
	return records
}

// next takes a record.
func (s *slab) next() []byte {
	if s.segment != nil {
		return s.nextInFile()
	}
	r, _ := nextRecord(s.buf[s.taken:])
	s.taken += len(r)
	return r
}
