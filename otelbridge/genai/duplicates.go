package genai

import "time"

// joinTools sees whether a span is the same call of a tool as the one around it: what a framework calls execute_tool and an MCP client tools/call, or a decorator
// around the framework's own span.
func (as *assembly) joinTools(n *node) {
	t := n.tool
	if !n.kind.toolLike() || n.mute || t == nil || t.kind != n.kind || n.copyOf != "" {
		return
	}
	same := t.toolName() == n.toolName() && n.within(t.span.Start, t.span.End)
	if !same && !(t.ours && n.near == t) {
		return
	}
	t.take(n, "the same call of a tool as span "+t.span.SpanID.String()+" around it")
}

// take makes m a copy of n, which takes over what it lacks.
func (n *node) take(m *node, why string) {
	n.fill(m.reading)
	n.id = "" // m may be of the SDK and say its event's
	if n.fault == nil {
		n.fault = m.fault
	}
	m.leaf = false
	m.isCopy(n.eventID(), why)
}

// joinCallIDs makes one of tool spans with the same call id, those given away before included. What does not overlap in time is another call: it was tried again, or
// the model numbers its calls and begins anew with each answer.
func (as *assembly) joinCallIDs() {
	for _, n := range as.order { // so that an outer one stands for an inner one
		if n.kind != kindTool || n.mute || n.copyOf != "" {
			continue
		}
		id := n.callID()
		if id == "" {
			continue
		}
		old := as.past.tools[id]
		switch {
		case old == nil || !n.overlaps(old.start, old.end):
			as.past.knowTool(id, n)
		case old.node == nil:
			n.isCopy(old.event, "it has the tool call id of a call that was given away before: "+old.event)
		default:
			old.node.take(n, "it has the tool call id of span "+old.node.span.SpanID.String())
		}
	}
}

// pastTool is the latest call of a tool with an id.
type pastTool struct {
	node       *node  // while it is on its way to its event
	event      string // then
	start, end time.Time
}

func (p *pastTrace) knowTool(id string, n *node) {
	if p.tools == nil {
		p.tools = make(map[string]*pastTool)
	}
	if p.tools[id] != nil || len(p.tools) < maxKnownSpans {
		p.tools[id] = &pastTool{node: n, start: n.span.Start, end: n.span.End}
	}
}

// joinCalls makes one of calls of models that two instrumentations saw side by side in the trace.
func (as *assembly) joinCalls() {
	var calls []*node
	for _, n := range as.nodes {
		if n.leaf && !n.promoted && !n.mute {
			calls = append(calls, n)
		}
	}
	if len(calls) < 2 {
		return
	}
	before := as.a.before
	defer as.a.forgetBefore(len(calls))
	for _, n := range calls {
		for m := range before.near(n.about()) {
			if n.leaf && m.leaf && sameCall(n.about(), m.about()) {
				joinCopies(n, m)
			}
		}
		before.add(n)
	}
}

// forgetBefore empties the index of calls that joinCalls compares with. It is used again, as most traces have few, but not one that grew large.
func (a *Assembler) forgetBefore(calls int) {
	if calls > maxRoom {
		a.before = newAlike[*node]()
		return
	}
	a.before.clear()
}

func joinCopies(n, m *node) {
	if better(m, n) {
		n, m = m, n
	}
	n.take(m, "the same call as span "+n.span.SpanID.String()+", by another instrumentation")
}

// better tells which of two copies stands for the call: the one around the other, else the one with a place among other spans of GenAI, else the outer one, else the first.
func better(n, m *node) bool {
	switch {
	case n.held == m.held && (n.inside(m) || m.inside(n)):
		return m.inside(n)
	case n.ours != m.ours:
		return n.ours
	case (n.near != nil) != (m.near != nil):
		return n.near != nil
	case n.span.Start.Equal(m.span.Start) && n.span.End.Equal(m.span.End):
		return n.compare(m) < 0
	}
	return m.within(n.span.Start, n.span.End) && (!n.within(m.span.Start, m.span.End) || n.compare(m) < 0)
}
