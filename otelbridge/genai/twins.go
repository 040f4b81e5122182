package genai

import "slices"

// twins finds copies of calls of models that are in traces of their own: callbacks of a framework do not make their span current, so what the client of the provider
// writes inside of them becomes a trace without anything around it.
type twins struct {
	held *alike[*node] // calls that are held
	seen *alike[*seen] // calls that were given away
	past []*seen       // those, a ring when it is full
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
	return &twins{held: newAlike[*node](), seen: newAlike[*seen](), most: most}
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
