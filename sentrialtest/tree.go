package sentrialtest

import (
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// node is a session or an event, with what happened inside it.
type node struct {
	kind, name, id string
	session        *types.Session // of a session
	first          time.Time      // of a session: when the first of its events began
	event          *types.Event   // of an event
	parent         *node          // nil for a session
	children       []*node        // in the order in which they began
	orphan         bool           // parent_id names nothing of this session
}

// forest is everything recorded.
type forest struct {
	sessions []*node
	events   []*node // in the order in which they began
}

// grow makes a forest of events, which come in the order in which they began.
func grow(events []types.Event) *forest {
	f := &forest{}
	roots, known := make(map[string]*node), make(map[string]*node)
	sessions := fold(events)
	for i := range sessions {
		s := &sessions[i]
		n := &node{kind: "session", name: s.Name, id: s.ID, session: s}
		roots[s.ID] = n
		f.sessions = append(f.sessions, n)
	}
	for i := range events {
		n := nodeOf(&events[i])
		known[n.id] = n
		f.events = append(f.events, n)
	}
	for _, n := range f.events {
		n.parent = roots[n.event.SessionID]
		if n.parent.first.IsZero() {
			n.parent.first = n.event.Timestamp
		}
		if id := n.event.ParentID; id != "" {
			n.adopt(known[id])
		}
	}
	for _, n := range f.events {
		if n.inRing() {
			n.parent, n.orphan = roots[n.event.SessionID], true
		}
	}
	for _, n := range f.events {
		n.parent.children = append(n.parent.children, n)
	}
	return f
}

func nodeOf(e *types.Event) *node {
	kind, name, _ := label(e)
	return &node{kind: kind, name: name, id: e.ID, event: e}
}

// adopt puts n under the event that its parent_id names, if that is one of its session.
func (n *node) adopt(parent *node) {
	if parent == nil || parent == n || parent.event.SessionID != n.event.SessionID {
		n.orphan = true
		return
	}
	n.parent = parent
}

// inRing reports whether the parents of n lead back to themselves: one that takes two steps at a time is caught up with.
func (n *node) inRing() bool {
	for slow, fast := n, n.parent; fast != nil; slow, fast = slow.parent, fast.parent.up() {
		if slow == fast {
			return true
		}
	}
	return false
}

func (n *node) up() *node {
	if n == nil {
		return nil
	}
	return n.parent
}

// root is the session that n is in.
func (n *node) root() *node {
	for n.parent != nil {
		n = n.parent
	}
	return n
}

// isIn reports whether n happened inside of what holds is true for.
func (n *node) isIn(holds func(*node) bool) bool {
	for at := n.parent; at != nil; at = at.parent {
		if holds(at) {
			return true
		}
	}
	return false
}
