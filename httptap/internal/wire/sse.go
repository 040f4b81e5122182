package wire

import "bytes"

// sse reads a stream of server-sent events, however it is cut into pieces: lines that end in LF, CR or both, comments, data in several lines, and servers that leave
// out the space after the colon or the empty line between two events.
type sse struct {
	values *values
	done   func() // the stream said [DONE]

	field []byte // the name of the line's field, as far as it matters
	value bool   // the name is over,
	space bool   // and a space may follow
	begun bool   // the line has something in it
	cr    bool   // the last line ended in CR, so LF may follow
	event []byte // the name of the event
	head  []byte // the event's data, as long as it may be [DONE]
	open  bool   // the data is more than that
}

const (
	maxField     = 8
	maxEventName = 64
	doneData     = "[DONE]"
)

var newline = []byte{'\n'}

func (s *sse) Write(p []byte) {
	for len(p) > 0 {
		n := bytes.IndexByte(p, '\n')
		if n < 0 {
			s.carried(p)
			return
		}
		s.carried(p[:n])
		if !s.cr {
			s.endLine()
		}
		s.cr, p = false, p[n+1:]
	}
}

// carried reads what has no LF in it, but may have lines that end in CR alone. The last one ends there too, and an LF that follows belongs to it.
func (s *sse) carried(p []byte) {
	for len(p) > 0 {
		n := bytes.IndexByte(p, '\r')
		if s.cr = n >= 0; !s.cr {
			s.piece(p)
			return
		}
		s.piece(p[:n])
		s.endLine()
		p = p[n+1:]
	}
}

// piece reads a part of a line.
func (s *sse) piece(p []byte) {
	s.begun = s.begun || len(p) > 0
	if !s.value {
		n := bytes.IndexByte(p, ':')
		name := p
		if n >= 0 {
			name = p[:n]
		}
		s.field = append(s.field, name[:min(len(name), maxField-len(s.field))]...)
		if n < 0 {
			return
		}
		s.value, s.space, p = true, true, p[n+1:]
	}
	if s.space && len(p) > 0 {
		s.space, p = false, bytes.TrimPrefix(p, []byte(" "))
	}
	switch string(s.field) {
	case "data":
		s.data(p)
	case "event":
		s.event = append(s.event, p[:min(len(p), maxEventName-len(s.event))]...)
	}
}

// data holds back what may be [DONE], which is no JSON though it begins like some.
func (s *sse) data(p []byte) {
	if !s.open {
		if len(s.head) == 0 {
			p = bytes.TrimLeft(p, " \t")
			s.open = len(p) > 0 && p[0] != doneData[0]
		}
	}
	if !s.open {
		n := min(len(p), len(doneData)-len(s.head))
		s.head, p = append(s.head, p[:n]...), p[n:]
		if bytes.HasPrefix([]byte(doneData), s.head) {
			return
		}
		s.release()
	}
	s.values.Write(p)
}

func (s *sse) release() {
	s.open = true
	s.values.Write(s.head)
	s.head = s.head[:0]
}

func (s *sse) endLine() {
	switch {
	case !s.begun:
		s.endEvent()
	case string(s.head) == doneData:
		s.head = s.head[:0]
		s.done()
	case string(s.field) == "data" && s.open:
		s.values.Write(newline)
		s.open = len(s.values.open) > 0 // else the next line may be [DONE], without an empty one before it
	}
	s.field, s.value, s.begun = s.field[:0], false, false
}

func (s *sse) endEvent() {
	if len(s.head) > 0 {
		s.release()
	}
	s.values.boundary()
	s.event, s.open = s.event[:0], false
}

// end is the end of the stream. What it breaks off in is none of its events.
func (s *sse) end() {
	if string(s.head) == doneData {
		s.done()
	}
}
