package jsonscan

import "fmt"

// Value reads one value of any kind and returns its text, and how deep it nests: 0 for a scalar, 1 for an object or array of scalars.
func (s *Scanner) Value() (raw []byte, depth int, err error) {
	s.Peek()
	start := s.pos
	s.stack = s.stack[:0]
	for more := true; more; {
		if c := s.Peek(); c == '{' || c == '[' {
			empty, err := s.open(c)
			if err != nil {
				return nil, 0, err
			}
			if depth = max(depth, len(s.stack)); !empty {
				continue
			}
		} else if err := s.scalar(c); err != nil {
			return nil, 0, err
		}
		if more, err = s.afterValue(); err != nil {
			return nil, 0, err
		}
	}
	return s.Slice(start), depth, nil
}

// open enters the container that c begins and reads up to its first value; it reports whether there is none.
func (s *Scanner) open(c byte) (empty bool, err error) {
	if len(s.stack) == MaxDepth {
		return false, s.fail(fmt.Sprintf("at most %d levels", MaxDepth))
	}
	closing := c + 2 // both brackets of a kind are two apart in ASCII
	s.pos++
	s.stack = append(s.stack, closing)
	if s.Peek() == closing {
		return true, nil
	}
	if c == '{' {
		_, err = s.key()
	}
	return false, err
}

// afterValue closes the containers that end here and reports whether another value follows in the one still open.
func (s *Scanner) afterValue() (more bool, err error) {
	for len(s.stack) > 0 {
		closing := s.stack[len(s.stack)-1]
		switch s.Peek() {
		case closing:
			s.pos++
			s.stack = s.stack[:len(s.stack)-1]
		case ',':
			s.pos++
			if closing == '}' {
				_, err = s.key()
			}
			return true, err
		default:
			return false, s.fail("',' or " + quoted(closing))
		}
	}
	return false, nil
}

func (s *Scanner) scalar(c byte) error {
	switch {
	case c == '"':
		return s.text()
	case c == '-' || isDigit(c):
		return s.number()
	case c == 't':
		return s.literal("true")
	case c == 'f':
		return s.literal("false")
	case c == 'n':
		return s.literal("null")
	}
	return s.fail("a value")
}

func (s *Scanner) literal(word string) error {
	for i := range len(word) {
		if s.pos >= len(s.data) || s.data[s.pos] != word[i] {
			return s.fail(word)
		}
		s.pos++
	}
	return nil
}

// text reads a string, quotes included.
func (s *Scanner) text() error {
	s.pos++
	for {
		s.pos += plain(s.data[s.pos:])
		switch {
		case s.pos == len(s.data):
			return s.fail("'\"'")
		case s.data[s.pos] == '"':
			s.pos++
			return nil
		case s.data[s.pos] != '\\':
			return s.fail("an escaped control character")
		}
		if err := s.escape(); err != nil {
			return err
		}
	}
}

func (s *Scanner) escape() error {
	s.pos++
	if s.pos >= len(s.data) {
		return s.fail("an escape character")
	}
	switch s.data[s.pos] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos++
		return nil
	case 'u':
		s.pos++
		return s.hex4()
	}
	return s.fail("an escape character")
}

func (s *Scanner) hex4() error {
	for range 4 {
		if s.pos >= len(s.data) || !isHex(s.data[s.pos]) {
			return s.fail("a hexadecimal digit")
		}
		s.pos++
	}
	return nil
}

func (s *Scanner) number() error {
	if s.data[s.pos] == '-' {
		s.pos++
	}
	if s.at('0') {
		s.pos++
	} else if err := s.digits(); err != nil {
		return err
	}
	if s.at('.') {
		s.pos++
		if err := s.digits(); err != nil {
			return err
		}
	}
	if s.at('e') || s.at('E') {
		s.pos++
		if s.at('+') || s.at('-') {
			s.pos++
		}
		return s.digits()
	}
	return nil
}

func (s *Scanner) digits() error {
	start := s.pos
	for s.pos < len(s.data) && isDigit(s.data[s.pos]) {
		s.pos++
	}
	if s.pos == start {
		return s.fail("a digit")
	}
	return nil
}

func (s *Scanner) at(c byte) bool { return s.pos < len(s.data) && s.data[s.pos] == c }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
