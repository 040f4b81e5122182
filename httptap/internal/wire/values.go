package wire

import (
	"bytes"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/internal/jsonindex"
)

// values splits JSON that comes in pieces into the values at its top; a list there gives its items. What it keeps of a value is bounded: past limit bytes the texts
// become short and the lists end, so that what comes after them, such as the tokens, is still read.
type values struct {
	limit   int
	lines   bool             // each value has a line of its own
	vectors bool             // lists of numbers are of no interest
	emit    func(value)      // an object, which is there during the call
	index   *jsonindex.Index // what values are read with, once there are some

	out     []byte // the value so far, as far as it is kept
	open    []byte // the brackets around what comes
	skip    int    // what is inside of that many brackets is not kept; 0 = all is
	naming  bool   // a text that comes is the name of a member
	text    bool   // inside a text,
	from    int    // which begins there in out
	escape  int    // inside an escape, with that many bytes to come
	escaped int    // the escape begins there in out
	cutting bool   // the rest of the text is not kept

	list      bool // inside a list at the top
	wasList   bool
	listEnded bool
	garbage   bool // until the line ends
	truncated bool // something was left out
	spoiled   int  // pieces that were no JSON
}

const (
	// factBytes is how much is kept of a text past the limit. Ids, models and reasons to stop are shorter.
	factBytes = 256

	// reserve is what the facts past the limit may take.
	reserve = 16 << 10

	// maxOpen is how deep what is kept may be nested.
	maxOpen = 200
)

func (v *values) Write(p []byte) {
	for len(p) > 0 {
		n := 0
		if v.text {
			n = v.inText(p)
		} else if n = v.atOnce(p); n == 0 {
			v.byte(p[0])
			n = 1
		}
		p = p[n:]
	}
}

// byte reads one that is not inside a text.
func (v *values) byte(c byte) {
	switch {
	case c == '\n' && v.lines:
		v.boundary()
	case v.garbage:
		v.garbage = c != '\n'
	case c == ' ' || c == '\t' || c == '\r' || c == '\n':
	case len(v.open) == 0:
		v.between(c)
	case c == '{' || c == '[':
		v.opens(c)
	case c == '}' || c == ']':
		v.closes(c)
	case c == ',':
		v.comma()
	case c == '"':
		v.keep(c)
		v.text, v.from, v.cutting = true, len(v.out), false
	case c == ':':
		v.keep(c)
		v.naming = false
	case len(v.out) < v.limit+2*reserve: // of a word, and no word is that long
		v.keep(c)
	}
}

// between reads what is no part of a value.
func (v *values) between(c byte) {
	switch c {
	case '{':
		v.opens(c)
	case '[':
		v.list, v.wasList = true, true
	case ']':
		v.list, v.listEnded = false, v.list
	case ',', 0x1e: // the latter is what RFC 7464 puts before each value
	default:
		v.spoil()
	}
}

func (v *values) keep(c byte) {
	if v.skip == 0 {
		v.out = append(v.out, c)
	}
}

func (v *values) opens(c byte) {
	v.keep(c)
	v.open = append(v.open, c)
	v.naming = c == '{'
	if v.skip == 0 && (len(v.open) > maxOpen || len(v.out) > v.limit+reserve || c == '[' && len(v.out) > v.limit) {
		v.leaveOut()
	}
}

// leaveOut keeps nothing more of what the last bracket is around.
func (v *values) leaveOut() { v.skip, v.truncated = len(v.open), true }

func (v *values) closes(c byte) {
	last := len(v.open) - 1
	if v.open[last] != c-2 { // in ASCII the pairs are two apart
		v.spoil()
		return
	}
	if v.skip == len(v.open) {
		v.skip = 0
	}
	v.keep(c)
	v.open, v.naming = v.open[:last], false
	if last == 0 {
		if o := v.whole(v.out); o.There() {
			v.emit(o)
		} else {
			v.spoiled++
		}
		v.out = v.out[:0]
	}
}

func (v *values) comma() {
	in := v.open[len(v.open)-1]
	v.naming = in == '{'
	switch {
	case v.skip > 0:
	case v.vectors && in == '[' && digit(v.out[len(v.out)-1]):
		v.skip = len(v.open)
	case len(v.out) > v.limit+reserve || in == '[' && len(v.out) > v.limit:
		v.leaveOut()
	default:
		v.out = append(v.out, ',')
	}
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// inText reads what is inside a text and gives the number of bytes.
func (v *values) inText(p []byte) int {
	if v.escape > 0 {
		v.escapes(p[0])
		return 1
	}
	end := len(p)
	if i := bytes.IndexByte(p, '"'); i >= 0 {
		end = i
	}
	if i := bytes.IndexByte(p[:end], '\\'); i >= 0 {
		end = i
	}
	if i := bytes.IndexByte(p[:end], '\n'); v.lines && i >= 0 { // no text has a bare one
		v.boundary()
		return i + 1
	}
	v.keepText(p[:end])
	if end == len(p) {
		return end
	}
	if p[end] == '\\' {
		v.escape, v.escaped = 1, len(v.out)
		v.keepText(p[end : end+1])
		return end + 1
	}
	v.keep('"')
	v.text = false
	return end + 1
}

// escapes reads the next byte of an escape. One is kept whole or not at all.
func (v *values) escapes(c byte) {
	v.escape--
	if c == 'u' && v.escape == 0 {
		v.escape = 4
	}
	if !v.cutting && v.skip == 0 {
		v.out = append(v.out, c)
	}
}

// keepText keeps what there is room for. Past the limit that is enough for a fact.
func (v *values) keepText(p []byte) {
	if len(p) == 0 || v.skip > 0 || v.cutting {
		return
	}
	if room := max(v.limit, v.from+factBytes) - len(v.out); room < len(p) {
		v.out = append(v.out, p[:max(room, 0)]...)
		v.cutText()
		return
	}
	v.out = append(v.out, p...)
}

// cutText ends the text where a character ends, and keeps nothing more of it.
func (v *values) cutText() {
	v.cutting, v.truncated = true, true
	kept := v.out[v.from:]
	for i := 1; i < utf8.UTFMax && i <= len(kept); i++ {
		if c := kept[len(kept)-i]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(kept[len(kept)-i:]) {
				kept = kept[:len(kept)-i]
			}
			break
		}
	}
	if n := len(kept) - 6; n >= 0 && kept[n] == '\\' && kept[n+1] == 'u' && kept[n+2]|0x20 == 'd' && bytes.IndexByte([]byte("89abAB"), kept[n+3]) >= 0 {
		kept = kept[:n] // the first half of a pair
	}
	v.out = v.out[:v.from+len(kept)]
}

// boundary is where no value can go on.
func (v *values) boundary() {
	if len(v.open) > 0 {
		v.spoil()
	}
	v.garbage = false
}

// spoil gives up what cannot be JSON.
func (v *values) spoil() {
	v.spoiled++
	v.reset()
	v.garbage = true
}

func (v *values) reset() {
	v.out, v.open, v.skip, v.text, v.escape, v.list = v.out[:0], v.open[:0], 0, false, 0, false
}
