package timeline

import (
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// node is an event and what happened inside it.
type node struct {
	event    types.Event
	children []*node
	entry    entry
	guide    guide
}

// grow makes a forest of events by their parent_id, in the order given. An event whose parent is not among them is a
// root; of a ring of parents the first event is.
func grow(events []types.Event) []*node {
	byID := make(map[string]*node, len(events))
	nodes := make([]*node, 0, len(events))
	for _, e := range events {
		if hidden(e) {
			continue
		}
		n := &node{event: e}
		nodes = append(nodes, n)
		if _, taken := byID[e.ID]; !taken && e.ID != "" {
			byID[e.ID] = n
		}
	}
	parents := parentsOf(nodes, byID)
	var roots []*node
	for _, n := range nodes {
		if p := parents[n]; p != nil {
			p.children = append(p.children, n)
		} else {
			roots = append(roots, n)
		}
	}
	return roots
}

// hidden events are told by the header and the result.
func hidden(e types.Event) bool {
	return e.Type == types.EventSessionStart || e.Type == types.EventSessionEnd
}

// parentsOf finds everyone's parent and cuts rings: walking up from each node once, a node met again on the same walk
// loses its parent.
func parentsOf(nodes []*node, byID map[string]*node) map[*node]*node {
	parents := make(map[*node]*node, len(nodes))
	for _, n := range nodes {
		if p := byID[n.event.ParentID]; p != nil && p != n {
			parents[n] = p
		}
	}
	walkOf := make(map[*node]int, len(nodes))
	for i, n := range nodes {
		for at := n; at != nil; at = parents[at] {
			if seen := walkOf[at]; seen == i+1 {
				delete(parents, at)
				break
			} else if seen != 0 {
				break
			}
			walkOf[at] = i + 1
		}
	}
	return parents
}

// guide is what stands left of an event: the lines of the tree for its first line and for those below.
type guide struct {
	first, rest string
	depth       int
}

// maxDepth is how deep the tree is indented; what is nested deeper stays in that column.
const maxDepth = 10

// tree draws the ruler and the events.
func (d *drawer) tree(events []types.Event) {
	var rows []*node
	for _, n := range grow(events) {
		rows = d.place(rows, n, guide{})
	}
	if len(rows) == 0 {
		return
	}
	d.print("")
	columns := d.columns(rows)
	d.print(strings.Repeat(" ", columns.text+1) + d.Console.Render(d.axis.ruler(d.glyph, columns.bar), 0))
	for _, n := range rows {
		d.row(n, columns)
	}
}

// place appends n and what is in it to the rows, in the order in which they are drawn.
func (d *drawer) place(rows []*node, n *node, g guide) []*node {
	below := g.rest
	if len(n.children) > 0 && g.depth < maxDepth {
		g.rest += d.glyph.pipe
	} else {
		g.rest += d.glyph.blank
	}
	n.entry, n.guide = d.describe(n.event), g
	rows = append(rows, n)
	for i, child := range n.children {
		rows = d.place(rows, child, d.under(below, g.depth+1, i == len(n.children)-1))
	}
	return rows
}

// under is the guide of a child of an event whose own guide continues as rest.
func (d *drawer) under(rest string, depth int, last bool) guide {
	switch {
	case depth > maxDepth:
		return guide{first: rest, rest: rest, depth: depth}
	case last:
		return guide{first: rest + d.glyph.last, rest: rest + d.glyph.blank, depth: depth}
	}
	return guide{first: rest + d.glyph.branch, rest: rest + d.glyph.pipe, depth: depth}
}
