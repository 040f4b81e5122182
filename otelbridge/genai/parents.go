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
	as.order = make([]*node, 0, len(as.nodes))
	for _, n := range as.nodes {
		if n.parent == nil {
			as.order = append(as.order, n)
		}
	}
	for i := 0; i < len(as.order); i++ { // grows while it is gone through
		as.order = append(as.order, as.order[i].children...)
	}
}

// cutRings makes the first span of every ring of parents one without. Broken or hostile spans may form such rings.
func (as *assembly) cutRings() {
	walk := make(map[*node]int, len(as.nodes)) // the walk in which a node was met
	for i, n := range as.nodes {
		for m := n; m != nil; m = m.parent {
			if at, met := walk[m]; met {
				if at == i {
					m.parent = nil // n is the first of the ring, or leads to it
				}
				break
			}
			walk[m] = i
		}
	}
}

// parentEvent is the nearest event around a span. One that was never seen is not named, for it may be none; a call from another process is likely to be made by an
// event there.
func (n *node) parentEvent() string {
	switch {
	case n.parent != nil:
		return n.parent.around
	case n.outside != nil:
		return n.outside.around
	case n.span.RemoteParent && !n.root() && n.isEvent():
		return eventOfSpan(n.span.TraceID, n.span.ParentID)
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
