package sentrialtest

import (
	"fmt"
	"slices"
	"strings"
)

// failf fails the test and shows what happened.
func (r *Recorder) failf(t *trace, format string, args ...any) {
	r.t.Helper()
	r.t.Errorf("%s%s", fmt.Sprintf(format, args...), r.inbox.whatHappened(t.forest))
}

// WantTools wants exactly these tools to have been called, in this order, the order in which the calls began. A tool that was called twice stands there twice;
// without names no tool may have been called.
func (r *Recorder) WantTools(names ...string) {
	r.t.Helper()
	if t, ok := r.trace(); ok && !slices.Equal(t.toolNames(), names) {
		r.failf(t, "WantTools: other tools were called\n got: %s\nwant: %s", list(t.toolNames()), list(names))
	}
}

// WantToolsInOrder wants these tools to have been called in this order, with whatever else before, between and after them.
func (r *Recorder) WantToolsInOrder(names ...string) {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	if missing := firstMissing(t.toolNames(), names); missing < len(names) {
		r.failf(t, "WantToolsInOrder: %s is missing%s\n got: %s\nwant: %s", names[missing], after(names, missing), list(t.toolNames()), list(names))
	}
}

// firstMissing is the place of the first of want that does not come in got after those before it; len(want) if none is missing.
func firstMissing(got, want []string) int {
	found := 0
	for _, name := range got {
		if found < len(want) && want[found] == name {
			found++
		}
	}
	return found
}

func after(names []string, i int) string {
	if i == 0 {
		return ""
	}
	return " after " + names[i-1]
}

// WantNoTool wants none of these tools to have been called; without names, no tool at all.
func (r *Recorder) WantNoTool(names ...string) {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	called := slices.DeleteFunc(t.toolNames(), func(name string) bool { return len(names) > 0 && !slices.Contains(names, name) })
	if len(called) > 0 {
		r.failf(t, "WantNoTool: called all the same: %s", list(called))
	}
}

// WantToolCount wants the tool to have been called n times, failed calls included.
func (r *Recorder) WantToolCount(name string, n int) {
	r.t.Helper()
	if t, ok := r.trace(); ok && len(t.callsOf(name)) != n {
		r.failf(t, "WantToolCount: %s was called %s, want %d", name, times(len(t.callsOf(name))), n)
	}
}

func (t *trace) toolNames() (names []string) {
	for _, c := range t.tools() {
		names = append(names, c.ToolName)
	}
	return names
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func list(names []string) string {
	if len(names) == 0 {
		return "(none)"
	}
	return strings.Join(names, ", ")
}
