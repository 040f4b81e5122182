package genai

// memory is what must be known of traces that were given away, for spans of them that come later. It is bounded, and holds no content but short reasons and what
// failures said.
type memory struct {
	traces  *lately[TraceID, *pastTrace]
	faults  *lately[faultKey, []pastFault]
	reasons *lately[askedCall, string]
}

// maxKnownSpans bounds what is remembered of one trace.
const maxKnownSpans = 4_096

// maxReasons bounds how many calls of tools that did not come yet are remembered with the reason that a model gave.
const maxReasons = 1_000

func newMemory(traces int) *memory {
	half := (traces + 1) / 2 // there are two generations
	return &memory{
		traces: newLately[TraceID, *pastTrace](half), faults: newLately[faultKey, []pastFault](half), reasons: newLately[askedCall, string](maxReasons / 2),
	}
}

// pastTrace is what is remembered of a trace.
type pastTrace struct {
	session, sessionBy string // that its spans name; "" = none so far
	foreign            bool   // the session is of Sentrial's SDK
	own                bool   // something was recorded under the trace's own id
	rooted, opened     bool   // its root opened the session; anything did
	about              about
	handled            handled
	spans              map[SpanID]*knownSpan
	inside             map[SpanID]inside    // what was seen inside of spans that have not come yet
	tools              map[string]*pastTool // by their call ids
}

// knownSpan is what is remembered of a span.
type knownSpan struct {
	parent             SpanID
	around             string // the nearest event: its own, or one around it
	call               string // the event of the call of a model that it is or is inside of, through neither a tool nor an agent
	counted            string // the event that has the tokens of the calls inside
	tool, toolName     string // the event of the tool that it is or is inside of
	toolKind           kind
	within             string // the event recorded by other means that it is in
	session, sessionBy string // "" = the trace's
	foreign            bool
	fault              uint64 // hash of the failure that was told of it or of a span around it
}

// inside is what was seen inside of a span.
type inside struct {
	below below
	tool  string // the name of a tool, reached through neither an agent nor a call of a model
	event string // its event
}

// knows tells whether the span was given away before.
func (m *memory) knows(s *Span) bool {
	p := m.traces.get(s.TraceID)
	return p != nil && p.spans[s.SpanID] != nil
}

// tell notes what was seen inside of a span that came before, or comes later.
func (p *pastTrace) tell(id SpanID, in inside) {
	for range maxKnownSpans {
		old := p.inside[id]
		if old.below|in.below == old.below && (in.tool == "" || old.tool != "") {
			return // it is told already, and so are those around it
		}
		if in.tool == "" {
			in.tool, in.event = old.tool, old.event
		}
		if in.below |= old.below; old == (inside{}) && len(p.inside) >= maxKnownSpans {
			return
		}
		p.inside[id] = in
		span := p.spans[id]
		if span == nil || span.parent.IsZero() {
			return
		}
		id, in = span.parent, inside{below: in.below}
	}
}

// remember keeps what later spans of the trace need to know. Traces in which nothing is recorded are not remembered, so that the traffic of a busy server does not
// push those of agents out.
func (as *assembly) remember() {
	if !as.recorded && as.past.spans == nil {
		return
	}
	p := as.past
	if p.about.agent != nil {
		p.about.agent.input, p.about.agent.output = nil, nil
		p.about.agent.error = beginning(p.about.agent.error)
	}
	if p.spans == nil {
		p.spans, p.inside = make(map[SpanID]*knownSpan, len(as.nodes)), make(map[SpanID]inside)
	}
	for _, n := range as.nodes {
		if t := p.tools[n.callID()]; t != nil && t.node != nil {
			t.event, t.node = t.node.eventID(), nil
		}
	}
	known := make([]knownSpan, min(len(as.nodes), maxKnownSpans-len(p.spans))) // copies, so that the nodes are not kept
	for i := range known {
		known[i] = as.nodes[i].known
		p.spans[as.nodes[i].span.SpanID] = &known[i]
	}
	for _, n := range as.nodes {
		if n.parent == nil && !n.root() {
			p.tell(n.span.ParentID, n.insideFor(as.skipOurs()))
		}
	}
	as.a.memory.traces.put(as.t.id, p, 1+len(as.nodes)/16)
}

// insideFor is what a span tells to the one around it that has not come.
func (n *node) insideFor(skipOurs bool) inside {
	in := inside{below: n.told(skipOurs)}
	if n.kind.toolLike() && n.copyOf == "" && !n.mute {
		in.tool, in.event = n.toolName(), n.event
	}
	return in
}

// note notes what later traces, and later spans of this one, need to know of the events.
func (as *assembly) note() {
	for _, n := range as.order {
		as.know(n)
		if !n.leaf || n.promoted || n.mute || as.skips(n) {
			continue
		}
		s := &seen{callFacts: n.about(), event: n.event, session: n.session, foreign: n.foreign, lone: as.loneCall() != nil && !n.named()}
		as.a.twins.give(s)
	}
	as.noteHandled()
	for i := range as.events {
		as.past.own = as.past.own || as.events[i].SessionID == as.t.own && as.events[i].Type != EventSessionAlias
	}
}

// know fills in what is remembered of a span.
func (as *assembly) know(n *node) {
	k := &n.known
	k.around, k.within = n.around, n.span.Parent
	if n.chosen != "" || n.named() {
		k.session, k.sessionBy, k.foreign = n.session, n.sessionBy, n.foreign
	}
	if p := n.knownParent(); p != nil && !n.blocks() {
		k.call, k.tool, k.toolName, k.toolKind = p.call, p.tool, p.toolName, p.toolKind
		k.counted = p.counted
	} else if p != nil {
		k.counted = p.counted
	}
	switch {
	case n.promoted:
		k.counted = n.event
	case n.leaf:
		k.call, k.tool = n.event, ""
	case n.copyOf != "" && n.kind.inference():
		k.call, k.tool = n.copyOf, ""
	case n.kind.toolLike() && n.event != "":
		k.tool, k.toolName, k.toolKind = n.event, n.toolName(), n.kind
	}
}

func (n *node) knownParent() *knownSpan {
	if n.parent != nil {
		return &n.parent.known
	}
	return n.outside
}
