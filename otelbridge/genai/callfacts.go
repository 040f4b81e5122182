package genai

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"strings"
	"time"
)

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

	common once[callKey] // see key
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

var hashSeed = maphash.MakeSeed()

func hashOf(s string) uint64 {
	if s == "" {
		return 0
	}
	return max(1, maphash.String(hashSeed, s))
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
	var texts, ids hasher
	for _, m := range list {
		for _, p := range m.Parts {
			switch p.Type {
			case "text":
				texts.add(strings.TrimSpace(p.Content))
			case "tool_call":
				ids.add(p.ID)
			}
		}
	}
	return texts.sum(), ids.sum()
}

// hasher sums up texts as if they were one. The sum is 0 when there are none.
type hasher struct {
	hash maphash.Hash
	any  bool
}

func (h *hasher) add(s string) {
	if s == "" {
		return
	}
	if !h.any {
		h.hash.SetSeed(hashSeed)
		h.any = true
	}
	h.hash.WriteString(s)
}

func (h *hasher) sum() uint64 {
	if !h.any {
		return 0
	}
	return max(1, h.hash.Sum64())
}

// callKey is something that copies of a call have in common beside the id of the response.
type callKey struct {
	what   byte
	window int64 // the number of the callWindow in which it began
	x, y   uint64
}

// key is where copies of the call are looked for that lack its id. It does not change.
func (f *callFacts) key() (key callKey, ok bool) {
	key = f.common.get(f.findKey)
	return key, key.what != 0
}

func (f *callFacts) findKey() callKey {
	window := f.start.UnixNano() / int64(callWindow)
	switch {
	case f.input+f.output > 0:
		return callKey{'t', window, uint64(f.input), uint64(f.output)}
	case f.failed:
		return callKey{what: 'f', window: window}
	}
	if said, _ := f.answer(); said != 0 {
		return callKey{what: 's', window: window, x: said}
	}
	return callKey{}
}

// compare orders calls by when they began.
func (f *callFacts) compare(o *callFacts) int {
	return cmp.Or(f.start.Compare(o.start), bytes.Compare(f.span[:], o.span[:]), bytes.Compare(f.trace[:], o.trace[:]))
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
	counted := x.input+x.output > 0 && y.input+y.output > 0
	if x.failed != y.failed || counted && (x.input != y.input || x.output != y.output) {
		return false
	}
	xSaid, xCalls := x.answer()
	ySaid, yCalls := y.answer()
	if xSaid != 0 && ySaid != 0 && xSaid != ySaid || xCalls != 0 && yCalls != 0 && xCalls != yCalls {
		return false
	}
	return counted || x.failed || xSaid != 0 && xSaid == ySaid || xCalls != 0 && xCalls == yCalls
}
