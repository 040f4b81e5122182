// Package jsonscan walks JSON text in one pass and hands out its values as they are written, without building maps or copying.
// It accepts exactly the JSON of RFC 8259 but for invalid UTF-8 inside strings, which it leaves to the caller ([utf8.Valid]).
package jsonscan

import "fmt"

// MaxDepth is the deepest nesting a Scanner follows.
const MaxDepth = 10_000

// SyntaxError reports text that is not JSON.
type SyntaxError struct {
	Offset int    // byte where it was noticed
	Want   string // what was expected there
	Got    string // what was found
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("invalid JSON at byte %d: expected %s, found %s", e.Offset, e.Want, e.Got)
}

// Scanner reads a JSON text from the front. It is not safe for concurrent use.
type Scanner struct {
	data  []byte
	pos   int
	stack []byte // the brackets that close what Value has open
}

// New returns a Scanner over data, which must not change while values handed out are in use.
func New(data []byte) *Scanner { return &Scanner{data: data} }

// Reset makes the Scanner read data, as New does, keeping its memory.
func (s *Scanner) Reset(data []byte) { s.data, s.pos = data, 0 }

// Pos returns the offset of the next byte to read.
func (s *Scanner) Pos() int { return s.pos }

// Slice returns the text from offset start to Pos.
func (s *Scanner) Slice(start int) []byte { return s.data[start:s.pos:s.pos] }

// Peek skips white space and returns the next byte, or 0 at the end.
func (s *Scanner) Peek() byte {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// End checks that nothing but white space is left.
func (s *Scanner) End() error {
	if s.Peek(); s.pos < len(s.data) {
		return s.fail("nothing after the end")
	}
	return nil
}

// Members reads an object and calls fn for each member with its key as written, without the quotes; fn must read the value.
func (s *Scanner) Members(fn func(key []byte) error) error {
	return s.list('{', '}', func() error {
		key, err := s.key()
		if err != nil {
			return err
		}
		return fn(key)
	})
}

// Elements reads an array and calls fn before each element; fn must read it.
func (s *Scanner) Elements(fn func() error) error { return s.list('[', ']', fn) }

func (s *Scanner) list(opening, closing byte, item func() error) error {
	if s.Peek() != opening {
		return s.fail(quoted(opening))
	}
	s.pos++
	if s.Peek() == closing {
		s.pos++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		switch s.Peek() {
		case ',':
			s.pos++
		case closing:
			s.pos++
			return nil
		default:
			return s.fail("',' or " + quoted(closing))
		}
	}
}

// key reads a member's key and the colon after it.
func (s *Scanner) key() ([]byte, error) {
	if s.Peek() != '"' {
		return nil, s.fail("a key in double quotes")
	}
	start := s.pos
	if err := s.text(); err != nil {
		return nil, err
	}
	key := s.data[start+1 : s.pos-1]
	if s.Peek() != ':' {
		return nil, s.fail("':'")
	}
	s.pos++
	return key, nil
}

func (s *Scanner) fail(want string) error {
	return &SyntaxError{Offset: s.pos, Want: want, Got: s.found()}
}

func (s *Scanner) found() string {
	if s.pos >= len(s.data) {
		return "the end of the text"
	}
	return quoted(s.data[s.pos])
}

func quoted(c byte) string {
	if c < 0x20 || c >= 0x7f {
		return fmt.Sprintf("byte 0x%02x", c)
	}
	return "'" + string(c) + "'"
}
