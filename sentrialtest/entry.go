package sentrialtest

import (
	"slices"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// entry is a node as a golden file shows it.
type entry struct {
	id         string
	after      string // of a session: the one that it was begun in
	began, end time.Time
	lines      []string // its title and fields
	children   []*entry
	key        string // what siblings are sorted by: all its text, without ids
}

// text is the golden file of a trace.
func (s *goldenSettings) text(t *trace) string {
	entries := make([]*entry, 0, len(t.tops))
	for _, n := range t.tops {
		entries = append(entries, s.entry(n))
	}
	entries = ordered(entries)
	mentioned := mentions(entries)
	var b strings.Builder
	for _, e := range entries {
		e.write(&b, "", mentioned)
	}
	return stable(b.String(), t)
}

// entry renders n and all inside of it.
func (s *goldenSettings) entry(n *node) *entry {
	e := &entry{id: n.id, began: n.began(), end: n.end()}
	first := n.start()
	for _, child := range n.children {
		if child != first {
			e.take(s.entry(child))
		}
	}
	if n.session != nil {
		e.lines, e.after = s.sessionLines(n, first), n.session.ParentSessionID
	} else {
		e.lines = s.eventLines(n)
	}
	e.children = s.orderedIn(n, e.children)
	e.key = anonymous(strings.Join(e.lines, "\n"))
	for _, child := range e.children {
		e.key += "\n" + child.key
	}
	return e
}

// take adds a child. What is around it was at work as long as it was.
func (e *entry) take(child *entry) {
	e.children = append(e.children, child)
	if child.end.After(e.end) {
		e.end = child.end
	}
}

// end is when the work of an event was over, at the soonest: durations travel rounded to the nearest microsecond, time stamps as they are, so what followed at
// once may have begun up to half a microsecond before the end that the two give. Of two sessions that began in one instant it is not known which was first, so
// a session takes some time.
func (n *node) end() time.Time {
	if n.session != nil {
		return n.began().Add(1)
	}
	return n.event.Timestamp.Add(max(0, n.event.Duration-time.Microsecond/2))
}

// start is the event that began a session here, whose fields stand under the session itself.
func (n *node) start() *node {
	if n.session == nil {
		return nil
	}
	i := slices.IndexFunc(n.children, func(c *node) bool { return c.event.Type == types.EventSessionStart })
	if i < 0 {
		return nil
	}
	return n.children[i]
}

func (e *entry) write(b *strings.Builder, indent string, mentioned map[string]bool) {
	for i, line := range e.lines {
		b.WriteString(strings.TrimRight(indent+line, " ") + "\n")
		if i == 0 && mentioned[e.id] {
			b.WriteString(indent + "  id: " + e.id + "\n")
		}
	}
	for _, child := range e.children {
		child.write(b, indent+"  ", mentioned)
	}
}
