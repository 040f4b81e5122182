package jsonenc

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
// quoting each. What is in text stays as it is: who encodes by it may come by the same
// layout again further in.
type layout struct {
	text   []byte             // `"name":` of each member; of names that need no escape
	ends   [maxLaidOut]uint16 // where each of these ends
	count  int
	misses int // how many more it outlives
}

// layoutHere is the layout for a map in the present place, nil where none is kept.
func (e *encoder) layoutHere(m map[string]any) *layout {
	if e.where == 0 || len(m) > maxLaidOut {
		return nil
	}
	if e.layouts == nil {
		e.layouts = make([]layout, layouts)
	}
	return &e.layouts[e.where*0x9E3779B1>>(32-layoutBits)] // by the golden ratio: places are small numbers
}

// find looks up the members of m. It tells whether they are those of the layout.
func (l *layout) find(m map[string]any, values *[maxLaidOut]any) bool {
	if len(m) != l.count {
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
func (e *encoder) laidOut(dst []byte, l layout, values *[maxLaidOut]any) []byte {
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

// learn makes the layout that of m, unless it has served others lately.
func (l *layout) learn(m map[string]any) {
	if l.misses > 0 {
		l.misses--
		return
	}
	*l = layout{text: make([]byte, 0, maxLayout), misses: maxMisses}
	for name := range m {
		end := len(l.text) + len(name) + len(`"":`)
		if end <= maxLayout {
			l.text = append(AppendString(l.text, name), ':')
		}
		if len(l.text) != end { // no room, or an escape, which is longer than what it stands for
			l.count = 0
			return
		}
		l.ends[l.count] = uint16(end)
		l.count++
	}
}
