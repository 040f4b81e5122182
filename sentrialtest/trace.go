package sentrialtest

import (
	"slices"

	"github.com/sentrial/sentrial-go/types"
)

// trace is what an assertion is about: everything recorded, or what happened inside of some of it.
type trace struct {
	forest *forest
	tops   []*node // sessions, or what In chose
	nodes  []*node // the events inside of tops, in the order in which they began
}

// trace gives what was recorded so far. It fails the test, and is not ok, when In looks for what is not there.
func (r *Recorder) trace() (tr *trace, ok bool) {
	r.t.Helper()
	f := grow(r.settled())
	tr = &trace{forest: f, tops: f.sessions, nodes: f.events}
	for _, p := range r.within {
		if tr = tr.inside(p); len(tr.tops) == 0 {
			r.t.Errorf("In: nothing is at %q%s%s", p.text, p.hint(), r.inbox.whatHappened(f))
			return tr, false
		}
	}
	return tr, true
}

// inside narrows the trace to what happened inside of what is at p.
func (t *trace) inside(p path) *trace {
	found := t.at(p)
	chosen := make(map[*node]bool)
	for _, n := range found {
		chosen[n] = true
	}
	inChosen := func(n *node) bool { return n.isIn(func(around *node) bool { return chosen[around] }) }
	narrow := &trace{forest: t.forest, nodes: slices.DeleteFunc(slices.Clone(t.nodes), func(n *node) bool { return !inChosen(n) })}
	narrow.tops = slices.DeleteFunc(found, inChosen) // what is inside of another one is there already
	return narrow
}

// at gives what is at p: sessions too, unless the trace is a part of one.
func (t *trace) at(p path) (found []*node) {
	candidates := t.nodes
	if len(t.tops) > 0 && t.tops[0].session != nil {
		candidates = slices.Concat(t.tops, t.nodes)
	}
	for _, n := range candidates {
		if p.leadsTo(n) {
			found = append(found, n)
		}
	}
	return found
}

func (t *trace) events() []types.Event {
	events := make([]types.Event, 0, len(t.nodes))
	for _, n := range t.nodes {
		events = append(events, *n.event)
	}
	return events
}

// sessions gives those that the trace is of, whole.
func (t *trace) sessions() (found []types.Session) {
	of := make(map[*node]bool)
	for _, n := range t.tops {
		of[n.root()] = true
	}
	for _, n := range t.forest.sessions {
		if of[n] {
			found = append(found, *n.session)
		}
	}
	return found
}

// tools gives the tool calls in the order in which they began.
func (t *trace) tools() (calls []*types.ToolCall) {
	for _, n := range t.nodes {
		if n.event.ToolCall != nil {
			calls = append(calls, n.event.ToolCall)
		}
	}
	return calls
}

// llmCalls gives the LLM calls in the order in which they began.
func (t *trace) llmCalls() (calls []*types.LLMCall) {
	for _, n := range t.nodes {
		if n.event.LLMCall != nil {
			calls = append(calls, n.event.LLMCall)
		}
	}
	return calls
}

// tokens sums those of all LLM calls.
func (t *trace) tokens() (sum int) {
	for _, n := range t.nodes {
		used, _ := spent(n.event)
		sum += used.TotalTokens
	}
	return sum
}

// cost sums what LLM calls and tool calls cost, as far as it is known.
func (t *trace) cost() (sum nanoUSD) {
	for _, n := range t.nodes {
		if _, usd := spent(n.event); usd != nil {
			sum += nanoOf(*usd)
		}
	}
	return sum
}
