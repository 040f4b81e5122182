package genai

import "sync"

// spares are nodes that are used again, with their readings, since every span needs one and the lists in it.
var spares = sync.Pool{New: func() any { return &node{reading: new(reading)} }}

// spare takes back the nodes of spans that were given away. Those that others still look at are left alone.
func spare(nodes []*node) {
	for _, n := range nodes {
		if !n.lent {
			n.reset()
			spares.Put(n)
		}
	}
}

func (n *node) reset() {
	n.reading.reset()
	*n = node{reading: n.reading, children: emptied(n.children)}
}
