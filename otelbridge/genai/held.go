package genai

import (
	"container/heap"
	"container/list"
	"time"
)

// heldTrace is a trace of which spans wait to be given away.
type heldTrace struct {
	id    TraceID
	own   string // the session that it is when it names none
	spans map[SpanID]*node
	logs  map[SpanID]map[uint64]SpanEvent // by their fingerprints
	count int                             // of spans and logs

	first, last time.Time // when the first and the latest span came
	rootAt      time.Time // when the local root came; zero: not yet
	logsUntil   time.Time // until when logs with the content of calls may come
	began       time.Time // when the first span began; see begin
	awaitLogs   int       // how many calls wait for theirs
	genAI       int       // spans of GenAI
	calls       []*node   // those that call a model
	named       bool      // a span names a session
	summed      bool      // a span that is no call of a model has tokens

	due     time.Time
	at      int // its place in the queue
	arrived *list.Element
	pressed bool // more is held than may be
	gone    bool // given away
}

// logsWait is how long a call without content is held for its logs, which travel on a way of their own: batches of them go out every second or every five.
const logsWait = 6 * time.Second

// lone tells whether a call of a model is all there is, without a session: perhaps the copy that a second instrumentation made in a trace of its own.
func (t *heldTrace) lone() bool {
	return t.genAI == 1 && len(t.calls) == 1 && !t.named && t.calls[0].span.ParentID.IsZero()
}

func (t *heldTrace) addCall(n *node) {
	n.callAt = len(t.calls)
	t.calls = append(t.calls, n)
}

// dropCall puts the last call in the place of another one.
func (t *heldTrace) dropCall(n *node) {
	last := len(t.calls) - 1
	t.calls[n.callAt] = t.calls[last]
	t.calls[n.callAt].callAt = n.callAt
	t.calls = t.calls[:last]
}

// schedule says when the trace is due.
func (t *heldTrace) schedule(c *Config) {
	switch {
	case len(t.spans) == 0:
		t.due = t.first.Add(c.MaxWait) // records of a call that goes on
	case t.rootAt.IsZero():
		t.due = t.last.Add(c.Quiet)
	case t.lone(), t.summed && len(t.calls) == 0: // the other copy, or the calls that were summed, may come
		t.due = t.rootAt.Add(max(c.Settle, c.Quiet))
	default:
		t.due = t.rootAt.Add(c.Settle)
	}
	if t.awaitLogs > 0 {
		t.due = later(t.due, t.logsUntil)
	}
	if most := t.first.Add(c.MaxWait); t.due.After(most) {
		t.due = most
	}
	if t.pressed {
		t.due = t.first
	}
}

func later(x, y time.Time) time.Time {
	if x.After(y) {
		return x
	}
	return y
}

// dueQueue has the trace that is due first at its front.
type dueQueue []*heldTrace

func (q dueQueue) Len() int           { return len(q) }
func (q dueQueue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q dueQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}

// Push is heap's.
func (q *dueQueue) Push(t any) {
	held := t.(*heldTrace)
	held.at = len(*q)
	*q = append(*q, held)
}

// Pop is heap's.
func (q *dueQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return last
}

// trace gives the held trace with an id, a new one if need be.
func (a *Assembler) trace(now time.Time, id TraceID) *heldTrace {
	t := a.held[id]
	if t == nil {
		t = &heldTrace{id: id, own: sessionOfTrace(id), spans: make(map[SpanID]*node), first: now, last: now}
		a.held[id] = t
		t.schedule(&a.cfg)
		heap.Push(&a.queue, t)
		t.arrived = a.arrivals.PushBack(t)
	}
	return t
}

// moved puts a trace where it belongs in the queue after something of it changed.
func (a *Assembler) moved(t *heldTrace) {
	t.schedule(&a.cfg)
	heap.Fix(&a.queue, t.at)
}

// grew counts n more of a trace.
func (a *Assembler) grew(t *heldTrace, n int) {
	t.count += n
	a.count += n
	if t.pressed {
		a.pressed += n
	}
}

// press makes the oldest traces due while more is held than may be.
func (a *Assembler) press() {
	for a.arrivals.Len() > 0 && a.count-a.pressed > a.cfg.MaxSpans {
		t := a.arrivals.Remove(a.arrivals.Front()).(*heldTrace)
		t.pressed = true
		a.pressed += t.count
		a.moved(t)
	}
}

// unqueue takes a trace out of the queue, if it is in it.
func (a *Assembler) unqueue(t *heldTrace) {
	if t.at >= 0 {
		heap.Remove(&a.queue, t.at)
		t.at = -1
	}
}

// letGo takes a trace out of what is held.
func (a *Assembler) letGo(t *heldTrace) {
	if t.gone {
		return
	}
	t.gone = true
	delete(a.held, t.id)
	a.unqueue(t)
	a.arrivals.Remove(t.arrived)
	a.count -= t.count
	if t.pressed {
		a.pressed -= t.count
	}
	for _, n := range t.calls {
		a.twins.held.remove(n)
	}
}
