// Package jsontree reads JSON into the Go values that the SDK shows to a program's own code: map[string]any, []any, string, bool, nil and numbers, each a float64
// or, where that would be another number, a json.Number. It makes of a text what package types makes of it, in a fraction of the time and memory.
package jsontree

import (
	"strings"
	"sync"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// Reader reads one text from its beginning to its end. Where something else comes than what was asked for it fails, and gives nothing from then on; whoever uses
// it looks once, with Done. Texts without an escape are not copied: they share the memory of the text that was read.
type Reader struct {
	text   string
	at     int
	depth  int
	fresh  bool   // the last thing read was an opening bracket
	failed bool   // for good
	list   []any  // what was read of arrays that are not at their end yet
	plain  []byte // a text without its escapes, while it is read
}

const (
	// maxDepth is more than values of the SDK nest. It keeps a text that nests for ever from exhausting the stack.
	maxDepth = 200

	// maxList and maxPlain keep one huge value from holding its memory for ever.
	maxList  = 1 << 12
	maxPlain = 1 << 16
)

var readers = sync.Pool{New: func() any { return new(Reader) }}

// NewReader gives a Reader that is to be freed.
func NewReader(text string) *Reader {
	r := readers.Get().(*Reader)
	r.text = text
	return r
}

// Free ends the use of r, but not that of what it has read.
func (r *Reader) Free() {
	if cap(r.list) > maxList || cap(r.plain) > maxPlain {
		return
	}
	*r = Reader{list: r.list[:0], plain: r.plain[:0]}
	readers.Put(r)
}

// Done tells whether the whole text was read and nothing failed.
func (r *Reader) Done() bool {
	r.space()
	return !r.failed && r.at == len(r.text)
}

// Value reads any value.
func (r *Reader) Value() any {
	switch r.space(); r.peek() {
	case '"':
		return r.Text()
	case '{':
		return r.object()
	case '[':
		return r.array()
	case 't':
		return r.word("true", true)
	case 'f':
		return r.word("false", false)
	case 'n':
		return r.word("null", nil)
	}
	return r.number()
}

func (r *Reader) object() any {
	m := make(map[string]any)
	for r.Open('{'); r.More('}'); {
		name := r.Name()
		m[name] = r.Value()
	}
	return m
}

func (r *Reader) array() any {
	begin := len(r.list)
	for r.Open('['); r.More(']'); {
		v := r.Value() // may need the list too
		r.list = append(r.list, v)
	}
	all := make([]any, len(r.list)-begin)
	copy(all, r.list[begin:])
	clear(r.list[begin:])
	r.list = r.list[:begin]
	return all
}

func (r *Reader) word(word string, v any) any {
	if !strings.HasPrefix(r.text[r.at:], word) {
		r.fail()
		return nil
	}
	r.at += len(word)
	return v
}

func (r *Reader) number() any {
	end, ok := jsonenc.NumberEnd(r.text, r.at)
	if !ok {
		r.fail()
		return nil
	}
	text := r.text[r.at:end]
	r.at = end
	return exact(text)
}

// Open reads an opening bracket.
func (r *Reader) Open(bracket byte) {
	r.space()
	if r.depth++; r.depth > maxDepth {
		r.fail()
	}
	r.expect(bracket)
	r.fresh = true
}

// More tells whether another element or member comes, which is to be read then, or else reads the closing bracket.
func (r *Reader) More(bracket byte) bool {
	fresh := r.fresh
	r.fresh = false
	r.space()
	if r.peek() == bracket {
		r.at++
		r.depth--
		return false
	}
	if !fresh {
		r.expect(',')
	}
	return !r.failed
}

// Name reads the name of a member, up to its value.
func (r *Reader) Name() string {
	name := r.Text()
	r.space()
	r.expect(':')
	return name
}

func (r *Reader) expect(c byte) {
	if r.peek() != c {
		r.fail()
		return
	}
	r.at++
}

func (r *Reader) fail() {
	r.failed = true
	r.at = len(r.text)
}

// peek is 0 at the end: a byte that is allowed nowhere.
func (r *Reader) peek() byte {
	if r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

func (r *Reader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}
