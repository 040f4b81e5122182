package genai

import (
	"cmp"
	"slices"
)

// makeEvents makes the events of all spans.
func (as *assembly) makeEvents() {
	as.events = slices.Grow(as.events, as.t.genAI+2) // the session begins and ends
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
		as.emit(n, n.whole(Event{Type: EventToolCall, ToolCall: n.toolCall()}))
	case n.kind == kindPlan || n.kind == kindDecision:
		as.emit(n, n.whole(Event{Type: EventDecision, Decision: n.decision()}))
	case n.kind == kindEvaluation:
		as.emit(n, n.whole(Event{Type: EventFeedback, Feedback: n.judgement(n.parentEvent())}))
	}
	switch {
	case n.opens:
		as.emit(n, as.sessionStart(n))
	case n.event != "" && n.isStep():
		as.emit(n, n.whole(Event{Type: EventStep, Step: n.step()}))
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
	e := Event{Type: t}
	n.begin(&e, suffix)
	return e
}

func (n *node) begin(e *Event, suffix string) {
	e.ID, e.SessionID, e.ParentID = n.eventID()+suffix, n.session, n.parentEvent()
	e.TraceID, e.SpanID, e.Time, e.Note = n.span.TraceID, n.span.SpanID, n.span.Start, n.span.Note
}

// whole completes the event that stands for the span as a whole, which has its payload: what that did not use is left for metadata.
func (n *node) whole(e Event) Event {
	n.begin(&e, "")
	e.Duration, e.Status = n.duration(), n.outcome()
	if n.fault != nil {
		e.Error = n.fault.errorText()
	}
	e.Metadata, e.Attributes = n.rest()
	return e
}

func (as *assembly) llmCall(n *node) Event {
	e := n.whole(Event{Type: EventLLMCall, LLMCall: n.llmCall()})
	if n.facts != nil {
		n.facts.key() // by what it says alone
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
	if as.a.cfg.Explain {
		n.became = append(n.became, e.ID)
	}
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
