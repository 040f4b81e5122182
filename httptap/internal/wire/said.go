package wire

import (
	"unicode/utf8"

	"github.com/sentrial/sentrial-go/types"
)

// said is what an answer has said so far, put together from its pieces. The wires fill it in; the same code of theirs reads whole replies and streams, for a whole
// one is a stream of one piece.
type said struct {
	id, model string
	usage     types.Usage
	apart     types.Usage // what usage does not count
	choices   []*choice
	metadata  map[string]any
	fault     *Error // what the provider said went wrong

	left      int  // bytes of content that may still be kept
	truncated bool // there was more
	begun     bool // something of the content has come
	ended     bool // the reply's own end has come
}

// add appends to a text, or to a call's arguments.
func (s *said) add(c *choice, k key, kind string, text value) {
	if !text.says() {
		return
	}
	s.begun = true
	if p := s.piece(c, k, kind); p != nil {
		before := len(p.text)
		p.text = text.AppendText(p.text)
		p.text = p.text[:before+len(s.kept(p.text[before:], s.left))]
	}
}

// addText is add for a text that is no value of its own.
func (s *said) addText(c *choice, k key, kind, text string) {
	if text == "" {
		return
	}
	s.begun = true
	if p := s.piece(c, k, kind); p != nil {
		p.text = append(p.text, s.kept([]byte(text), s.left)...)
	}
}

// fill is add for a text that is repeated whole after its pieces.
func (s *said) fill(c *choice, k key, kind string, text value) {
	if c != nil {
		if p := c.find(k); p != nil && len(p.text) > 0 {
			return
		}
	}
	s.add(c, k, kind, text)
}

// call notes a call of a tool that was asked for. Some servers number all of them 0; then the ids tell them apart.
func (s *said) call(c *choice, k key, id, name string) {
	s.begun = true
	p := s.piece(c, k, types.PartToolCall)
	if p != nil && id != "" && p.id != "" && p.id != id {
		p = s.newPiece(c, k, types.PartToolCall)
	}
	if p == nil {
		return
	}
	if p.id == "" {
		p.id = string(s.kept([]byte(id), maxName))
	}
	if p.name == "" {
		p.name = string(s.kept([]byte(name), maxName))
	}
}

// part notes what is kept whole.
func (s *said) part(c *choice, k key, kind string, v value) {
	s.begun = true
	p := s.piece(c, k, kind)
	if p == nil {
		return
	}
	whole := wholePart(kind, v).Raw
	if s.left -= len(whole) - len(p.whole); s.left < 0 {
		s.left, s.truncated, whole = 0, true, nil
	}
	p.whole = whole
}

// blob counts the bytes of a picture or a sound.
func (s *said) blob(c *choice, k key, m media) {
	s.begun = true
	if p := s.piece(c, k, m.Type); p != nil {
		m.Size += p.media.Size
		p.media = m
	}
}

// kept gives what may be kept of a text, up to the end of a character.
func (s *said) kept(text []byte, most int) []byte {
	most = max(0, min(most, s.left))
	if len(text) > most {
		for most > 0 && !utf8.RuneStart(text[most]) {
			most--
		}
		text, s.truncated, s.left = text[:most], true, 0
	}
	s.left -= len(text)
	return text
}

// about notes facts that are given again and again in a stream.
func (s *said) about(id, model value) {
	if s.id == "" {
		s.id = shortOf(id)
	}
	if model.says() && !model.Is(s.model) {
		s.model = shortOf(model)
	}
}

func shortOf(v value) string {
	text, _ := v.Text()
	return short(text)
}

func short(text string) string { return text[:min(len(text), maxName)] }

// noteText is note for a text that pieces repeat.
func (s *said) noteText(name string, text value) {
	if known, ok := s.metadata[name].(string); !ok || !text.Is(known) {
		s.note(name, shortOf(text))
	}
}

// note keeps a fact that has no field of its own.
func (s *said) note(name string, v any) {
	if v == nil || v == "" || v == 0 {
		return
	}
	if s.metadata == nil {
		s.metadata = make(map[string]any)
	}
	s.metadata[name] = v
}
