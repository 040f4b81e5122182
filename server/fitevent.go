package server

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/server/internal/jsonscan"
)

// cuttable is one member of an event.
type cuttable struct {
	name  string
	value []byte
	depth int
}

// fitEvent is an event as the server takes it: what nests too deep becomes a marker, and if it is too large its largest members are cut, in the form in which the
// SDK cuts them.
func fitEvent(text []byte, limits Limits) []byte {
	members := membersOf(text)
	excess, changed := len(text)-limits.MaxEventBytes, false
	for i := range members {
		if m := &members[i]; m.depth >= limits.MaxDepth {
			excess, changed = excess-m.cut(0), true
		}
	}
	if excess > 0 {
		bySize := make([]*cuttable, len(members))
		for i := range members {
			bySize[i] = &members[i]
		}
		slices.SortStableFunc(bySize, func(a, b *cuttable) int { return cmp.Compare(len(b.value), len(a.value)) })
		for _, m := range bySize {
			if excess > 0 && len(m.value) > smallestCut {
				excess, changed = excess-m.cut(len(m.value)-excess), true
			}
		}
	}
	if !changed {
		return text
	}
	return joined(members)
}

// smallestCut is the size below which cutting a member gains nothing.
const smallestCut = 1 << 10

func membersOf(text []byte) (members []cuttable) {
	scan := jsonscan.New(text)
	_ = scan.Members(func(key []byte) error { // of text that was just made
		value, depth, err := scan.Value()
		members = append(members, cuttable{string(key), value, depth})
		return err
	})
	return members
}

func joined(members []cuttable) []byte {
	var out bytes.Buffer
	for i, m := range members {
		out.WriteByte(map[bool]byte{true: '{', false: ','}[i == 0])
		out.WriteString(`"` + m.name + `":`)
		out.Write(m.value)
	}
	out.WriteByte('}')
	return out.Bytes()
}

// cut leaves about so many bytes of a text, and of another value only a marker, in the type that the member has. It returns how many bytes less there are.
func (m *cuttable) cut(want int) int {
	before := len(m.value)
	switch {
	case m.value[0] == '"':
		m.value = cutText(m.value, want)
	case m.value[0] == '[' && m.name != "tool_input" && m.name != "tool_output":
		m.value = append(append([]byte{'['}, markerOf(m.value)...), ']')
	default:
		m.value = markerOf(m.value)
	}
	return before - len(m.value)
}

// markerOf stands for a value.
func markerOf(value []byte) []byte {
	sum := sha256.Sum256(value)
	return []byte(`{"$truncated":{"bytes":` + strconv.Itoa(len(value)) + `,"sha256":"` + hex.EncodeToString(sum[:]) + `"}}`)
}

// markerRoom is more than the marker of a text takes.
const markerRoom = 128

// cutText keeps the beginning of a text and says how long it was.
func cutText(quoted []byte, want int) []byte {
	text, p := readText(quoted)
	if p != nil {
		return markerOf(quoted)
	}
	sum := sha256.Sum256([]byte(text))
	n := headOf(text, want-markerRoom)
	short, err := json.Marshal(text[:n] + "…[truncated: " + strconv.Itoa(len(text)) + " bytes, sha256:" + hex.EncodeToString(sum[:]) + "]")
	if err != nil {
		return markerOf(quoted)
	}
	return short
}

// headOf is how many bytes of a text surely fit into so many of JSON, without splitting a character.
func headOf(text string, want int) (n int) {
	for n < len(text) {
		r, width := utf8.DecodeRuneInString(text[n:])
		cost := width
		if r < ' ' || r == utf8.RuneError || r == '"' || r == '\\' || r == '<' || r == '>' || r == '&' || r == '\u2028' || r == '\u2029' {
			cost = len(`\u0000`)
		}
		if want -= cost; want < 0 {
			break
		}
		n += width
	}
	return n
}
