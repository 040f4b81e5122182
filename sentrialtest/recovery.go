package sentrialtest

import (
	"fmt"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

const successful = types.StatusSuccess

// WantStatus wants every session to have ended with this status, and one to be there. A session that nobody closed is types.StatusActive.
func (r *Recorder) WantStatus(want types.Status) {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	sessions := t.sessions()
	var lines []string
	for i := range sessions {
		if s := &sessions[i]; s.Status != want {
			lines = append(lines, fmt.Sprintf("%s: got %s, want %s", called("session", s.Name), s.Status, want))
		}
	}
	if len(sessions) == 0 {
		lines = []string{"there is no session"}
	}
	if len(lines) > 0 {
		r.failf(t, "WantStatus: another status\n%s", strings.Join(lines, "\n"))
	}
}

// WantNoErrors wants nothing to have gone wrong: no error event, and no session, tool call, LLM call or step that ended in an error.
func (r *Recorder) WantNoErrors() {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	if wrong := append(t.failures(), t.failedEnds()...); len(wrong) > 0 {
		r.failf(t, "WantNoErrors: %s\n%s", count(len(wrong), "thing went wrong", "things went wrong"), told(wrong))
	}
}

// WantRecovered wants something to have gone wrong, and the agent to have got over all of it.
//
// What can go wrong is an error event, and a tool call, LLM call or step that ended in an error. The agent got over it when afterwards something in the same
// session succeeded: a tool call, an LLM call or a step that began when it had ended and is not inside of it; one that it happened inside of; or the session.
// An error event must say besides that it is Recoverable.
//
// To want no error at all, use WantNoErrors.
func (r *Recorder) WantRecovered() {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	wrong := t.failures()
	if len(wrong) == 0 {
		r.failf(t, "WantRecovered: nothing went wrong, so there was nothing to recover from")
		return
	}
	if lost := t.forest.unrecovered(wrong); len(lost) > 0 {
		r.failf(t, "WantRecovered: not recovered from %s\n%s", count(len(lost), "error", "errors"), told(lost))
	}
}

// failures gives what went wrong. A session's end in an error is not among them: there is no going on after it.
func (t *trace) failures() (wrong []*node) {
	for _, n := range t.nodes {
		if n.event.Error != nil || n.isWork() && n.event.Status == types.StatusError {
			wrong = append(wrong, n)
		}
	}
	return wrong
}

func (t *trace) failedEnds() (ends []*node) {
	for _, n := range t.nodes {
		if n.event.Result != nil && n.event.Status == types.StatusError {
			ends = append(ends, n)
		}
	}
	return ends
}

func (f *forest) unrecovered(wrong []*node) (lost []*node) {
	for _, n := range wrong {
		if !f.recovered(n) {
			lost = append(lost, n)
		}
	}
	return lost
}

func (f *forest) recovered(n *node) bool {
	if n.event.Error != nil && !n.event.Error.Recoverable {
		return false
	}
	if n.isIn((*node).succeeded) {
		return true
	}
	past := false
	for _, other := range f.events {
		if past && other.follows(n) && other.isWork() && other.succeeded() {
			return true
		}
		past = past || other == n
	}
	return false
}

// follows reports whether n, of which the other is known to have begun before, began after its end, in the same session.
func (n *node) follows(other *node) bool {
	return n.root() == other.root() && !n.event.Timestamp.Before(other.end()) && !n.isIn(func(around *node) bool { return around == other })
}

// isWork: decisions, feedback and updates succeed always.
func (n *node) isWork() bool {
	return n.event.ToolCall != nil || n.event.LLMCall != nil || n.event.Step != nil
}

func (n *node) succeeded() bool {
	if n.session != nil {
		return n.session.Status == successful
	}
	return n.event.Status == successful
}

func told(nodes []*node) string {
	lines := make([]string, 0, len(nodes))
	for _, n := range nodes {
		lines = append(lines, line(n))
	}
	return strings.Join(lines, "\n")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
