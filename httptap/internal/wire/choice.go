package wire

import (
	"encoding/json"
	"slices"
)

// choice is one answer of several.
type choice struct {
	index  int
	finish string
	pieces []*piece
	byKey  map[key]*piece // nil while there are few
}

// key tells the pieces of an answer apart, as the provider numbers them.
type key struct {
	kind         string
	index, inner int
}

// piece becomes a part of the message.
type piece struct {
	key      key
	kind     string // the part's type
	id, name string
	text     []byte          // content, or a call's arguments as JSON
	whole    json.RawMessage // a part that has no fields of its own
	media    media
	blank    string // what no text stands for
	leaves   []leaf // arguments that come a place at a time
}

const (
	// pieceBytes is what a piece costs beside its text, and maxChoices bounds the answers, so that a stream of empty ones cannot fill the memory.
	pieceBytes = 64
	maxChoices = 128

	// fewPieces are found sooner one by one than in a map.
	fewPieces = 8

	maxName = 1 << 10
)

// choice gives the answer with an index; nil when there are too many.
func (s *said) choice(index int) *choice {
	for _, c := range s.choices {
		if c.index == index {
			return c
		}
	}
	if len(s.choices) == maxChoices {
		s.truncated = true
		return nil
	}
	c := &choice{index: index}
	s.choices = append(s.choices, c)
	return c
}

// piece gives the one with a key; nil when no more may be kept.
func (s *said) piece(c *choice, k key, kind string) *piece {
	if c == nil {
		return nil
	}
	if p := c.find(k); p != nil {
		return p
	}
	return s.newPiece(c, k, kind)
}

func (s *said) newPiece(c *choice, k key, kind string) *piece {
	if s.left <= 0 {
		s.truncated = true
		return nil
	}
	s.left -= pieceBytes
	p := &piece{key: k, kind: kind}
	c.pieces = append(c.pieces, p)
	c.enter(p)
	return p
}

// find gives the last piece with a key.
func (c *choice) find(k key) *piece {
	if c.byKey != nil {
		return c.byKey[k]
	}
	for _, p := range slices.Backward(c.pieces) {
		if p.key == k {
			return p
		}
	}
	return nil
}

// enter makes a piece easy to find among many.
func (c *choice) enter(p *piece) {
	switch {
	case c.byKey != nil:
		c.byKey[p.key] = p
	case len(c.pieces) > fewPieces:
		c.byKey = make(map[key]*piece)
		for _, p := range c.pieces {
			c.byKey[p.key] = p
		}
	}
}
