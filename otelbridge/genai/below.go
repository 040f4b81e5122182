package genai

// below says what was seen inside a span, at any depth.
type below uint8

const (
	belowEvent   below = 1 << iota // something that is an event
	belowAgent                     // an agent
	belowFailed                    // something that failed
	belowCall                      // a call of a model, reached through neither a tool nor an agent
	belowAnyCall                   // a call of a model
)

// isEvent tells whether the span becomes an event wherever it stands.
func (n *node) isEvent() bool {
	switch n.kind {
	case kindOther, kindChain:
		return false
	}
	return !n.mute
}

// self is what a span is to those around it. The failure of a span outside GenAI is not told: the span around it that is of GenAI is where it shows.
func (n *node) self(skipOurs bool) (is below) {
	if n.isEvent() && !(n.ours && skipOurs) {
		is |= belowEvent
	}
	if n.kind == kindAgent && !n.mute && !(n.ours && skipOurs) {
		is |= belowAgent
	}
	if n.hardFault() && n.kind != kindOther && !n.mute && n.copyOf == "" {
		is |= belowFailed
	}
	if n.kind.inference() || n.promoted {
		is |= belowCall | belowAnyCall
	}
	return is
}

// told is what is told to the spans around it: itself and what is inside.
func (n *node) told(skipOurs bool) below {
	inside := n.below
	if n.blocks() {
		inside &^= belowCall
	}
	return inside | n.self(skipOurs)
}
