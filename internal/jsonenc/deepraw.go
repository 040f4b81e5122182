package jsonenc

import "bytes"

// maxTrimmed is how many parts of one foreign JSON are replaced for being too deep. A
// marker is many times longer than the least part: beyond this the whole is replaced.
const maxTrimmed = 1 << 10

var markerStart = []byte(`{"$omitted":`)

// isMarker tells whether a marker is next. Markers may lie one level deeper than values:
// what this package wrote once it passes when it is written again, as the input of a span is.
func (s *scanner) isMarker() bool {
	if s.checkOnly || s.depth > s.maxDepth || !bytes.HasPrefix(s.src[s.at:], markerStart) {
		return false
	}
	flat := scanner{src: s.src, at: s.at, checkOnly: true, maxDepth: 1}
	return flat.nested('}') == ""
}

// tooDeep puts a marker in the place of the object or array that is next.
func (s *scanner) tooDeep() (reason string) {
	if s.omitted++; s.checkOnly || s.omitted > maxTrimmed {
		return reasonTooDeep
	}
	s.flush()
	s.checkOnly = true
	reason = s.skip()
	s.checkOnly = false
	s.dst = AppendMarker(s.dst, reasonTooDeep, s.goType)
	return reason
}

// skip passes the object or array that is next and checks it all the same, without a
// function call for each level: there may be millions.
func (s *scanner) skip() (reason string) {
	var ends []byte // the closing bytes of what is open
	for {
		if c := s.peek(); c == '{' || c == '[' {
			end := c + 2 // both brackets of a kind are two apart in ASCII
			if ends = append(ends, end); s.begins() != end {
				if reason = s.nameIn(end); reason != "" {
					return reason
				}
				continue
			}
		} else if reason = s.value(); reason != "" {
			return reason
		}
		if ends, reason = s.ended(ends); reason != "" || len(ends) == 0 {
			s.copied = s.at
			return reason
		}
	}
}

// begins passes an opening bracket and gives what comes next.
func (s *scanner) begins() byte {
	s.at++
	s.space()
	return s.peek()
}

// ended passes what follows a value, up to the next one: closing brackets, a comma, a name.
func (s *scanner) ended(ends []byte) (open []byte, reason string) {
	for ; len(ends) > 0; ends = ends[:len(ends)-1] {
		s.space()
		end := ends[len(ends)-1]
		if s.peek() == end {
			s.at++
			continue
		}
		if reason = s.expect(','); reason == "" {
			s.space()
			reason = s.nameIn(end)
		}
		return ends, reason
	}
	return ends, ""
}

// nameIn passes the name of a member, if what end closes is an object.
func (s *scanner) nameIn(end byte) (reason string) {
	if end == ']' {
		return ""
	}
	return s.name()
}
