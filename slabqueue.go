package sentrial

import "slices"

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
