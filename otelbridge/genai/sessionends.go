package genai

import "cmp"

// The ranks of spans by how much they have to say of how their session ended.
const (
	rankOfAnything = iota
	rankOfAgent
	rankOfRoot
)

// keepOpen notes how the sessions with ids of their own stand after this trace.
func (as *assembly) keepOpen() {
	best := make(map[string]*node)
	var ids []string
	for _, n := range as.nodes {
		if n.event == "" || n.foreign || n.ours || !n.named() {
			continue
		}
		old := best[n.session]
		if old == nil {
			ids = append(ids, n.session)
		}
		if old == nil || cmp.Or(cmp.Compare(n.rank(), old.rank()), n.span.End.Compare(old.span.End)) > 0 {
			best[n.session] = n
		}
	}
	for _, id := range ids {
		n := best[id]
		ending := as.sessionEnd(n, n.rank())
		as.a.sessions.open(id, as.now).learn(&ending, n.rank())
	}
}

// rank is how much a span has to say of how its session ended.
func (n *node) rank() int {
	switch {
	case n.opens:
		return rankOfRoot
	case n.kind == kindAgent && n.parentSession() != n.session:
		return rankOfAgent
	}
	return rankOfAnything
}

func (n *node) parentSession() string {
	switch {
	case n.parent != nil:
		return n.parent.session
	case n.outside != nil:
		return n.outside.session
	}
	return ""
}

// sessionEnd ends the session of a span. A handler that got over the failure of the agent inside it ends a session that failed.
func (as *assembly) sessionEnd(n *node, ranked int) Event {
	e := n.newEvent(EventSessionEnd, suffixEnd)
	e.ParentID, e.Time, e.Result = "", n.span.End, &Result{}
	if ranked == rankOfAnything {
		e.Status = StatusOfUnknown
		e.Result.Status = e.Status
		return e
	}
	e.Status = n.outcome()
	if n.fault != nil {
		e.Result.Summary = n.fault.errorText()
	}
	agent := as.past.about.agent
	if n.kind == kindOther && agent != nil && agent.failed {
		e.Status, e.Result.Summary = StatusOfError, cmp.Or(e.Result.Summary, agent.error)
	}
	e.Result.Status = e.Status
	if n.span.RemoteParent || n.kind.inference() && n.leaf || n.kind.toolLike() {
		return e
	}
	if e.Result.Output = n.output(); e.Result.Output == nil && agent != nil {
		e.Result.Output = agent.output
	}
	return e
}

// outcome is how a span ended, or a copy of it.
func (n *node) outcome() Status {
	if n.fault != nil {
		return StatusOfError
	}
	return n.status()
}

// closeSessions ends sessions of which a span says so.
func (as *assembly) closeSessions() {
	for _, n := range as.nodes {
		if n.foreign || n.mute || !n.named() || !boolOf(n.get(fieldSessionEnds).value) {
			continue
		}
		s := as.a.sessions.remove(n.session)
		if s == nil {
			continue
		}
		if s.ranked == rankOfAnything {
			s.ending = as.sessionEnd(n, rankOfRoot)
		}
		as.events = append(as.events, s.ending)
	}
}

// endTrace ends a session that is the trace, with its root. One that is a single call waits: it may turn out to be the copy of a call in a session that goes on.
func (as *assembly) endTrace() {
	n := as.opener
	if n == nil {
		return
	}
	as.past.opened = true
	as.past.rooted = as.past.rooted || n.root()
	e := as.sessionEnd(n, rankOfRoot)
	switch {
	case n.named():
	case as.loneCall() != nil:
		as.a.loners.open(n.session, as.now).learn(&e, rankOfRoot)
	default:
		as.emit(n, e)
	}
}
