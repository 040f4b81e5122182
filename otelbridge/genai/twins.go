package genai

import (
	"iter"
	"slices"
)

// twins finds copies of calls of models that are in traces of their own: callbacks of a framework do not make their span current, so what the client of the provider
// writes inside of them becomes a trace without anything around it.
type twins struct {
	held alike[*node] // calls that are held
	seen alike[*seen] // calls that were given away
	past []*seen      // those, a ring when it is full
	most int
	next int // the oldest in a full ring
}

// seen is what is remembered of a call that was given away.
type seen struct {
	*callFacts
	event, session string
	foreign        bool
	lone           bool // it was all there is in its trace, under the trace's own id
}

func (s *seen) about() *callFacts { return s.callFacts }

func newTwins(most int) *twins {
	return &twins{held: make(alike[*node]), seen: make(alike[*seen]), most: most}
}

// heldCopies gives the copies of a call in other traces that are held, in an order that does not depend on how they came.
func (t *twins) heldCopies(n *node) (copies []*node) {
	for m := range t.held.near(n.about()) {
		if m.span.TraceID != n.span.TraceID && !slices.Contains(copies, m) && sameCall(n.about(), m.about()) {
			copies = append(copies, m)
		}
	}
	slices.SortFunc(copies, (*node).compare)
	return copies
}

// seenCopy gives a copy of a call that was given away.
func (t *twins) seenCopy(n *node, fits func(*seen) bool) *seen {
	for s := range t.seen.near(n.about()) {
		if fits(s) && sameCall(n.about(), s.callFacts) {
			return s
		}
	}
	return nil
}

// give remembers a call that is given away.
func (t *twins) give(s *seen) {
	s.answer()
	t.seen.add(s)
	if len(t.past) < t.most {
		t.past = append(t.past, s)
		return
	}
	t.seen.remove(t.past[t.next])
	t.past[t.next], t.next = s, (t.next+1)%t.most
}

// alike are calls by what copies of them have in common, under each key those that began first before the others.
type alike[T interface{ about() *callFacts }] map[callKey][]T

// maxAlike bounds with how many calls that began before it, and after it, a call is compared: load tests and classifiers make thousands with the same counts.
const maxAlike = 64

func (a alike[T]) place(list []T, f *callFacts) (int, bool) {
	return slices.BinarySearchFunc(list, f, func(x T, f *callFacts) int { return x.about().compare(f) })
}

func (a alike[T]) add(x T) {
	for _, key := range x.about().keys() {
		i, _ := a.place(a[key], x.about())
		a[key] = slices.Insert(a[key], i, x)
	}
}

func (a alike[T]) remove(x T) {
	for _, key := range x.about().keys() {
		list := a[key]
		i, ok := a.place(list, x.about())
		switch {
		case !ok:
		case len(list) == 1:
			delete(a, key)
		default:
			a[key] = slices.Delete(list, i, i+1)
		}
	}
}

// near gives what may be copies of a call. Those with two keys in common come twice.
func (a alike[T]) near(f *callFacts) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, key := range f.keys() {
			from, to := key.window, key.window
			if key.what != 'i' {
				from, to = from-1, to+1 // a copy may have begun a little earlier or later
			}
			for key.window = from; key.window <= to; key.window++ {
				if !a.under(key, f, yield) {
					return
				}
			}
		}
	}
}

func (a alike[T]) under(key callKey, f *callFacts, yield func(T) bool) bool {
	list := a[key]
	if len(list) == 0 {
		return true
	}
	i, _ := a.place(list, f)
	for _, x := range list[max(0, i-maxAlike):min(len(list), i+maxAlike)] {
		if !yield(x) {
			return false
		}
	}
	return true
}
