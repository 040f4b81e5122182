package genai

import (
	"cmp"
	"reflect"
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
		t.logs = make(map[SpanID][]SpanEvent)
	}
	if slices.ContainsFunc(t.logs[l.SpanID], func(old SpanEvent) bool { return sameEvent(&old, &e) }) {
		return true
	}
	t.logs[l.SpanID] = append(t.logs[l.SpanID], e)
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

// sameEvent tells whether a record came before.
func sameEvent(x, y *SpanEvent) bool {
	return x.Name == y.Name && x.Time.Equal(y.Time) && reflect.DeepEqual(x.Attributes, y.Attributes)
}

// joinLogs reads the spans again to which log records belong.
func (as *assembly) joinLogs() {
	for _, n := range as.nodes {
		logs := as.t.logs[n.span.SpanID]
		if len(logs) == 0 {
			continue
		}
		slices.SortStableFunc(logs, func(x, y SpanEvent) int {
			return cmp.Or(x.Time.Compare(y.Time), cmp.Compare(turnOfRecord(x.Name), turnOfRecord(y.Name)), cmp.Compare(fingerprint(&x), fingerprint(&y)))
		})
		n.withLogs(logs)
	}
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

// fingerprint orders records that nothing else does.
func fingerprint(e *SpanEvent) (sum string) {
	for _, a := range e.Attributes {
		sum += a.Key + "=" + textOf(a.Value) + ";"
	}
	return e.Name + sum
}
