package wire

import (
	"strconv"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// leaf is a part of a call's arguments, which Vertex AI may send a place at a time: $.place.cities[0]. Texts go on where they stand.
type leaf struct {
	path  string
	text  []byte
	value any // what is no text
}

// readFunctionCall reads a call. One without a name goes on with the last, whose arguments come in pieces.
func readFunctionCall(s *said, c *choice, k key, o value) {
	if last := len(c.pieces) - 1; !o.pick("name").says() && last >= 0 && c.pieces[last].kind == types.PartToolCall {
		k.index = last
	}
	s.call(c, k, o.text("id"), o.text("name"))
	s.arguments(c, k, o.pick("args"))
	for _, part := range o.pick("partialArgs").items {
		s.grow(c.find(k), part)
	}
}

// grow adds a piece of arguments to a call.
func (s *said) grow(p *piece, o value) {
	if p == nil {
		return
	}
	l := s.leaf(p, o.text("jsonPath"))
	if l == nil {
		return
	}
	if text := o.pick("stringValue"); text.Kind() == '"' {
		before := len(l.text)
		l.text = text.AppendText(l.text)
		l.text = l.text[:before+len(s.kept(l.text[before:], s.left))]
	} else if v := o.pick("boolValue", "numberValue"); v.There() {
		l.value = made(s.kept(v.Raw(), maxName))
	} else if o.Get("nullValue").There() { // which is written null by some
		l.value = null{}
	}
}

// null is what was said to be none.
type null struct{}

// leaf gives the last one if it is at the path, else a new one; nil when no more may be kept.
func (s *said) leaf(p *piece, path string) *leaf {
	if last := len(p.leaves) - 1; last >= 0 && p.leaves[last].path == path {
		return &p.leaves[last]
	}
	if s.left <= 0 {
		s.truncated = true
		return nil
	}
	s.left -= pieceBytes
	p.leaves = append(p.leaves, leaf{path: string(s.kept([]byte(path), maxName))})
	return &p.leaves[len(p.leaves)-1]
}

// tree puts arguments together.
func tree(leaves []leaf) (root any) {
	for _, l := range leaves {
		root = set(root, steps(l.path), l.made())
	}
	return root
}

func (l *leaf) made() any {
	switch l.value.(type) {
	case nil:
		return string(l.text)
	case null:
		return nil
	}
	return l.value
}

// maxSteps is how deep arguments may be nested that come so.
const maxSteps = 64

// brackets are around names and places in lists, which are written with # then.
var brackets = strings.NewReplacer("['", ".", "']", "", `["`, ".", `"]`, "", "[", ".#", "]", "")

// steps takes a path apart. One that is too long is a name.
func steps(path string) []string {
	list := strings.Split(strings.TrimPrefix(brackets.Replace(strings.TrimPrefix(path, "$")), "."), ".")
	if len(list) > maxSteps {
		return []string{path}
	}
	return list
}

// set puts v at the end of the steps. Lists grow by one item at a time.
func set(at any, steps []string, v any) any {
	if len(steps) == 0 {
		return v
	}
	step, rest := steps[0], steps[1:]
	if n, err := strconv.Atoi(strings.TrimPrefix(step, "#")); err == nil && n >= 0 && step[0] == '#' {
		list, _ := at.([]any)
		if n >= len(list) {
			n, list = len(list), append(list, nil)
		}
		list[n] = set(list[n], rest, v)
		return list
	}
	members, _ := at.(map[string]any)
	if members == nil {
		members = make(map[string]any)
	}
	members[step] = set(members[step], rest, v)
	return members
}
