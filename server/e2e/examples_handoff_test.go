package e2e_test

import (
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

func TestExampleHandoff(t *testing.T) {
	bin := build(t, "./examples/handoff")
	t.Run("one session of two processes", func(t *testing.T) { exampleHandoff(t, bin) })
	t.Run("a worker that fails", func(t *testing.T) { exampleHandoffFails(t, bin) })
	t.Run("a worker that is handed no session", func(t *testing.T) { exampleHandoffWithoutSession(t, bin) })
}

func exampleHandoff(t *testing.T, bin binaries) {
	p, to := bin.example(t, "handoff")
	p.write(t, "a.txt", "one")
	p.write(t, "b.txt", "eleven")
	if out := p.mustRun(t, "a.txt", "b.txt"); out != "[3 6]\n" {
		t.Errorf("it printed %q", out)
	}
	session, events := to.one(t)
	if session.Status != types.StatusSuccess || kinds(events) != "session_start tool_call tool_call tool_call session_end" || session.Events != len(events) {
		t.Fatalf("the server has a session that is %s with %d events: %s", session.Status, session.Events, kinds(events))
	}
	work := events[1]
	if work.ToolCall.ToolName != "worker" || work.ParentID != "" || text(t, work.ToolCall.ToolOutput) != "[3,6]" {
		t.Errorf("the agent's call is %+v", work.ToolCall)
	}
	for i, want := range []struct{ input, output string }{{`"a.txt"`, "3"}, {`"b.txt"`, "6"}} {
		e := events[2+i]
		if e.ParentID != work.ID || e.ToolCall.ToolName != "measure" || text(t, e.ToolCall.ToolInput) != want.input || text(t, e.ToolCall.ToolOutput) != want.output {
			t.Errorf("the worker's call is %+v under %q, want %s of %s under %s", e.ToolCall, e.ParentID, want.output, want.input, work.ID)
		}
	}
}

// What the worker did before it failed is there, and whose failure it is.
func exampleHandoffFails(t *testing.T, bin binaries) {
	p, to := bin.example(t, "handoff")
	p.write(t, "a.txt", "one")
	if got := p.run(t, "a.txt", "gone.txt"); got.code != 1 || !strings.Contains(got.stderr, "gone.txt") || !strings.Contains(got.stderr, "the worker: exit status 1") {
		t.Errorf("got %+v, want exit code 1 of both processes", got)
	}
	session, events := to.one(t)
	if session.Status != types.StatusError || kinds(events) != "session_start tool_call tool_call tool_call error session_end" {
		t.Fatalf("the server has a session that is %s: %s", session.Status, kinds(events))
	}
	work, done, failed := events[1], events[2], events[3]
	if work.Status != types.StatusError || done.Status != types.StatusSuccess || failed.Status != types.StatusError {
		t.Errorf("the calls are %s, %s and %s", work.Status, done.Status, failed.Status)
	}
	if done.ParentID != work.ID || failed.ParentID != work.ID || !strings.Contains(failed.ToolCall.Error, "gone.txt") {
		t.Errorf("the worker's calls are under %q and %q, want %q: %+v", done.ParentID, failed.ParentID, work.ID, failed.ToolCall)
	}
}

// A worker does its job for callers that record nothing, too.
func exampleHandoffWithoutSession(t *testing.T, bin binaries) {
	p, to := bin.example(t, "handoff")
	p.write(t, "a.txt", "one")
	r := p.start(t, "-worker")
	r.tell(t, `{"Session": {}, "Files": ["a.txt"]}`)
	if got := r.end(t); got.code != 0 || got.stdout != "[3]\n" {
		t.Errorf("got %+v", got)
	}
	if sessions := to.sessions(t); len(sessions) != 0 {
		t.Errorf("the server has %+v, want nothing", sessions)
	}
}
