package genai

import (
	"bytes"
	"cmp"
	"slices"
	"time"
)

// assembly is a trace on its way to events, or what is held of one.
type assembly struct {
	a       *Assembler
	now     time.Time
	t       *heldTrace
	past    *pastTrace // what is known of it from before; never nil
	nodes   []*node    // in the order of time
	order   []*node    // those around others before them
	session string     // the trace's
	genAI   bool       // something of it is of GenAI

	opener   *node
	recorded bool // something of it is an event
	events   []Event
	also     []Released // traces that turned out to be copies of calls in this one
}

// give gives traces away. Those that are a single call come last: it may be a copy of one in another trace.
func (a *Assembler) give(now time.Time, due []*heldTrace) (given []Released) {
	slices.SortFunc(due, compareTraces)
	for _, t := range due {
		if t.gone {
			continue // as a copy of a call in another one
		}
		a.letGo(t)
		as := a.newAssembly(now, t)
		as.assemble()
		given = append(append(given, as.released()), as.also...)
		a.spares.put(as.nodes)
	}
	return given
}

func compareTraces(x, y *heldTrace) int {
	if x.lone() != y.lone() {
		if x.lone() {
			return 1
		}
		return -1
	}
	return cmp.Or(x.begin().Compare(y.begin()), bytes.Compare(x.id[:], y.id[:]))
}

// begin is when the first span began.
func (t *heldTrace) begin() time.Time {
	if t.began.IsZero() {
		for _, n := range t.spans {
			if t.began.IsZero() || n.span.Start.Before(t.began) {
				t.began = n.span.Start
			}
		}
	}
	return t.began
}

func (a *Assembler) newAssembly(now time.Time, t *heldTrace) *assembly {
	as := &assembly{a: a, now: now, t: t, past: a.memory.traces.get(t.id), genAI: t.genAI > 0}
	if as.past == nil {
		as.past = new(pastTrace)
	}
	as.genAI = as.genAI || as.past.spans != nil
	as.nodes = make([]*node, 0, len(t.spans))
	for _, n := range t.spans {
		as.nodes = append(as.nodes, n)
	}
	return as
}

func (as *assembly) skipOurs() bool     { return as.a.cfg.SkipOurs }
func (as *assembly) skips(n *node) bool { return n.ours && as.a.cfg.SkipOurs }

// assemble finds out what the spans are to each other, and makes their events.
func (as *assembly) assemble() {
	if len(as.nodes) == 0 {
		return
	}
	as.joinLogs()
	as.link()
	if as.givenElsewhere() {
		as.place()
		as.settle()
		as.remember()
		return
	}
	as.place()
	as.lookAround()
	as.joinCallIDs()
	as.findCalls()
	as.joinCalls()
	as.joinTwins()
	as.open()
	as.settle()
	as.describe()
	as.makeEvents()
	as.note()
	as.remember()
}

// makeEvents makes the events of all spans.
func (as *assembly) makeEvents() {
	for _, n := range as.nodes {
		if !n.mute && !as.skips(n) && n.copyOf == "" {
			as.eventsOf(n)
		}
	}
	as.errors()
	as.provisional()
	as.keepOpen()
	as.endTrace()
	as.closeSessions()
	as.giveReasons()
}

// eventsOf makes the events of one span.
func (as *assembly) eventsOf(n *node) {
	if n.ours {
		for _, e := range n.reading.ours(as.a.cfg.WithoutContent) {
			as.emit(n, e)
		}
		return
	}
	if n.kind != kindEvaluation && (n.has(fieldEvaluationScore) || n.has(fieldEvaluationLabel)) {
		e := n.newEvent(EventFeedback, suffixFeedback)
		e.ParentID, e.Feedback = n.around, n.judgement(n.event)
		as.emit(n, e)
	}
	switch {
	case n.leaf:
		as.emit(n, as.llmCall(n))
	case n.kind.toolLike():
		as.emit(n, n.whole(EventToolCall, func(e *Event) { e.ToolCall = n.toolCall() }))
	case n.kind == kindPlan || n.kind == kindDecision:
		as.emit(n, n.whole(EventDecision, func(e *Event) { e.Decision = n.decision() }))
	case n.kind == kindEvaluation:
		as.emit(n, n.whole(EventFeedback, func(e *Event) { e.Feedback = n.judgement(n.parentEvent()) }))
	}
	switch {
	case n.opens:
		as.emit(n, as.sessionStart(n))
	case n.event != "" && n.isStep():
		as.emit(n, n.whole(EventStep, func(e *Event) { e.Step = n.step() }))
	}
}

