package genai

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"
)

// AddLogs takes log records. Those that belong to no span, or hold nothing that is known here, are left out and counted in the result.
func (a *Assembler) AddLogs(now time.Time, logs ...*Log) (left int) {
	for _, l := range logs {
		if !a.takeLog(now, l) {
			left++
		}
	}
	a.press()
	return left
}

func (a *Assembler) takeLog(now time.Time, l *Log) bool {
	if l == nil || l.TraceID.IsZero() || l.SpanID.IsZero() {
		return false
	}
	e := eventOfLog(l)
	if !e.known() || a.memory.knows(&Span{TraceID: l.TraceID, SpanID: l.SpanID}) {
		return false // what cannot be read, and what comes after its span was given away
	}
	slices.SortStableFunc(e.Attributes, func(x, y Attribute) int { return cmp.Compare(x.Key, y.Key) })
	t := a.trace(now, l.TraceID)
	if t.logs == nil {
		t.logs = make(map[SpanID]map[uint64]SpanEvent)
	}
	if t.logs[l.SpanID] == nil {
		t.logs[l.SpanID] = make(map[uint64]SpanEvent)
	}
	sum := e.fingerprint()
	if _, again := t.logs[l.SpanID][sum]; again {
		return true
	}
	t.logs[l.SpanID][sum] = e
	t.last = now
	a.logsSeen = a.logsSeen || vocabulary.events[e.Name] != 0
	if n := t.spans[l.SpanID]; n != nil && n.awaitsLogs && endsAnswer(e.Name) {
		n.awaitsLogs = false
		t.awaitLogs--
	}
	a.grew(t, 1)
	a.moved(t)
	return true
}

// endsAnswer tells whether a record of the name is the last that a call writes.
func endsAnswer(name string) bool {
	switch name {
	case "gen_ai.choice", "gen_ai.content.completion", "gen_ai.client.inference.operation.details":
		return true
	}
	return false
}

// joinLogs reads the spans again to which log records belong.
func (as *assembly) joinLogs() {
	for _, n := range as.nodes {
		if logs := as.t.logs[n.span.SpanID]; len(logs) > 0 {
			n.withLogs(inOrder(logs))
		}
	}
}

// inOrder sorts records by time, and those of the same instant in an order that does not depend on how they came.
func inOrder(logs map[uint64]SpanEvent) (list []SpanEvent) {
	sums := slices.SortedFunc(maps.Keys(logs), func(x, y uint64) int {
		a, b := logs[x], logs[y]
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(turnOfRecord(a.Name), turnOfRecord(b.Name)), cmp.Compare(x, y))
	})
	for _, sum := range sums {
		list = append(list, logs[sum])
	}
	return list
}

// turnOfRecord orders records of the same instant: an answer comes last.
func turnOfRecord(name string) int {
	switch {
	case name == "gen_ai.system.message":
		return 0
	case endsAnswer(name):
		return 2
	}
	return 1
}

// fingerprint is the same for a record that comes again. It orders records that nothing else does.
func (e *SpanEvent) fingerprint() uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%d", e.Name, e.Time.UnixNano())
	for _, a := range e.Attributes {
		h.Write([]byte("\x00" + a.Key + "\x00" + textOf(a.Value)))
	}
	return h.Sum64()
}
