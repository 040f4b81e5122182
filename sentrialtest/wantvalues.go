package sentrialtest

import (
	"fmt"
	"strings"

	"github.com/sentrial/sentrial-go/types"
)

// WantToolInputs wants the tool to have been called once for each of these inputs, in this order. They are compared as JSON values: a struct equals the map
// that it becomes, and 1 equals 1.0. A call without an input has the input nil; Any equals every value.
func (r *Recorder) WantToolInputs(name string, inputs ...any) {
	r.t.Helper()
	r.wantValues("WantToolInputs", "input", name, inputs, func(c *types.ToolCall) any { return c.ToolInput })
}

// WantToolOutputs wants the calls of the tool to have had these outputs, in the order in which they began, and no others. They are compared as inputs are; a
// call that failed has the output nil, unless it returned something besides its error.
func (r *Recorder) WantToolOutputs(name string, outputs ...any) {
	r.t.Helper()
	r.wantValues("WantToolOutputs", "output", name, outputs, func(c *types.ToolCall) any { return c.ToolOutput })
}

func (r *Recorder) wantValues(method, what, tool string, want []any, of func(*types.ToolCall) any) {
	r.t.Helper()
	t, ok := r.trace()
	if !ok {
		return
	}
	calls := t.callsOf(tool)
	var lines []string
	for i := range max(len(calls), len(want)) {
		lines = append(lines, compare(calls, want, i, of)...)
	}
	if len(lines) > 0 {
		r.failf(t, "%s: other %ss of %s\n%s", method, what, tool, strings.Join(lines, "\n"))
	}
}

// compare says what is wrong with call i, if anything is.
func compare(calls []*types.ToolCall, want []any, i int, of func(*types.ToolCall) any) []string {
	said := func(got, want string) []string {
		return []string{fmt.Sprintf("call %d  got: %s\n       want: %s", i+1, got, want)}
	}
	if i >= len(calls) {
		return said("(no call)", jsonText(want[i]))
	}
	got := jsonText(of(calls[i]))
	if i >= len(want) {
		return said(got, "(no call)")
	}
	wanted, err := asJSON(want[i])
	if err != nil {
		return said(got, fmt.Sprintf("a value without a JSON form: %v", err))
	}
	if recorded, err := asJSON(of(calls[i])); err != nil || !equalJSON(recorded, wanted) {
		return said(got, jsonText(want[i]))
	}
	return nil
}

// callsOf gives the calls of one tool.
func (t *trace) callsOf(name string) (calls []*types.ToolCall) {
	for _, c := range t.tools() {
		if c.ToolName == name {
			calls = append(calls, c)
		}
	}
	return calls
}
