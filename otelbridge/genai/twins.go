package genai

import (
	"hash/fnv"
	"slices"
	"strings"
	"time"
)

// twins finds copies of calls of models that are in traces of their own: callbacks of a framework do not make their span current, so what the client of the provider
// writes inside of them becomes a trace without anything around it.
type twins struct {
	held map[callKey][]*node       // calls that are held
	seen *lately[callKey, []*seen] // calls that were given away
}

// seen is what is remembered of a call that was given away.
type seen struct {
	callFacts
	event, session string
	foreign        bool
	lone           bool // it was all there is in its trace, under the trace's own id
}

func newTwins(most int) *twins {
	return &twins{held: make(map[callKey][]*node), seen: newLately[callKey, []*seen](2 * most)}
}

// callKey is something that copies of a call have in common.
type callKey struct {
	what   byte
	bucket int64
	x, y   uint64
}

// callWindow is how far apart the starts of two copies may be.
const callWindow = 2 * time.Second

// callFacts are what copies of a call are known by. The hashes are 0 when there is nothing to hash.
type callFacts struct {
	trace         TraceID
	span          SpanID
	scope         string
	start, end    time.Time
	id            uint64 // of the response
	served, asked string
	input, output int
	failed        bool

	said, calls uint64 // what was answered: texts, and ids of tool calls
	of          *node  // whose answer to look at for said and calls; nil: they are there
}

// about gives what copies of the call are known by.
func (n *node) about() *callFacts {
	if n.facts == nil {
		s, u := n.span, n.usage()
		f := &callFacts{trace: s.TraceID, span: s.SpanID, scope: s.Scope.Name, start: s.Start, end: s.End, input: u.Input, output: u.Output, failed: n.reading.failed(), of: n}
		f.id = hashOf(n.responseID())
		f.served, f.asked = n.model()
		n.facts = f
	}
	return n.facts
}

func hashOf(s string) uint64 {
	if s == "" {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(s))
	return max(1, h.Sum64())
}

// answer gives the hashes of what the call answered.
func (f *callFacts) answer() (said, calls uint64) {
	if f.of != nil {
		f.said, f.calls = hashesOf(f.of.outputMessages())
		f.of = nil
	}
	return f.said, f.calls
}

func hashesOf(list []Message) (said, calls uint64) {
	var texts, ids strings.Builder
	for _, m := range list {
		for _, p := range m.Parts {
			switch p.Type {
			case "text":
				texts.WriteString(strings.TrimSpace(p.Content))
			case "tool_call":
				ids.WriteString(p.ID + " ")
			}
		}
	}
	return hashOf(texts.String()), hashOf(strings.TrimSpace(ids.String()))
}

// keys are where copies of the call are looked for.
func (f *callFacts) keys() (keys []callKey) {
	if f.id != 0 {
		keys = append(keys, callKey{what: 'i', x: f.id})
	}
	bucket := f.start.UnixNano() / int64(callWindow)
	switch {
	case f.input+f.output > 0:
		keys = append(keys, callKey{'t', bucket, uint64(f.input), uint64(f.output)})
	case f.failed:
		keys = append(keys, callKey{'f', bucket, 0, 0})
	default:
		if said, _ := f.answer(); said != 0 {
			keys = append(keys, callKey{'s', bucket, said, 0})
		}
	}
	return keys
}

// sought are the keys under which a copy may be found, which may have begun a little earlier or later.
func (n *node) sought() (keys []callKey) {
	for _, key := range n.about().keys() {
		keys = append(keys, key)
		if key.what != 'i' {
			before, after := key, key
			before.bucket--
			after.bucket++
			keys = append(keys, before, after)
		}
	}
	return keys
}

// sameCall tells whether two spans are of one call: they have the id of the response in common, or, written by different instrumentations, one lies in the other's
// time and nothing that both know differs.
func sameCall(x, y *callFacts) bool {
	switch {
	case x.trace == y.trace && x.span == y.span || x.start.After(y.end.Add(clockSlack)) || y.start.After(x.end.Add(clockSlack)):
		return false
	case x.id != 0 && y.id != 0:
		return x.id == y.id
	case x.scope == y.scope || x.start.Sub(y.start).Abs() > callWindow || !x.within(y) && !y.within(x) || !sameModel(x, y):
		return false
	}
	return sameResult(x, y)
}

// within tells whether the call lies in the other's time, as far as clocks can tell.
func (f *callFacts) within(o *callFacts) bool {
	return !f.start.Before(o.start.Add(-clockSlack)) && !f.end.After(o.end.Add(clockSlack))
}

// sameModel: the one that answered has often a date behind the name that was asked for.
func sameModel(x, y *callFacts) bool {
	for _, a := range []string{x.served, x.asked} {
		for _, b := range []string{y.served, y.asked} {
			if a != "" && b != "" && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) {
				return true
			}
		}
	}
	return x.served+x.asked == "" || y.served+y.asked == ""
}

// sameResult wants something that both know, and nothing that differs.
func sameResult(x, y *callFacts) bool {
	xSaid, xCalls := x.answer()
	ySaid, yCalls := y.answer()
	counted := x.input+x.output > 0 && y.input+y.output > 0
	switch {
	case x.failed != y.failed, counted && (x.input != y.input || x.output != y.output):
		return false
	case xSaid != 0 && ySaid != 0 && xSaid != ySaid, xCalls != 0 && yCalls != 0 && xCalls != yCalls:
		return false
	}
	return counted || x.failed || xSaid != 0 && xSaid == ySaid || xCalls != 0 && xCalls == yCalls
}

// add makes a call that is held known.
func (t *twins) add(n *node) {
	for _, key := range n.about().keys() {
		if list := t.held[key]; len(list) < maxAlike {
			t.held[key] = append(list, n)
		}
	}
}

// remove forgets one.
func (t *twins) remove(n *node) {
	for _, key := range n.about().keys() {
		list := slices.DeleteFunc(t.held[key], func(m *node) bool { return m == n })
		if len(list) == 0 {
			delete(t.held, key)
		} else {
			t.held[key] = list
		}
	}
}

// heldCopies gives the copies of a call in other traces that are held, in an order that does not depend on how they came.
func (t *twins) heldCopies(n *node) (copies []*node) {
	for _, key := range n.sought() {
		for _, m := range t.held[key] {
			if m.span.TraceID != n.span.TraceID && !slices.Contains(copies, m) && sameCall(n.about(), m.about()) {
				copies = append(copies, m)
			}
		}
	}
	slices.SortFunc(copies, (*node).compare)
	return copies
}

// seenCopy gives a copy of a call in another trace that was given away.
func (t *twins) seenCopy(n *node, fits func(*seen) bool) *seen {
	for _, key := range n.sought() {
		for _, s := range t.seen.get(key) {
			if s.trace != n.span.TraceID && fits(s) && sameCall(n.about(), &s.callFacts) {
				return s
			}
		}
	}
	return nil
}

// give remembers a call that is given away.
func (t *twins) give(s *seen) {
	s.answer()
	for _, key := range s.keys() {
		if list := t.seen.get(key); len(list) < maxAlike {
			t.seen.put(key, append(slices.Clip(list), s), 1)
		}
	}
}
