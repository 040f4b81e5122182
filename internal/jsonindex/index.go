// Package jsonindex reads JSON in one pass that checks it and notes where everything in it is, so that what matters can be picked out of it without making the rest
// into values. An Index that is used again and again needs no memory of its own.
package jsonindex

import (
	"math"
	"unicode/utf8"
)

// Index tells where the values of a text are. The zero value is ready for use, by one goroutine at a time.
type Index struct {
	text  []byte
	at    int
	nodes []node // each value before what is inside of it
	open  int    // the innermost object or list that has not ended; outside = none
	depth int
	most  int // the greatest depth
}

// node is a value. Places are those of the text.
type node struct {
	name, nameEnd        uint32 // of a member, inside of its quotes
	at, end              uint32
	size                 uint32 // how many nodes it is, with those inside of it; what it is inside of, while it is open
	kind                 byte   // the first of the value
	escaped, nameEscaped bool   // written otherwise than it is meant; a text that is no UTF-8 is not noted
}

const (
	outside = -1

	// maxDepth is what encoding/json reads.
	maxDepth = 10_000
)

// Read reads a text that is one value. What was read before is no longer there.
func (x *Index) Read(text []byte) bool {
	return x.First(text) > 0 && x.peek() == 0 && x.at == len(text)
}

// First reads the value that a text begins with, and gives where that ends; 0 for one that is not whole, and for what is no JSON.
func (x *Index) First(text []byte) (end int) {
	*x = Index{text: text, nodes: x.nodes[:0], open: outside}
	if uint64(len(text)) > math.MaxUint32 || !x.value(node{}) {
		return 0
	}
	for x.open != outside {
		if !x.next() {
			return 0
		}
	}
	return x.at
}

// Root is the value that was read.
func (x *Index) Root() Value { return Value{x, 0} }

// Depth is how deep the value is nested.
func (x *Index) Depth() int { return x.most }

// Size is how many values there are.
func (x *Index) Size() int { return len(x.nodes) }

// Clear lets go of the text.
func (x *Index) Clear() { *x = Index{nodes: x.nodes[:0]} }

// next reads what follows inside of an object or a list: its end, or the next value.
func (x *Index) next() bool {
	first, bracket, c := len(x.nodes) == x.open+1, x.text[x.nodes[x.open].at], x.peek()
	switch {
	case c == bracket+2: // in ASCII the pairs are two apart
		x.close()
		return true
	case first:
	case c != ',':
		return false
	default:
		x.at++
	}
	var n node
	return (bracket == '[' || x.member(&n)) && x.value(n)
}

// member reads a name and the colon after it.
func (x *Index) member(n *node) (ok bool) {
	if x.peek() != '"' {
		return false
	}
	n.name = uint32(x.at + 1)
	n.nameEscaped, ok = x.string()
	n.nameEnd = uint32(x.at - 1)
	if !ok || x.peek() != ':' {
		return false
	}
	n.nameEscaped = n.nameEscaped || !utf8.Valid(x.text[n.name:n.nameEnd])
	x.at++
	return true
}

// value reads one that is no object or list; of those the bracket.
func (x *Index) value(n node) (ok bool) {
	c := x.peek()
	n.at, n.size, n.kind = uint32(x.at), 1, c
	switch c {
	case '{', '[':
		return x.opens(n)
	case '"':
		n.escaped, ok = x.string()
	case 't':
		ok = x.word("true")
	case 'f':
		ok = x.word("false")
	case 'n':
		ok = x.word("null")
	default:
		ok = x.number()
	}
	n.end = uint32(x.at)
	x.nodes = append(x.nodes, n)
	return ok
}

func (x *Index) opens(n node) bool {
	n.size = uint32(x.open + 1)
	x.open = len(x.nodes)
	x.nodes = append(x.nodes, n)
	x.at++
	x.depth++
	x.most = max(x.most, x.depth)
	return x.depth <= maxDepth
}

func (x *Index) close() {
	x.at++
	x.depth--
	n, size := &x.nodes[x.open], len(x.nodes)-x.open
	x.open = int(n.size) - 1
	n.end, n.size = uint32(x.at), uint32(size)
}
