package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

func TestExampleServerless(t *testing.T) {
	bin := build(t, "./examples/serverless")
	t.Run("an answer is given when its events are delivered", func(t *testing.T) { exampleServerless(t, bin) })
	t.Run("a server that hangs costs no answer", func(t *testing.T) { exampleServerlessLate(t, bin) })
	t.Run("a server that is down costs no answer", func(t *testing.T) { exampleServerlessDown(t, bin) })
	t.Run("a wrong setting costs no answer", func(t *testing.T) { exampleServerlessUnset(t, bin) })
}

func exampleServerless(t *testing.T, bin binaries) {
	p, to := bin.example(t, "serverless")
	p.set("SENTRIAL_FLUSH_INTERVAL", "1h") // not by themselves
	r := p.start(t, "-limit", "1h")
	for i, name := range []string{"Ann", "", "Bob"} {
		r.tell(t, name)
		answer, status, want := "hello "+name, types.StatusSuccess, "session_start tool_call session_end"
		if name == "" {
			answer, status, want = "error: there is nobody to greet", types.StatusError, "session_start tool_call error session_end"
		}
		r.expect(t, answer)
		sessions := to.sessions(t)
		if len(sessions) != i+1 {
			t.Fatalf("the server has %d sessions after %d invocations", len(sessions), i+1)
		}
		if last := sessions[i]; last.Status != status || kinds(to.events(t, last.ID)) != want {
			t.Errorf("invocation %d is %s: %s", i+1, last.Status, kinds(to.events(t, last.ID)))
		}
	}
	if got := r.end(t); got.code != 0 || got.stderr != "" {
		t.Errorf("got %+v", got)
	}
}

// What an invocation could not deliver in its time waits in the process, and comes once.
func exampleServerlessLate(t *testing.T, bin binaries) {
	p := bin.program(t, "serverless")
	replied := make(chan struct{}, 1)
	to, _, gate := serveGated(t, announcing(replied))
	p.set("SENTRIAL_API_URL", to.url)
	r := p.start(t, "-limit", "500ms")
	r.tell(t, "Ann")
	await(t, gate.arrived, "the first request")
	r.expect(t, "hello Ann")
	gate.open()
	r.tell(t, "Bob")
	r.expect(t, "hello Bob")
	for await(t, replied, "a reply"); len(ended(to.sessions(t))) < 2; await(t, replied, "another reply") {
	}
	if got := r.end(t); got.code != 0 || !strings.Contains(got.stderr, "telemetry is late") || strings.Contains(got.stderr, "telemetry is lost") {
		t.Errorf("got %+v", got)
	}
	for _, s := range to.sessions(t) {
		if s.Status != types.StatusSuccess || kinds(to.events(t, s.ID)) != "session_start tool_call session_end" {
			t.Errorf("session %v is %s: %s", s.Input, s.Status, kinds(to.events(t, s.ID)))
		}
	}
}

// ended is the sessions that have an end.
func ended(sessions []types.Session) []types.Session {
	return slices.DeleteFunc(sessions, func(s types.Session) bool { return s.Status == types.StatusActive })
}

func exampleServerlessDown(t *testing.T, bin binaries) {
	p := bin.program(t, "serverless")
	p.set("SENTRIAL_API_URL", "http://127.0.0.1:1")
	r := p.start(t, "-limit", "300ms")
	r.tell(t, "Ann")
	r.expect(t, "hello Ann")
	if got := r.end(t); got.code != 0 || !strings.Contains(got.stderr, "telemetry is late") || !strings.Contains(got.stderr, "3 events not delivered") {
		t.Errorf("got %+v", got)
	}
}

func exampleServerlessUnset(t *testing.T, bin binaries) {
	p := bin.program(t, "serverless")
	p.set("SENTRIAL_TIMEOUT", "soon")
	r := p.start(t)
	r.tell(t, "Ann")
	r.expect(t, "hello Ann")
	if got := r.end(t); got.code != 0 || !strings.Contains(got.stderr, "SENTRIAL_TIMEOUT") {
		t.Errorf("got %+v", got)
	}
}
