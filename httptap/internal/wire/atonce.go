package wire

import (
	"bytes"
	"slices"

	"github.com/sentrial/sentrial-go/internal/jsonindex"
)

// atOnce reads a value that p begins with and that needs no copy, as it is all there and nothing of it is to be left out, and gives its length; 0 for any other.
func (v *values) atOnce(p []byte) int {
	if p[0] != '{' || len(v.open) > 0 || v.garbage || v.vectors {
		return 0
	}
	p = p[:min(len(p), v.limit)]
	if end := bytes.IndexByte(p, '\n'); v.lines && end >= 0 {
		p = p[:end]
	}
	x := v.reader()
	n := x.First(p)
	if n == 0 || x.Depth() > maxOpen {
		v.out = slices.Grow(v.out, len(p))
		return 0
	}
	v.emit(value{x.Root()})
	return n
}

// whole gives the object that a text is, if it is one.
func (v *values) whole(text []byte) value {
	if x := v.reader(); x.Read(text) {
		return value{x.Root()}
	}
	return value{}
}

func (v *values) reader() *jsonindex.Index {
	if v.index == nil {
		v.index = newIndex()
	}
	return v.index
}

// free is for when no more is read for now.
func (v *values) free() {
	if v.index != nil {
		freeIndex(v.index)
		v.index = nil
	}
}
