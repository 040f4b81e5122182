package genai

import "cmp"

// place gives each span its session: the one that it names, the nearest one around it names, or any span of the trace, the earliest first; else the trace's own.
func (as *assembly) place() {
	as.findSession()
	for _, n := range as.order {
		switch {
		case n.chosen != "":
			n.session, n.sessionBy, n.foreign = n.chosen, n.chosenBy, n.ours || n.span.Begun
		case n.parent != nil:
			n.session, n.sessionBy, n.foreign = n.parent.session, n.parent.sessionBy, n.parent.foreign
		case n.outside != nil && n.outside.session != "":
			n.session, n.sessionBy, n.foreign = n.outside.session, n.outside.sessionBy, n.outside.foreign
		default:
			n.session, n.sessionBy, n.foreign = as.session, as.past.sessionBy, as.past.foreign
		}
	}
}

// findSession finds the session of the trace as a whole. One that is named after something was recorded under the trace's own id takes that in.
func (as *assembly) findSession() {
	p := as.past
	if p.session == "" {
		for _, n := range as.nodes {
			if n.chosen != "" {
				p.session, p.sessionBy, p.foreign = n.chosen, n.chosenBy, n.ours || n.span.Begun
				break
			}
		}
		if p.session != "" && p.own {
			as.alias(as.t.id, p.session, as.nodes[0])
		}
	}
	as.session = cmp.Or(p.session, as.t.own)
}

// alias says that what was recorded under a trace's id belongs to another session, then and later.
func (as *assembly) alias(of TraceID, into string, n *node) {
	from := sessionOfTrace(of)
	as.a.loners.remove(from)
	if from == into {
		return
	}
	as.events = append(as.events, Event{
		Type: EventSessionAlias, ID: eventOfTrace(of, suffixAlias), SessionID: from, TraceID: of, Time: n.span.Start, Into: into,
	})
}

// about is what spans say of the session they belong to.
type about struct {
	said  Session
	agent *agentSaid // the outermost agent; nil = none so far
}

// agentSaid is what the session is told of the outermost agent.
type agentSaid struct {
	name, version string
	input, output any
	failed        bool
	error         string
	start         int64
}

// describe takes over what the spans of the trace say of their session, those that began first before the others.
func (as *assembly) describe() {
	ab := &as.past.about
	for _, n := range as.nodes {
		if n.kind == kindOther || n.mute || n.ours {
			continue
		}
		ab.said.complete(n.reading)
		if start := n.span.Start.UnixNano(); n.kind == kindAgent && (ab.agent == nil || start < ab.agent.start) {
			s := n.reading.session()
			ab.agent = &agentSaid{name: s.AgentName, version: s.AgentVersion, input: s.Input, output: n.output(), start: start}
			if n.fault != nil {
				ab.agent.failed, ab.agent.error = true, n.fault.errorText()
			}
		}
	}
}

// complete takes over what is not known yet. It notes each field as used whether it is needed or not, so that what is left for metadata does not depend on the
// spans that came before.
func (s *Session) complete(r *reading) {
	user, conversation, tags := r.text(fieldUserID), r.text(fieldConversationID), textsOf(r.content(fieldTags))
	name, version := r.text(fieldAgentName), r.text(fieldAgentVersion)
	s.UserID, s.ConversationID = cmp.Or(s.UserID, user), cmp.Or(s.ConversationID, conversation)
	s.AgentName, s.AgentVersion = cmp.Or(s.AgentName, name), cmp.Or(s.AgentVersion, version)
	if len(s.Tags) == 0 {
		s.Tags = tags
	}
}

// open finds the span with which the session begins and ends: the root, when it or anything in it is an event. Below a parent in another process it takes an agent,
// as a model or a tool that is called from elsewhere is part of the caller's session.
func (as *assembly) open() {
	for _, remote := range []bool{false, true} {
		for _, n := range as.nodes {
			if as.opener == nil && as.mayOpen(n, remote) {
				as.opener, n.opens = n, true
			}
		}
	}
}

