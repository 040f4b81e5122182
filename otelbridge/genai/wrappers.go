package genai

import "slices"

// Tokens are counted once, on the calls of models that have none inside. What is around them repeats their sum, or the last one's, or nothing: frameworks do not
// agree, so nothing is ever subtracted. A tool or an agent inside a call is another matter: what it calls is on its own account (ADK runs tools inside of the call
// that asked for them).

// lookAround tells each span what is around it, from the outside in.
func (as *assembly) lookAround() {
	for _, n := range as.order {
		if n.failed() {
			n.fault = n.reading
		}
		for _, c := range n.copies {
			n.take(c, c.why)
		}
		p := n.parent
		if p == nil {
			n.inCall = n.outside != nil && n.outside.call != ""
			n.lateIn()
			continue
		}
		n.near, n.tool, n.inCall = p.near, p.tool, p.inCall
		if p.kind != kindOther {
			n.near = p
		}
		if p.blocks() {
			n.tool, n.inCall = nil, false
		}
		if p.kind.toolLike() && !p.mute && p.copyOf == "" {
			n.tool = p
		} else if p.kind.toolLike() {
			n.tool = p.tool
		}
		if p.kind.inference() {
			n.tool, n.inCall = nil, true
		}
		as.joinTools(n)
	}
}

// lateIn sees to spans whose surroundings were given away before: a call of a model inside of one that was given as a call is the same, and so is a tool inside of
// the same tool.
func (n *node) lateIn() {
	o := n.outside
	switch {
	case o == nil || n.mute:
	case n.kind.inference() && o.call != "":
		n.isCopy(o.call, "it is inside of a call that was given away before: "+o.call)
	case n.kind == o.toolKind && o.tool != "" && n.toolName() == o.toolName:
		n.isCopy(o.tool, "it is inside of the same tool, which was given away before: "+o.tool)
	}
}

// isCopy notes that another event stands for what the span is.
func (n *node) isCopy(event, why string) { n.copyOf, n.why = event, why }

// findCalls finds the calls of models that count, from the inside out, and joins each with the spans around it that stand for the same call.
func (as *assembly) findCalls() {
	for _, n := range slices.Backward(as.order) {
		as.lookInside(n)
		switch {
		case n.copyOf != "":
		case n.kind.inference() && n.ours:
			as.callOfOurs(n)
		case n.kind.inference():
			as.callOrWrapper(n)
		case as.sumsUnseen(n):
			n.leaf, n.promoted = true, true
			n.why = "its tokens are counted, for no call inside it was seen"
		}
	}
}

func (as *assembly) lookInside(n *node) {
	seen := as.past.inside[n.span.SpanID]
	n.below |= seen.below
	n.handled.past = seen.below&belowFailed != 0
	if n.root() {
		n.handled.take(&as.past.handled)
	}
	if n.kind.toolLike() && !n.mute && n.copyOf == "" && seen.tool != "" && seen.tool == n.toolName() {
		n.isCopy(seen.event, "the same tool inside it was given away before: "+seen.event)
	}
	for _, c := range n.children {
		n.below |= c.told(as.skipOurs())
		n.handled.see(c)
		switch {
		case c.blocks():
		case c.leaf:
			n.calls, n.only = n.calls+1, c
		case c.calls > 0:
			n.calls, n.only = n.calls+c.calls, c.only
		}
	}
}

// callOrWrapper: a span around one call is the same call seen from further out, and may know what the inner one does not.
func (as *assembly) callOrWrapper(n *node) {
	switch {
	case n.calls == 1:
		n.only.fill(n.reading)
		n.why = "it is around the call in span " + n.only.span.SpanID.String() + ", which is counted"
	case n.calls > 1:
		n.why = "the calls inside it are counted"
	case n.below&belowCall != 0:
		n.why = "the calls inside it were given away before"
	default:
		n.leaf = true
	}
}

// callOfOurs: the SDK's helper makes one event of a call, with all attempts in it, and instrumentation inside adds what it knows.
func (as *assembly) callOfOurs(n *node) {
	n.leaf = true
	if n.calls == 1 {
		n.fill(n.only.reading)
	}
	as.dropInside(n, n.eventID())
	n.calls, n.only = 0, nil
}

func (as *assembly) dropInside(n *node, event string) {
	for _, c := range n.children {
		switch {
		case c.blocks():
		case c.leaf:
			c.leaf = false
			c.isCopy(event, "Sentrial's SDK recorded the call: "+event)
		default:
			as.dropInside(c, event)
		}
	}
}

// sumsUnseen tells whether a span has tokens and nothing in it that they could be the sum of: an agent elsewhere, or one whose calls were not sampled.
func (as *assembly) sumsUnseen(n *node) bool {
	switch n.kind {
	case kindAgent, kindWorkflow, kindChain:
		return !n.mute && !n.ours && !n.inCall && n.below&belowAnyCall == 0 && n.countsTokens() && (n.outside == nil || n.outside.counted == "")
	}
	return false
}
