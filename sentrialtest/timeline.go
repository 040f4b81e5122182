package sentrialtest

import (
	"fmt"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// Timeline draws what was recorded, a line for each event and indented by parent: when it began, counted from its session's begin, what it was, and how long it
// took, how it ended, its tokens and what it cost. The same events give the same text.
//
//	session weather: success in 2.5s, 1 LLM call, 2 tool calls, 42 tokens, $0.0003
//	  +0s     llm gpt-4o: 1s, 30+12 tokens, $0.0003
//	  +1s     step look up: 1.5s
//	  +1s       tool geocode "Oslo": 500ms, error "no connection"
//	  +1.5s     error net.OpError "no connection": recoverable by "ask again"
//	  +1.5s     tool geocode "Oslo": 1s
func (r *Recorder) Timeline() string {
	r.t.Helper()
	tr, _ := r.trace()
	return draw(tr.tops)
}

// maxShown is how many lines of a timeline a failure shows.
const maxShown = 200

// whatHappened is the end of a failure's message.
func (b *inbox) whatHappened(f *forest) string {
	if len(f.sessions) == 0 {
		return b.nothing() + b.strangers()
	}
	text := strings.TrimSuffix(draw(f.sessions), "\n")
	if lines := strings.Split(text, "\n"); len(lines) > maxShown {
		text = fmt.Sprintf("%s\n... and %d lines more, see Timeline", strings.Join(lines[:maxShown], "\n"), len(lines)-maxShown)
	}
	return "\nwhat happened:\n" + text + b.strangers()
}

func draw(tops []*node) string {
	var b strings.Builder
	for _, n := range tops {
		d := drawer{start: n.root().began(), out: &b}
		d.widen(n)
		if n.session != nil {
			b.WriteString(headline(n, tops[0]) + "\n")
			d.inside(n, 0)
			continue
		}
		d.draw(n, 0)
	}
	return b.String()
}

// began is when the first of a session's events did, or the event itself.
func (n *node) began() time.Time {
	if n.session != nil {
		return n.first
	}
	return n.event.Timestamp
}

// headline sums a session up.
func headline(n, first *node) string {
	s := n.session
	name := called("session", inline(s.Name))
	if s.Name == "" {
		name = "session (unnamed)"
	}
	facts := []string{string(s.Status)}
	if s.ClosedAt != nil {
		facts[0] += " in " + short(s.ClosedAt.Sub(s.CreatedAt))
	}
	if later := n.began().Sub(first.began()); later > 0 {
		facts = append(facts, "begun "+short(later)+" after the first")
	}
	t := trace{nodes: n.below(nil)}
	facts = append(facts, plural(len(t.llmCalls()), "LLM call"), plural(len(t.tools()), "tool call"), plural(t.tokens(), "token"))
	if s.Cost != nil {
		facts = append(facts, nanoOf(*s.Cost).String())
	}
	return name + ": " + joined(facts)
}

// below appends all that happened inside n.
func (n *node) below(all []*node) []*node {
	for _, child := range n.children {
		all = child.below(append(all, child))
	}
	return all
}

// drawer draws one session, or a part of one.
type drawer struct {
	start time.Time
	width int // of the times
	out   *strings.Builder
}

func (d *drawer) widen(n *node) {
	for _, inner := range append(n.below(nil), n) {
		d.width = max(d.width, len(d.at(inner)))
	}
}

func (d *drawer) at(n *node) string { return "+" + short(n.began().Sub(d.start)) }

func (d *drawer) inside(n *node, depth int) {
	for _, child := range n.children {
		d.draw(child, depth)
	}
}

func (d *drawer) draw(n *node, depth int) {
	if n.event.Type != types.EventSessionStart && n.event.Type != types.EventSessionEnd { // the headline tells of both
		fmt.Fprintf(d.out, "  %-*s  %s%s\n", d.width, d.at(n), strings.Repeat("  ", min(depth, 20)), line(n))
	}
	d.inside(n, depth+1)
}
