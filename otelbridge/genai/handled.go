package genai

import (
	"strings"
	"time"
)

// handled tells a failure that was got over from one that went through to the span around it: an agent in which a tool failed, and that went on and failed later of
// something else, has an error of its own.
type handled struct {
	failed time.Time // when the latest failure inside ended
	by     *node     // the span of it, while it is on its way to its event
	said   string    // what it said, then
	wentOn time.Time // when the latest call inside that went well began
	past   bool      // a failure inside was told before, of which no more is known
}

// maxSaid bounds how much is remembered of what a failure said.
const maxSaid = 1 << 10

// take takes over what is known of spans inside.
func (h *handled) take(o *handled) {
	if o.failed.After(h.failed) {
		h.failed, h.by, h.said = o.failed, o.by, o.said
	}
	h.wentOn, h.past = later(h.wentOn, o.wentOn), h.past || o.past
}

// see takes over a span inside, and what is inside of that.
func (h *handled) see(n *node) {
	h.take(&n.handled)
	switch {
	case n.hardFault() && n.kind != kindOther && !n.mute:
		h.take(&handled{failed: n.span.End, by: n})
	case n.fault == nil && (n.leaf || n.kind.toolLike()):
		h.wentOn = later(h.wentOn, n.span.Start)
	}
}

// gotOver tells whether the failures inside a span are not why it failed. Of those told before only the trace's root knows enough to say.
func (n *node) gotOver() bool {
	h := &n.handled
	if h.failed.IsZero() || h.past && !n.root() || h.wentOn.Before(h.failed) {
		return false
	}
	f, _ := n.fault.failure()
	inner := h.text()
	return !strings.Contains(f.Message, inner) && !strings.Contains(inner, f.Message)
}

func (h *handled) text() string {
	if h.by == nil {
		return h.said
	}
	f, _ := h.by.fault.failure()
	return beginning(f.Message)
}

// beginning is what is remembered of a text.
func beginning(s string) string {
	if len(s) <= maxSaid {
		return s
	}
	return strings.Clone(strings.ToValidUTF8(s[:maxSaid], ""))
}

// noteHandled remembers the failures of the trace for its root.
func (as *assembly) noteHandled() {
	h := &as.past.handled
	for _, n := range as.nodes {
		if n.parent == nil {
			h.see(n)
		}
	}
	h.said, h.by = h.text(), nil
}
