package genai

import "slices"

// link joins the spans of a trace to those around them, and puts them in two orders: of time, and from the outside in.
func (as *assembly) link() {
	slices.SortFunc(as.nodes, (*node).compare)
	for _, n := range as.nodes {
		n.parent = nil
		if id := n.span.ParentID; !id.IsZero() && id != n.span.SpanID {
			if n.parent = as.t.spans[id]; n.parent == nil {
				n.outside = as.past.spans[id]
			}
		}
	}
	as.cutRings()
	for _, n := range as.nodes {
		if n.parent != nil {
			n.parent.children = append(n.parent.children, n)
		}
	}
	as.fromOutsideIn()
}

// fromOutsideIn puts every span before those inside it, which follow it directly.
func (as *assembly) fromOutsideIn() {
	as.order = make([]*node, 0, len(as.nodes))
	var next []*node
	for _, n := range as.nodes {
		if n.parent != nil {
			continue
		}
		for next = append(next, n); len(next) > 0; {
			n, next = next[len(next)-1], next[:len(next)-1]
			n.place, n.known.parent = len(as.order), n.span.ParentID
			as.order = append(as.order, n)
			for _, c := range slices.Backward(n.children) {
				next = append(next, c)
			}
		}
	}
	for _, n := range slices.Backward(as.order) {
		n.last = max(n.last, n.place)
		if n.parent != nil {
			n.parent.last = max(n.parent.last, n.last)
		}
	}
}

// inside tells whether a span of the same trace is around this one, at any distance.
func (n *node) inside(m *node) bool { return m.place < n.place && n.place <= m.last }

// cutRings makes the first span of every ring of parents one without. Broken or hostile spans may form such rings.
func (as *assembly) cutRings() {
	for i, n := range as.nodes {
		m := n
		for ; m != nil && m.walk == 0; m = m.parent {
			m.walk = i + 1
		}
		if m != nil && m.walk == i+1 {
			m.parent = nil // n is the first of the ring, or leads to it
		}
	}
}

// parentEvent is the nearest event around a span. One that was never seen is not named, for it may be none; a call from another process is likely to be made by an
// event there.
func (n *node) parentEvent() string {
	switch {
	case n.span.Parent != "" && n.span.Parent != n.parentHint():
		return n.span.Parent // recorded by other means, between this span and the one around it
	case n.parent != nil:
		return n.parent.around
	case n.outside != nil && n.outside.around != n.eventID(): // in a ring of parents it may be
		return n.outside.around
	case n.span.RemoteParent && !n.root() && n.span.ParentID != n.span.SpanID && n.isEvent():
		return eventOfSpan(n.span.TraceID, n.span.ParentID)
	}
	return n.span.Around
}

// parentHint is the event recorded by other means that the span around this one is in.
func (n *node) parentHint() string {
	switch {
	case n.parent != nil:
		return n.parent.span.Parent
	case n.outside != nil:
		return n.outside.within
	}
	return ""
}

// settle gives each span its event, and those inside their parents.
func (as *assembly) settle() {
	for _, n := range as.order {
		if as.becomesEvent(n) {
			n.event = n.eventID()
		}
		n.around = n.event
		if n.around == "" {
			n.around = n.copyOf
		}
		if n.around == "" {
			n.around = n.parentEvent()
		}
		as.recorded = as.recorded || n.event != "" || n.copyOf != ""
	}
}

// becomesEvent tells whether a span has an event that those inside may name.
func (as *assembly) becomesEvent(n *node) bool {
	switch {
	case n.mute || n.copyOf != "":
		return false
	case n.opens || n.leaf || n.ours:
		return true
	case n.kind == kindOther:
		return as.a.cfg.Generic && as.genAI
	case n.kind == kindChain:
		return as.a.cfg.Generic
	}
	return !n.kind.inference()
}
