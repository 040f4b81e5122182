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
		spare(as.nodes)
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
