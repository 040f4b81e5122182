package genai

// givenElsewhere sees whether a trace that is one call of a model is the copy of a call elsewhere.
func (as *assembly) givenElsewhere() bool {
	n := as.loneCall()
	if n == nil || n.mute {
		return false
	}
	if s := as.a.twins.seenCopy(n, func(s *seen) bool { return s.trace != as.t.id }); s != nil {
		n.isCopy(s.event, "the same call as span "+s.span.String()+" of trace "+s.trace.String())
		as.belongsTo(s.session, s.foreign)
		return true
	}
	for _, m := range as.a.twins.heldCopies(n) {
		if m.mute || m.held.lone() && better(n, m) {
			continue // that one is taken in below
		}
		m.copies = append(m.copies, n)
		n.lent = true
		n.isCopy(m.eventID(), "the same call as span "+m.span.SpanID.String()+" of trace "+m.span.TraceID.String())
		return true
	}
	return false
}

// loneCall gives the call that is all there is in the trace; nil when there is more.
func (as *assembly) loneCall() *node {
	if !as.t.lone() || as.past.spans != nil {
		return nil
	}
	return as.t.calls[0]
}

// belongsTo puts the trace into the session of the call that it is a copy of.
func (as *assembly) belongsTo(session string, foreign bool) {
	if as.past.session == "" {
		as.past.session, as.past.foreign = session, foreign
	}
}

// joinTwins joins the calls of the trace with copies in traces of their own: those that are held are given away with it; those that were given away already stand for
// the call, and what came under their trace's id moves here.
func (as *assembly) joinTwins() {
	for _, n := range as.nodes {
		if !n.leaf || n.promoted || n.mute {
			continue
		}
		as.takeIn(n)
		if as.loneCall() != nil {
			continue
		}
		if s := as.a.twins.seenCopy(n, as.stands); s != nil {
			n.leaf = false
			n.isCopy(s.event, "the same call as span "+s.span.String()+" of trace "+s.trace.String()+", which was given away before")
			if s.trace == as.t.id {
				continue
			}
			as.alias(s.trace, n.session, n)
			s.lone, s.session, s.foreign = false, n.session, n.foreign
		}
	}
}

// stands tells whether a call that was given away stands for its copies in this trace.
func (as *assembly) stands(s *seen) bool { return s.lone || s.trace == as.t.id }

func (as *assembly) takeIn(n *node) {
	for _, m := range as.a.twins.heldCopies(n) {
		if !m.held.lone() || m.mute || as.a.memory.traces.get(m.held.id) != nil {
			continue
		}
		n.take(m, "the same call as span "+n.span.SpanID.String()+" of trace "+n.span.TraceID.String())
		m.session, m.sessionBy = n.session, n.sessionBy
		as.also = append(as.also, as.a.dropLone(as, m))
	}
}

// dropLone gives away a trace that turned out to be a copy.
func (a *Assembler) dropLone(as *assembly, m *node) Released {
	t := m.held
	a.letGo(t)
	other := a.newAssembly(as.now, t)
	other.belongsTo(m.session, m.foreign)
	other.link()
	other.place()
	other.settle()
	other.remember()
	return other.released()
}