func (as *assembly) mayOpen(n *node, remote bool) bool {
	seen := n.below | n.self(as.skipOurs())
	switch {
	case n.mute || n.ours || n.foreign || n.copyOf != "" || as.past.rooted || !n.outer() || n.root() == remote:
		return false
	case remote:
		return n.span.RemoteParent && !as.past.opened && seen&belowAgent != 0
	}
	return seen&belowEvent != 0
}

// named tells whether the session of a span has an id that a program chose.
func (n *node) named() bool { return n.session != n.held.own }

// sessionStart opens the session of a root. It is the span's own event, unless that is a call of a model or a tool.
func (as *assembly) sessionStart(n *node) Event {
	single := n.kind.inference() && n.leaf || n.kind.toolLike()
	e := n.newEvent(EventSessionStart, "")
	if single || n.promoted && n.kind == kindChain {
		e.ID += suffixStart
	}
	e.ParentID = ""
	e.Session = as.whole(n)
	switch {
	case single && n.named():
		e.Session.Name, e.Session.Input = "", nil // it is one of many, and not what the session is about
	case single:
		e.Session.Input = nil
	case !n.leaf:
		n.output() // the end of the session tells it
		n.errorText()
		e.Metadata, e.Attributes = n.rest()
	}
	return e
}

// whole is what is known of the session that a root opens. A root below a parent elsewhere does not say what the session was asked, or is called: that is for the
// true root to say.
func (as *assembly) whole(n *node) *Session {
	s, ab := n.reading.session(), &as.past.about
	out := &Session{
		AgentName: s.AgentName, AgentVersion: s.AgentVersion, Input: s.Input, Tags: s.Tags,
		UserID: cmp.Or(s.UserID, ab.said.UserID), ConversationID: cmp.Or(s.ConversationID, ab.said.ConversationID),
	}
	if len(out.Tags) == 0 {
		out.Tags = ab.said.Tags
	}
	if ab.agent != nil && n.kind != kindAgent {
		out.AgentName, out.AgentVersion = ab.agent.name, ab.agent.version
		if out.Input == nil {
			out.Input = ab.agent.input
		}
	}
	out.AgentName, out.AgentVersion = cmp.Or(out.AgentName, ab.said.AgentName), cmp.Or(out.AgentVersion, ab.said.AgentVersion)
	out.Name = cmp.Or(textOf(n.get(fieldSessionName).value), out.AgentName, n.span.Name)
	if !n.root() {
		out.Name, out.Input = out.AgentName, nil
	}
	return out
}

// provisional opens the session of a trace whose root has not come, if anything can be said of it. The root says the same and more, should it come.
func (as *assembly) provisional() {
	if as.opener != nil || as.past.opened || !as.rootless() {
		return
	}
	ab := &as.past.about
	s := &Session{UserID: ab.said.UserID, ConversationID: ab.said.ConversationID, AgentName: ab.said.AgentName, AgentVersion: ab.said.AgentVersion, Tags: ab.said.Tags}
	if ab.agent != nil {
		s.AgentName, s.AgentVersion = ab.agent.name, ab.agent.version
	}
	s.Name = s.AgentName
	first := as.firstEvent()
	if first == nil || first.foreign || cmp.Or(s.AgentName, s.UserID, s.ConversationID) == "" {
		return
	}
	e := first.newEvent(EventSessionStart, "")
	e.ID, e.ParentID, e.SpanID, e.SessionID, e.Session = eventOfTrace(as.t.id, suffixStart), "", SpanID{}, as.session, s
	as.events = append(as.events, e)
	as.past.opened = true
}

// rootless tells whether every outermost span has a parent that did not come, though nothing says that it is in another process.
func (as *assembly) rootless() bool {
	for _, n := range as.nodes {
		if n.outer() && (n.root() || n.span.RemoteParent) {
			return false
		}
	}
	return true
}

// firstEvent is the first span that became an event here.
func (as *assembly) firstEvent() *node {
	for _, n := range as.nodes {
		if n.event != "" && !n.ours {
			return n
		}
	}
	return nil
}
