package sentrial

import (
	"cmp"
	"slices"
	"time"
)

// slab is a block of records. Callers take places in its shards and fill them without a lock; the batcher's lock guards all else.
type slab struct {
	mem []byte // all of it
	slabFile
	shards  []shard
	stretch int // bytes that a shard gets at a time

	next      int       // where no shard has been yet
	spans     []span    // what shards have filled and left; once the slab is sealed, all that holds records and was not handed to the sender
	seq       uint64    // slabs are numbered from 1 as they are begun
	begun     time.Time // when its first record came
	due       bool      // a flush asked for it: the sender takes it as soon as it is free
	live      int       // records neither delivered nor dropped, once the slab is sealed
	uncounted int       // records that are in no counter of Stats
}

// span is a piece of a slab with records back to back.
type span struct{ start, end int }

// reservation is room for one record. Whoever has it must fill buf and call commit.
type reservation struct {
	slab  *slab
	shard *shard
	buf   []byte
	at    int
}

// reserve takes a place for a record of size bytes, in the shard that hint says, and changes the hint where others are in the way. It is false when there is none.
func (s *slab) reserve(size int, hint *uint8) (r reservation, ok bool) {
	d := &s.shards[int(*hint)%len(s.shards)]
	at, crowded, ok := d.reserve(s.room(size))
	if crowded {
		*hint++
	}
	if !ok {
		return reservation{}, false
	}
	return s.placeAt(d, at, size), true
}

// widen gives the shard that hint says more room, for a record of size bytes at least, if there is any: its stretch becomes longer, or it goes on in another one. The
// batcher's lock is held.
func (s *slab) widen(size int, hint *uint8) bool {
	d, room := &s.shards[int(*hint)%len(s.shards)], s.room(size)
	start := s.next
	if at := d.occupancy().at(); d.limit.Load() == int64(s.next) {
		start = at
	}
	if start+room > len(s.mem) {
		return false
	}
	limit := min(max(s.next+s.stretch, start+room), len(s.mem))
	if start < s.next {
		d.limit.Store(int64(limit))
	} else {
		s.leave(d.move(s.next, limit))
	}
	s.next = limit
	return true
}

// place is reserve with the batcher's lock held: it widens the shard, and where the slab has nothing left for that it tries the others.
func (s *slab) place(size int, hint *uint8) (r reservation, ok bool) {
	for i := range s.shards {
		at := *hint + uint8(i)
		for now := at; ; now = at {
			if r, ok = s.reserve(size, &now); ok {
				*hint = at
				return r, true
			}
			if !s.widen(size, &at) {
				break
			}
		}
	}
	return reservation{}, false
}

// leave notes what a shard has filled.
func (s *slab) leave(filled span) {
	if filled.end > filled.start {
		s.spans = append(s.spans, filled)
	}
}

// commit says that a record is in place, and tells whether it may have been the last one that a sealed slab waited for.
func (r reservation) commit() (last bool) {
	r.slab.commitFile(r.at)
	return r.shard.commit()
}

// seal ends the taking of places. What is taken by then is what the slab holds.
func (s *slab) seal() {
	for i := range s.shards {
		s.leave(s.shards[i].seal())
	}
	slices.SortFunc(s.spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	s.live = s.records()
}

// records is how many places are taken, and bytes how much they take.
func (s *slab) records() (n int) {
	for i := range s.shards {
		n += s.shards[i].occupancy().records()
	}
	return n
}

func (s *slab) bytes() (n int) {
	for _, filled := range s.spans {
		n += filled.end - filled.start
	}
	for i := range s.shards {
		if d := &s.shards[i]; !d.occupancy().isSealed() {
			n += d.occupancy().at() - d.start
		}
	}
	return n
}

// ready tells whether every record of a sealed slab is in place.
func (s *slab) ready() bool {
	for i := range s.shards {
		if !s.shards[i].ready() {
			return false
		}
	}
	return true
}

func (s *slab) busy() bool { return !s.ready() }

// owns tells whether bt's records lie in s.
func (s *slab) owns(bt *batch) bool { return bt.slab == s }

// isTaken tells whether the sender has had all records of a sealed slab.
func (s *slab) isTaken() bool { return len(s.spans) == 0 && len(s.left) == 0 }

// cut takes up to n records that were not taken before.
func (s *slab) cut(n int) [][]byte {
	records := make([][]byte, 0, min(n, s.live))
	for len(records) < n && !s.isTaken() {
		records = append(records, s.take())
	}
	return records
}

// take takes a record.
func (s *slab) take() []byte {
	if s.adopted {
		return s.takeAdopted()
	}
	first := &s.spans[0]
	record := s.recordAt(first.start)
	if first.start += s.room(len(record)); first.start == first.end {
		s.spans = s.spans[1:]
	}
	return record
}
