//go:build unix

package e2e_test

import (
	"errors"
	"slices"
	"syscall"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// TestRow65FrozenProcess freezes a program between recording and flushing, as serverless platforms do. Meanwhile its connection goes.
func TestRow65FrozenProcess(t *testing.T) {
	for name, reset := range map[string]bool{"connections closed": false, "connections reset": true} {
		t.Run(name, func(t *testing.T) {
			to, conns := serveBehind(t, straight)
			p := child(t, puppetChild, to)
			p.set("SENTRIAL_FLUSH_INTERVAL", "1h")
			r := p.start(t)
			const freezes = 10
			for range freezes {
				r.does(t, "track")
				before := conns.count()
				r.freeze(t)
				conns.drop(reset)
				r.thaw(t)
				r.does(t, "flush")
				if conns.count() == before {
					t.Fatal("the events came without a new connection")
				}
			}
			endsWhole(t, to, r, freezes)
		})
	}
}

// A freeze may come at any moment, also of a sender that has something to send and a timer that runs.
func TestRow65FrozenInTheFlushInterval(t *testing.T) {
	to, conns := serveBehind(t, straight)
	p := child(t, puppetChild, to)
	p.set("SENTRIAL_FLUSH_INTERVAL", "2ms")
	r := p.start(t)
	const freezes = 40
	for range freezes {
		r.does(t, "track")
		r.freeze(t)
		conns.drop(true)
		r.thaw(t)
	}
	endsWhole(t, to, r, freezes)
}

// While a program is frozen with a request under way the server stores its events, and the reply is lost.
func TestRow65FrozenWithARequestUnderWay(t *testing.T) {
	to, _, gate := serveGated(t, losingTheFirstReply)
	p := child(t, puppetChild, to)
	p.set("SENTRIAL_FLUSH_INTERVAL", "1h")
	r := p.start(t)
	r.does(t, "track")
	r.tell(t, "flush")
	await(t, gate.arrived, "the first request")
	r.freeze(t)
	gate.open()
	await(t, gate.passed, "the end of the first request")
	if events := to.stored(t, to.onlySession(t).ID); len(events) != 1+perTrack {
		t.Errorf("the server has %d events of the frozen program, want %d", len(events), 1+perTrack)
	}
	r.thaw(t)
	r.expect(t, "flush")
	endsWhole(t, to, r, 1)
}

// endsWhole ends a puppet, and checks that the server has all that it recorded once and in order.
func endsWhole(t *testing.T, to ingestion, r *running, tracks int) {
	t.Helper()
	r.does(t, "end")
	if got := r.end(t); got.code != 0 {
		t.Errorf("the program ended with exit code %d\n%s", got.code, got.stderr)
	}
	session := to.onlySession(t)
	events := to.stored(t, session.ID)
	if got := inputs(t, events); !slices.Equal(got, count(0, tracks*perTrack)) || len(events) != len(got)+2 || session.Status != types.StatusSuccess {
		t.Errorf("the server has %d events of a session that is %s, with the tool calls %v; want each of %d once", len(events), session.Status, got, tracks*perTrack)
	}
	unbroken(t, events)
}

// freeze stops the program; it stands still when freeze returns.
func (r *running) freeze(t *testing.T) {
	t.Helper()
	r.signal(t, syscall.SIGSTOP)
	var status syscall.WaitStatus
	_, err := syscall.Wait4(r.Process.Pid, &status, syscall.WUNTRACED, nil)
	for errors.Is(err, syscall.EINTR) {
		_, err = syscall.Wait4(r.Process.Pid, &status, syscall.WUNTRACED, nil)
	}
	if err != nil || !status.Stopped() {
		t.Fatalf("the program is not stopped: %v, %v", status, err)
	}
}

func (r *running) thaw(t *testing.T) {
	t.Helper()
	r.signal(t, syscall.SIGCONT)
}

func (r *running) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := r.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// TestRow65StaleConnectionIsNoOutage: a connection that died while the process was frozen costs neither a delay nor a line in the log.
func TestRow65StaleConnectionIsNoOutage(t *testing.T) {
	to, conns := serveBehind(t, straight)
	p := child(t, puppetChild, to)
	p.set("SENTRIAL_FLUSH_INTERVAL", "1h")
	r := p.start(t)
	for range 50 {
		r.does(t, "track")
		r.freeze(t)
		conns.drop(false)
		r.thaw(t)
		r.does(t, "flush")
	}
	if got := r.end(t); got.stderr != "" {
		t.Errorf("it said %q", got.stderr)
	}
}
