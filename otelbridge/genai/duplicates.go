package genai

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
	if n.fault == nil {
		n.fault = m.fault
	}
	m.leaf = false
	m.isCopy(n.eventID(), why)
}

// joinCallIDs makes one of tool spans with the same call id, unless one of them failed and was tried again.
func (as *assembly) joinCallIDs() {
	byID := make(map[string]*node)
	for _, n := range as.order { // so that an outer one stands for an inner one
		if n.kind != kindTool || n.mute || n.copyOf != "" {
			continue
		}
		id := n.callID()
		if id == "" {
			continue
		}
		old := byID[id]
		switch {
		case old == nil:
			byID[id] = n
		case old.fault != nil && !n.overlaps(old.span.Start, old.span.End):
			byID[id] = n // another attempt
		default:
			old.take(n, "it has the tool call id of span "+old.span.SpanID.String())
		}
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
	seen := make(map[callKey][]*node)
	for _, n := range calls {
		for _, key := range n.sought() {
			for _, m := range seen[key] {
				if n.leaf && m.leaf && sameCall(n.about(), m.about()) {
					joinCopies(n, m)
				}
			}
		}
		for _, key := range n.about().keys() {
			if list := seen[key]; len(list) < maxAlike {
				seen[key] = append(list, n)
			}
		}
	}
}

// maxAlike bounds how many calls are compared that have the same counts at the same time.
const maxAlike = 16

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
