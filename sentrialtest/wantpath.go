package sentrialtest

import (
	"fmt"
	"slices"
	"strings"
)

// In gives a recorder of what happened inside of what is at the path: every method of it is about that alone. They look for it
// when they are called, and fail the test when nothing is at the path; In by itself looks for nothing, so it may be called before the agent is.
//
// A path names what is around what, from the outside in: "plan > search" is search directly inside of plan, "plan >> search" is search anywhere inside of it.
// It may begin anywhere, at a session too. Each name on it is one of:
//
//   - the name of a session, a step, a tool or a model: "weather", "plan", "search", "gpt-4o";
//
//   - what the timeline calls an event: "tool search", "session weather", "decision escalate", "error timeout";
//
//   - a kind alone: "tool", "llm", "step", "decision", "error", "feedback", "session", or a type of event of the program's own;
//
//   - the id of an event or a session;
//
//   - * for whatever is there.
//
//     rec.In("plan").WantTools("search", "read")
//     rec.In("session summarise").WantWithin(sentrialtest.Budget{LLMCalls: 1})
func (r *Recorder) In(path string) *Recorder {
	r.t.Helper()
	p := r.parse("In", path)
	return &Recorder{recording: r.recording, within: append(slices.Clip(r.within), p)}
}

func (r *Recorder) parse(method, text string) path {
	r.t.Helper()
	p, err := parsePath(text)
	if err != nil {
		r.t.Errorf("%s: path %q: %v", method, text, err)
	}
	return p
}

// WantPath wants something to be at the path; In says how paths are written.
//
//	rec.WantPath("plan > search")
func (r *Recorder) WantPath(path string) {
	r.t.Helper()
	p := r.parse("WantPath", path)
	if t, ok := r.trace(); ok && len(p.parts) > 0 && len(t.at(p)) == 0 {
		r.failf(t, "WantPath: nothing is at %q%s", path, p.hint())
	}
}

// WantNoPath wants nothing to be at the path; In says how paths are written.
func (r *Recorder) WantNoPath(path string) {
	r.t.Helper()
	p := r.parse("WantNoPath", path)
	if t, ok := r.trace(); ok && len(t.at(p)) > 0 {
		r.failf(t, "WantNoPath: at %q there is %s", path, listed(t.at(p)))
	}
}

// WantNoOrphans wants every event that names a parent to name one that was recorded, in its own session. An agent that goes on in another process's session
// records orphans by design, as the parent is recorded there.
func (r *Recorder) WantNoOrphans() {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	var lines []string
	for _, n := range t.nodes {
		if n.orphan {
			lines = append(lines, fmt.Sprintf("%s has the parent %s, %s", called(n.kind, n.name), n.event.ParentID, t.forest.whereabouts(n)))
		}
	}
	if len(lines) > 0 {
		r.failf(t, "WantNoOrphans: parents are missing\n%s", strings.Join(lines, "\n"))
	}
}

// whereabouts says what is wrong with the parent of an orphan.
func (f *forest) whereabouts(n *node) string {
	for _, other := range f.events {
		if other.id == n.event.ParentID && other.root() != n.root() {
			return "which is in another session"
		} else if other.id == n.event.ParentID {
			return "which is itself inside of it"
		}
	}
	return "which was not recorded"
}

func listed(nodes []*node) string {
	names := make([]string, 0, len(nodes))
	for _, n := range nodes {
		names = append(names, called(n.kind, n.name))
	}
	return list(names)
}
