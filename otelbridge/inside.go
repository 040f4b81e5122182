package otelbridge

// below says what was seen inside a span, at any depth.
type below uint8

const (
	belowEvent  below = 1 << iota // a span that is an event
	belowAgent                    // one of an agent
	belowFailed                   // one that is an event and failed
)

// self is what a span is to the spans around it. The failure of a span that is no event is not told: the span around it that is one is where it shows.
func (s *span) self() (is below) {
	if !s.isEvent() {
		return 0
	}
	is = belowEvent
	if s.kind == kindAgent {
		is |= belowAgent
	}
	if s.failed() {
		is |= belowFailed
	}
	return is
}

// lookInside tells every span of the batch what is inside it, and remembers the same for spans that have not come yet. Those of the batch are remembered too: one
// that is delivered again, alone, must come out as it did before.
func (m *memory) lookInside(b *batch) {
	for _, s := range b.spans {
		s.below |= m.inside.get(s.ref)
		m.tellAncestors(b, s, s.below|s.self())
	}
}

func (m *memory) tellAncestors(b *batch, s *span, seen below) {
	for range b.spans {
		if seen == 0 || !s.parent.IsValid() {
			return
		}
		m.inside.put(s.parentRef(), m.inside.get(s.parentRef())|seen)
		if s = b.parentOf(s); s == nil {
			return
		}
		s.below |= seen
	}
}

// opensSession tells whether the session begins and ends with the span: one with no parent, when it or anything in it is an event. Below a parent in another
// process it takes an agent, as a model or a tool that is called from elsewhere is part of the caller's session.
func (s *span) opensSession() bool {
	seen := s.below | s.self()
	switch {
	case s.kind == kindOurs || !s.localRoot():
		return false
	case s.remote:
		return seen&belowAgent != 0
	}
	return seen&belowEvent != 0
}

// isOrigin tells whether the failure of the span began there: nothing inside it failed. Instrumentations report one failure on every span that it passes through.
func (s *span) isOrigin() bool { return s.recorded() && s.failed() && s.below&belowFailed == 0 }
