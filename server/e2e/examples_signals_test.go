//go:build unix

package e2e_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

func TestExampleSignals(t *testing.T) {
	bin := build(t, "./examples/signals")
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) { exampleSignalsEndsWell(t, bin, s) })
	}
	t.Run("the server is down", func(t *testing.T) { exampleSignalsCountsWhatIsLeft(t, bin, "http://127.0.0.1:1") })
	t.Run("the server hangs", func(t *testing.T) {
		to, _, _ := serveGated(t, straight)
		exampleSignalsCountsWhatIsLeft(t, bin, to.url)
	})
	t.Run("a second signal does not wait", func(t *testing.T) { exampleSignalsSecond(t, bin) })
}

func exampleSignalsEndsWell(t *testing.T, bin binaries, s syscall.Signal) {
	p, to := bin.example(t, "signals")
	r := p.start(t)
	r.expect(t, "round 1")
	r.expect(t, "round 2")
	r.signal(t, s)
	if got := r.end(t); got.code != 0 || !strings.HasSuffix(got.stdout, "told to stop\n") || got.stderr != "" {
		t.Errorf("got %+v, want exit code 0", got)
	}
	session, events := to.one(t)
	if session.Status != types.StatusCancelled || len(events) < 4 || !strings.HasSuffix(kinds(events), "tool_call session_end") {
		t.Fatalf("the server has a session that is %s: %s", session.Status, kinds(events))
	}
	calls := events[1 : len(events)-1]
	for i, call := range calls {
		want := types.StatusSuccess
		if i == len(calls)-1 {
			want = types.StatusCancelled
		}
		if call.ToolCall == nil || call.ToolCall.ToolName != "look" || call.Status != want || call.ParentID != "" {
			t.Errorf("event %d is %s of %+v, want a look that is %s", i+1, call.Status, call.ToolCall, want)
		}
	}
}

// What cannot be delivered within the deadline is told, and the program ends all the same.
func exampleSignalsCountsWhatIsLeft(t *testing.T, bin binaries, url string) {
	p := bin.program(t, "signals")
	p.set("SENTRIAL_API_URL", url)
	r := p.start(t, "-grace", "200ms")
	r.expect(t, "round 1")
	r.signal(t, syscall.SIGTERM)
	got := r.end(t)
	recorded := 3 + strings.Count(got.stdout, "round") // the start and the end of the session, and the looks
	want := fmt.Sprintf("told to stop\nof %d events 0 were delivered, %[1]d were not\n", recorded)
	if got.code != 1 || !strings.HasSuffix(got.stdout, want) {
		t.Errorf("got %+v, want exit code 1 and %q", got, want)
	}
	if !strings.Contains(got.stderr, "context deadline exceeded") {
		t.Errorf("it said %q, and not that its own deadline ended the wait", got.stderr)
	}
}

// Whoever does not want to wait for delivery says so twice.
func exampleSignalsSecond(t *testing.T, bin binaries) {
	p := bin.program(t, "signals")
	to, _, gate := serveGated(t, straight)
	p.set("SENTRIAL_API_URL", to.url)
	r := p.start(t, "-grace", "1h")
	r.expect(t, "round 1")
	r.signal(t, syscall.SIGTERM)
	r.expect(t, "told to stop")
	await(t, gate.arrived, "the first request")
	r.signal(t, syscall.SIGTERM)
	if got := r.end(t); got.code != -1 || got.stdout != "" {
		t.Errorf("got %+v, want a program that the signal ended", got)
	}
	if status, ok := r.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended by %v", r.ProcessState)
	}
}
