package genai

import (
	"cmp"
	"container/list"
	"time"
)

// Assembler puts traces together of spans that come in any order, in any number of pieces, more than once or not at all, and gives the events that they become. It
// has no clock and no goroutine: the caller says what time it is. It is not safe for concurrent use.
type Assembler struct {
	cfg Config

	held     map[TraceID]*heldTrace
	queue    dueQueue
	arrivals *list.List // of traces, in the order in which they came; those that are due because there are too many are not among them
	count    int        // of spans and logs that are held
	pressed  int        // of them, those of traces that are due because there are too many
	logsSeen bool       // some instrumentation puts content in logs

	memory   *memory
	twins    *twins
	before   *alike[*node] // see joinCalls
	sessions *openSessions // those with an id of their own
	loners   *openSessions // those of calls that are all there is, whose other copy may still come
}

// NewAssembler gives an empty one.
func NewAssembler(c Config) *Assembler {
	c = c.withDefaults()
	return &Assembler{
		cfg: c, held: make(map[TraceID]*heldTrace), arrivals: list.New(), memory: newMemory(c.MaxTraces), twins: newTwins(2 * c.MaxTraces), before: newAlike[*node](),
		sessions: newOpenSessions(c.SessionIdle, c.MaxTraces), loners: newOpenSessions(c.MaxWait, c.MaxTraces),
	}
}

// Add takes spans. They are kept until Take or TakeAll gives them away, and must not be changed. Spans without ids are left out and counted in the result.
func (a *Assembler) Add(now time.Time, spans ...*Span) (left int) {
	for _, s := range spans {
		switch {
		case s == nil || s.TraceID.IsZero() || s.SpanID.IsZero():
			left++
		case !a.memory.knows(s):
			a.take(now, s)
		}
	}
	a.press()
	return left
}

func (a *Assembler) take(now time.Time, s *Span) {
	t := a.trace(now, s.TraceID)
	old := t.spans[s.SpanID]
	if old != nil && !fuller(s, old.span) {
		return
	}
	n := newNode(s, t, &a.cfg)
	if old != nil {
		n.copies = old.copies
		a.replace(t, old)
	} else {
		a.grew(t, 1)
	}
	t.spans[s.SpanID], t.last = n, now
	a.note(now, t, n)
	a.moved(t)
}

// fuller tells which of two spans with the same ids counts, whichever came first: some exporters send one early and again when more is known.
func fuller(s, old *Span) bool {
	return cmp.Or(s.End.Compare(old.End), cmp.Compare(len(s.Attributes)+len(s.Events), len(old.Attributes)+len(old.Events))) > 0
}

// replace forgets what was noted of a span that came again with more in it.
func (a *Assembler) replace(t *heldTrace, old *node) {
	if old.kind != kindOther {
		t.genAI--
	}
	if old.awaitsLogs {
		t.awaitLogs--
	}
	if old.kind.inference() {
		a.twins.held.remove(old)
		t.dropCall(old)
	}
}

// note sees what a new span means for how long its trace is held.
func (a *Assembler) note(now time.Time, t *heldTrace, n *node) {
	if n.span.ParentID.IsZero() || n.span.RemoteParent {
		t.rootAt = later(t.rootAt, now)
	}
	if n.chosen != "" {
		t.named = true
		a.sessions.touch(n.chosen, now)
	}
	if n.kind != kindOther {
		t.genAI++
	}
	switch {
	case n.kind.inference():
		t.addCall(n)
		a.twins.held.add(n)
		if (n.contentInLogs || a.logsSeen) && len(t.logs[n.span.SpanID]) == 0 && !n.hasContent() {
			t.awaitLogs++
			t.logsUntil = later(t.logsUntil, now.Add(logsWait))
			n.awaitsLogs = true
		}
	case n.kind != kindOther && !n.kind.toolLike() && n.countsTokens():
		t.summed = true
	}
}

// Take gives what is due: traces that are complete or have waited long enough, and ends of sessions that were idle.
func (a *Assembler) Take(now time.Time) []Released {
	var due []*heldTrace
	for len(a.queue) > 0 && !a.queue[0].due.After(now) {
		due = append(due, a.queue[0])
		a.unqueue(a.queue[0])
	}
	given := a.give(now, due)
	return a.ends(given, append(a.loners.idle(now), a.sessions.idle(now)...))
}

// TakeAll gives all that is held, at the end of a program for example. Sessions with an id of their own stay open.
func (a *Assembler) TakeAll(now time.Time) []Released {
	return a.ends(a.give(now, a.all()), a.loners.all())
}

// Close is TakeAll, and ends the sessions that are open.
func (a *Assembler) Close(now time.Time) []Released {
	return a.ends(a.TakeAll(now), a.sessions.all())
}

// CloseSession ends a session that has an id of its own, after giving what is held of it.
func (a *Assembler) CloseSession(now time.Time, id string) []Released {
	id = ruly(id)
	var of []*heldTrace
	for _, t := range a.held {
		if past := a.memory.traces.get(t.id); t.names(id) || past != nil && past.session == id {
			of = append(of, t)
		}
	}
	for _, t := range of {
		a.unqueue(t)
	}
	given := a.give(now, of)
	if s := a.sessions.remove(id); s != nil {
		given = a.ends(given, []*openSession{s})
	}
	return given
}

func (t *heldTrace) names(session string) bool {
	for _, n := range t.spans {
		if n.chosen == session {
			return true
		}
	}
	return false
}

func (a *Assembler) all() (list []*heldTrace) {
	for _, t := range a.held {
		list = append(list, t)
		t.at = -1
	}
	a.queue = nil
	return list
}

// Next is when Take will have something to give, if nothing comes before; false means never.
func (a *Assembler) Next() (next time.Time, some bool) {
	if len(a.queue) > 0 {
		next, some = a.queue[0].due, true
	}
	for _, open := range []*openSessions{a.sessions, a.loners} {
		if at, ok := open.next(); ok && (!some || at.Before(next)) {
			next, some = at, true
		}
	}
	return next, some
}

// Held counts the spans and logs that were not given away yet.
func (a *Assembler) Held() int { return a.count }

// Released is what one trace became.
type Released struct {
	TraceID      TraceID // zero for ends of idle sessions
	Events       []Event // in the order of time
	Explanations []Explanation
}

// Explanation tells what became of a span and why.
type Explanation struct {
	Span     *Span
	Dialects []string // whose attributes or scope it has
	Kind     string   // llm, embeddings, tool, retrieval, memory, agent, workflow, plan, decision, chain, other, ours
	Rule     string   // what says so, such as `gen_ai.operation.name = chat`
	Became   []string // ids of the events; none: Why says why
	Why      string   // such as "the call inside it is counted", "the same call as span 1f…"
	Session  string
	From     string // the attribute that named the session, "" = the trace
	Fields   []FieldSource
}

// FieldSource says where a field of an event came from.
type FieldSource struct {
	Field   string // as on the wire: model, prompt_tokens, tool_input, ...
	Key     string // the attribute or span event
	Dialect string
	Value   any
}
