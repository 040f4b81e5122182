package sentrialtest

import (
	"cmp"
	"slices"
)

// orderedIn puts what is inside of n into an order that is the same in every run.
func (s *goldenSettings) orderedIn(n *node, children []*entry) []*entry {
	if !s.free(n) {
		return ordered(children)
	}
	slices.SortStableFunc(children, func(a, b *entry) int { return cmp.Compare(a.key, b.key) })
	return children
}

// ordered puts siblings, or sessions, that come in the order in which they began into one that is the same in every run: what was over before another began
// stands before it, and of what may come next stands first whose text sorts first.
func ordered(siblings []*entry) []*entry {
	sorted := make([]*entry, 0, len(siblings))
	for len(siblings) > 0 {
		n := together(siblings)
		sorted = append(sorted, untangled(siblings[:n])...)
		siblings = siblings[n:]
	}
	return sorted
}

// together counts the first siblings that were at work at the same time, by twos or through others.
func together(siblings []*entry) int {
	end := siblings[0].end
	for i, e := range siblings[1:] {
		if !e.began.Before(end) {
			return i + 1
		}
		if e.end.After(end) {
			end = e.end
		}
	}
	return len(siblings)
}

// untangled takes again and again, of those that may come next, the one whose text sorts first.
func untangled(siblings []*entry) []*entry {
	left := slices.Clone(siblings)
	sorted := left[:0:0]
	for len(left) > 0 {
		next := firstOf(left)
		sorted = append(sorted, left[next])
		left = slices.Delete(left, next, next+1)
	}
	return sorted
}

// firstOf chooses among the entries that no other one was over before. They come in the order in which they began, so the others are among those to their left.
func firstOf(left []*entry) (first int) {
	soonest := left[0].end
	for i, e := range left {
		if i > 0 && !e.began.Before(soonest) {
			continue
		}
		if left[first].waits(left) || e.key < left[first].key && !e.waits(left) {
			first = i
		}
		if e.end.Before(soonest) {
			soonest = e.end
		}
	}
	return first
}

// waits: a session does not stand before the one that it was begun in.
func (e *entry) waits(left []*entry) bool {
	return e.after != "" && slices.ContainsFunc(left, func(other *entry) bool { return other.id == e.after && other != e })
}