// isStep tells whether the span is work around calls, or beside them.
func (n *node) isStep() bool {
	switch n.kind {
	case kindAgent, kindWorkflow:
		return true
	case kindChain, kindOther:
		return !n.promoted
	}
	return false
}

// judgement gives the result of an evaluation of an event.
func (n *node) judgement(of string) *Feedback {
	f := n.feedback()
	f.EventID = cmp.Or(f.EventID, of)
	return f
}

// newEvent begins an event of the span; the suffix tells it from the others of the same span.
func (n *node) newEvent(t EventType, suffix string) Event {
	return Event{
		Type: t, ID: n.eventID() + suffix, SessionID: n.session, ParentID: n.parentEvent(), TraceID: n.span.TraceID, SpanID: n.span.SpanID, Time: n.span.Start,
	}
}

// whole makes the event that stands for the span as a whole.
func (n *node) whole(t EventType, fill func(*Event)) Event {
	e := n.newEvent(t, "")
	e.Duration, e.Status = n.duration(), n.outcome()
	if n.fault != nil {
		e.Error = n.fault.errorText()
	}
	fill(&e)
	e.Metadata, e.Attributes = n.rest()
	return e
}

func (as *assembly) llmCall(n *node) Event {
	e := n.whole(EventLLMCall, func(e *Event) { e.LLMCall = n.llmCall() })
	if n.facts != nil {
		n.facts.of = nil
		n.facts.said, n.facts.calls = hashesOf(e.LLMCall.OutputMessages)
	}
	if n.promoted && n.kind != kindChain {
		e.ID, e.ParentID = e.ID+suffixCall, n.event // the span is an agent as well
	}
	if n.fault == nil && n.incomplete() {
		e.Metadata = with(e.Metadata, "incomplete", true)
	}
	if o := n.outside; o != nil && o.counted != "" {
		e.LLMCall.Usage, e.LLMCall.Cost = Usage{}, nil
		e.Metadata = with(e.Metadata, "tokens_counted_in", o.counted)
	}
	return e
}

func with(m map[string]any, name string, v any) map[string]any {
	if m == nil {
		m = make(map[string]any, 1)
	}
	m[name] = v
	return m
}

// emit takes an event of a span.
func (as *assembly) emit(n *node, e Event) {
	n.became = append(n.became, e.ID)
	as.add(e)
}

func (as *assembly) add(e Event) {
	if len(e.Metadata) == 0 {
		e.Metadata = nil
	}
	if len(e.Attributes) == 0 {
		e.Attributes = nil
	}
	as.events = append(as.events, e)
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

// released gives what became of the trace.
func (as *assembly) released() Released {
	r := Released{TraceID: as.t.id, Events: as.events}
	if as.a.cfg.WithoutContent {
		for i := range r.Events {
			r.Events[i].withhold()
		}
	}
	slices.SortStableFunc(r.Events, func(x, y Event) int { return compareEvents(x, y) })
	if as.a.cfg.Explain {
		r.Explanations = as.explain()
	}
	return r
}

// compareEvents orders events by time, and those of the same instant by what they are.
func compareEvents(x, y Event) int {
	return cmp.Or(x.Time.Compare(y.Time), cmp.Compare(turnOf(x.Type), turnOf(y.Type)), cmp.Compare(x.ID, y.ID))
}

func turnOf(t EventType) int {
	switch t {
	case EventSessionAlias:
		return 0
	case EventSessionStart:
		return 1
	case EventError:
		return 3
	case EventSessionEnd:
		return 4
	}
	return 2
}

// note notes what later traces, and later spans of this one, need to know of the events.
func (as *assembly) note() {
	for _, n := range as.order {
		as.know(n)
		if !n.leaf || n.promoted || n.mute || as.skips(n) {
			continue
		}
		s := &seen{callFacts: *n.about(), event: n.event, session: n.session, foreign: n.foreign, lone: as.loneCall() != nil && !n.named()}
		as.a.twins.give(s)
	}
	for i := range as.events {
		as.past.own = as.past.own || as.events[i].SessionID == sessionOfTrace(as.t.id) && as.events[i].Type != EventSessionAlias
	}
}

// know fills in what is remembered of a span.
func (as *assembly) know(n *node) {
	k := &n.known
	k.parent, k.around = n.span.ParentID, n.around
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
