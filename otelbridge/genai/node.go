package genai

import (
	"bytes"
	"cmp"
	"time"
)

// node is a span and its place among those around it.
type node struct {
	*reading

	kind       kind   // the reading's; of spans that Sentrial's SDK made, what it made them of
	ours, mute bool   // made by Sentrial's SDK; left out by the filter
	id         string // see eventID
	chosen     string
	chosenBy   string // the attribute that named the session; "" = what was around the span
	held       *heldTrace
	awaitsLogs bool
	callAt     int     // its place among the calls of the trace
	copies     []*node // those in traces of their own
	lent       bool    // it is among the copies of another
	facts      *callFacts

	// What is known when the trace is given away.
	parent   *node
	outside  *knownSpan // what is remembered of the span around it, where that was given away before
	children []*node
	walk     int // in which it was met when rings were looked for
	place    int // from the outside in
	last     int // the place of the last span inside

	session, sessionBy string
	foreign            bool // the session is of Sentrial's SDK, which begins and ends it

	below    below
	handled  handled  // inside it
	calls    int      // of models inside it, reached through neither a tool nor an agent
	only     *node    // that call, if there is one
	near     *node    // the nearest span of GenAI around it
	tool     *node    // the nearest tool around it, reached through neither an agent nor a call of a model
	inCall   bool     // it is inside of a call of a model, reached the same way
	leaf     bool     // it is a call of a model that counts
	promoted bool     // it is one because what it sums never came
	opens    bool     // the session begins and ends with it
	copyOf   string   // the event that stands for the same call, where another one does
	event    string   // the id of its event, which spans inside may name; "" = none
	around   string   // the nearest event: its own, or one around it
	fault    *reading // what says how it failed: its own reading or that of a copy; nil = it did not
	why      string
	became   []string
	known    knownSpan // what is remembered of it
}

// newNode reads a span.
func newNode(s *Span, t *heldTrace, c *Config) *node {
	n := spares.Get().(*node)
	n.reading.of(s, nil)
	n.held, n.mute = t, s.Silent || c.Filter != nil && !c.Filter(s)
	n.settleKind()
	n.chosen, n.chosenBy = n.sessionID(c.SessionKeys)
	if s.Begun || n.chosen == "" {
		n.chosen, n.chosenBy = ruly(s.Session), ""
	}
	return n
}

// settleKind sees what a span of Sentrial's SDK was made of.
func (n *node) settleKind() {
	n.kind, n.ours = n.reading.kind, n.reading.kind == kindOurs
	if !n.ours {
		return
	}
	switch EventType(textOf(n.attribute("sentrial.event.type"))) {
	case EventLLMCall:
		n.kind = kindLLM
	case EventToolCall:
		n.kind = kindTool
	case EventSessionStart:
		n.kind = kindAgent
	default:
		n.kind = kindChain
	}
}

// withLogs reads the span again, with the log records that belong to it.
func (n *node) withLogs(logs []SpanEvent) {
	n.reading = read(n.span, logs)
	n.settleKind()
}

// eventID is the reading's, made once.
func (n *node) eventID() string {
	if n.id == "" {
		n.id = n.reading.eventID()
	}
	return n.id
}

// compare orders spans by time, and those of the same instant in an order that does not depend on how they came.
func (n *node) compare(m *node) int {
	return cmp.Or(n.span.Start.Compare(m.span.Start), bytes.Compare(n.span.SpanID[:], m.span.SpanID[:]), bytes.Compare(n.span.TraceID[:], m.span.TraceID[:]))
}

// blocks tells whether calls of models inside the span are not those that it stands for itself: a tool or an agent calls models on its own account.
func (n *node) blocks() bool { return n.kind.toolLike() || n.kind == kindAgent }

// outer tells whether the parent is outside of what was seen, in another process or not known.
func (n *node) outer() bool { return n.parent == nil && n.outside == nil }

// root tells whether the span has no parent at all.
func (n *node) root() bool { return n.span.ParentID.IsZero() }

func (n *node) duration() time.Duration {
	if n.span.End.IsZero() {
		return 0
	}
	return max(0, n.span.End.Sub(n.span.Start))
}

// within tells whether the span lies in another one's time, as far as clocks can tell.
func (n *node) within(start, end time.Time) bool {
	return !n.span.Start.Before(start.Add(-clockSlack)) && !n.span.End.After(end.Add(clockSlack))
}

// overlaps tells whether there is a moment at which both spans were open, as far as clocks can tell.
func (n *node) overlaps(start, end time.Time) bool {
	return !n.span.Start.After(end.Add(clockSlack)) && !n.span.End.Before(start.Add(-clockSlack))
}

// clockSlack is how far two clocks in one process may be apart: one that goes by milliseconds, or that was read once and counted on from there.
const clockSlack = 50 * time.Millisecond

// countsTokens tells whether the span has counts of tokens, without taking them for used.
func (r *reading) countsTokens() bool {
	for _, f := range countFields {
		if n, _ := countOf(r.get(f).value); r.has(f) && n > 0 {
			return true
		}
	}
	return false
}
