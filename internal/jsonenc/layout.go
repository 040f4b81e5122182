package jsonenc

import "bytes"

const (
	// maxLaidOut is how many members a map may have to be remembered: in small maps Go finds
	// a name without hashing it.
	maxLaidOut = 8

	// maxLayout bounds the bytes that one map's names may take.
	maxLayout = 256

	// layouts is how many maps an Encoder remembers, a power of two.
	layouts    = 1 << layoutBits
	layoutBits = 6

	// maxMisses is how many other maps in a row a layout outlives, so that in places where no
	// two are alike not each of them is learnt.
	maxMisses = 7
)

// layout holds the names that a map had. Maps in one place mostly have the same ones, and to
// look these up and to copy them ready-made takes half the time of ranging over the map and
// quoting each. The names stay in memory as long as the encoder does; values are not kept.
// It never changes: who encodes by it may come by the same place again further in, where
// another one is learnt.
type layout struct {
	text   []byte             // `"name":` of each member; of names that need no escape
	ends   [maxLaidOut]uint16 // where each of these ends
	count  int
	misses int // how many more it outlives; this does change
}

// layoutHere is where the layout for a map in the present place is kept, nil where none is.
func (e *encoder) layoutHere(m map[string]any) **layout {
	if e.where == 0 || len(m) > maxLaidOut {
		return nil
	}
	if e.layouts == nil {
		e.layouts = new([layouts]*layout)
	}
	return &e.layouts[e.where*0x9E3779B1>>(32-layoutBits)] // by the golden ratio: places are small numbers
}

// find looks up the members of m. It tells whether they are those of the layout.
func (l *layout) find(m map[string]any, values *[maxLaidOut]any) bool {
	if l == nil || len(m) != l.count {
		return false
	}
	start := 0
	for i := range values[:l.count] {
		end := int(l.ends[i])
		v, ok := m[string(l.text[start+len(`"`):end-len(`":`)])]
		if !ok {
			return false
		}
		values[i], start = v, end
	}
	l.misses = maxMisses
	return true
}

// laidOut appends a map whose members are those of the layout.
func (e *encoder) laidOut(dst []byte, l *layout, values *[maxLaidOut]any) []byte {
	where, start := e.where, 0
	sep := byte('{')
	for i, v := range values[:l.count] {
		if e.full(dst) {
			dst = appendRestOmitted(dst, sep, '}')
			e.where = where
			return dst
		}
		end := int(l.ends[i])
		dst = append(append(dst, sep), l.text[start:end]...)
		e.where = where*31 + uint32(i) + 1
		dst = e.value(dst, v)
		sep, start = ',', end
	}
	e.where = where
	return append(dst, '}')
}

// outlives tells whether l stays although another map stands in its place.
func (l *layout) outlives() bool {
	if l == nil || l.misses == 0 {
		return false
	}
	l.misses--
	return true
}

// layoutOf is the layout of m. It has no members if these are not to be known again: for an
// escape, which is longer than what it stands for, or for their size.
func layoutOf(m map[string]any) *layout {
	l := &layout{misses: maxMisses}
	text := make([]byte, 0, maxLayout)
	for name := range m {
		end := len(text) + len(name) + len(`"":`)
		if end <= maxLayout && l.count < maxLaidOut { // a map may grow meanwhile, if the program is wrong
			text = append(AppendString(text, name), ':')
		}
		if len(text) != end {
			l.count = 0
			return l
		}
		l.ends[l.count] = uint16(end)
		l.count++
	}
	l.text = bytes.Clone(text)
	return l
}
