package genai

// found is a field's value and where it is from. No key: not found.
type found struct {
	value any
	key   string
	rank  int32
	field field
	of    *dialect
}

// findings are the fields that a span says anything about, which are few of all there are.
type findings struct {
	list []found
	at   [numFields]uint8 // one more than the place in the list; 0 = not found
	used [numFields]bool  // by what was made of the span so far
}

// get gives what was found of a field.
func (l *findings) get(f field) found {
	if i := l.at[f]; i != 0 {
		return l.list[i-1]
	}
	return found{}
}

// put takes a value in place of what was there.
func (l *findings) put(f field, v found) {
	if v.key == "" {
		l.drop(f)
		return
	}
	v.field = f
	if i := l.at[f]; i != 0 {
		l.list[i-1] = v
		return
	}
	if l.list == nil {
		l.list = make([]found, 0, usualFindings)
	}
	l.list = append(l.list, v)
	l.at[f] = uint8(len(l.list))
}

// usualFindings is how many fields a call of a model has.
const usualFindings = 16

// drop forgets a field.
func (l *findings) drop(f field) { l.at[f] = 0 }

// has tells whether the span says anything about a field.
func (l *findings) has(f field) bool { return l.at[f] != 0 }

func (l *findings) use(f field) { l.used[f] = true }
