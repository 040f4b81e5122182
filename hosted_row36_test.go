package sentrial_test

import (
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow36HostedExitRightAfterClose: a program that closes its client and exits has delivered everything, also when the network was at its worst just then.
func TestRow36HostedExitRightAfterClose(t *testing.T) {
	t.Parallel() // most of it is waiting
	step := func(kind faultsink.Condition, s faultsink.Step) faultsink.Rule {
		return faultsink.When(faultsink.All(kind, nth(1)), s)
	}
	together(t, map[string]faultsink.Rule{
		"no trouble":                 faultsink.Sequence(),
		"an outage":                  faultsink.Times(2, faultsink.Status(503)),
		"creation's reply lost":      step(faultsink.Creating, faultsink.LoseReply),
		"the end's reply lost":       step(faultsink.Ending, faultsink.LoseReply),
		"an event refused for a bit": step(faultsink.Recording, faultsink.Status(429, faultsink.RetryAfter(time.Second))),
	}, func(t *testing.T, rule faultsink.Rule) {
		sink := faultsink.NewHosted(rule)
		p := startPuppet(t, faultsink.Start(t, sink), time.Hour)
		p.track()
		p.does("end")
		if said := p.does("close"); said != "<nil>" {
			t.Errorf("Close: %s", said)
		}
		p.tell("exit")
		if code := p.ends(); code != 3 {
			t.Errorf("exit code %d, want 3", code)
		}
		report := sink.Report()
		if err := report.Check(p.ids); err != nil || storedOf(report, "session_end") != 1 || len(report.ArrivalInversions()) > 0 {
			t.Errorf("%d ends: %v", storedOf(report, "session_end"), err)
		}
	})
}

// TestRow38HostedPanicLogFatalExit: what was flushed is there, whatever the program's end; and all of it when a deferred Close is on the way out. Nothing is there twice.
func TestRow38HostedPanicLogFatalExit(t *testing.T) {
	t.Parallel() // most of it is waiting
	type death struct {
		word   string
		code   int
		closes bool
	}
	together(t, map[string]death{
		"os.Exit": {"exit", 3, false}, "log.Fatal": {"fatal", 1, false}, "panic": {"panic", 2, true}, "panic elsewhere": {"panic elsewhere", 2, false},
	}, func(t *testing.T, d death) {
		sink := faultsink.NewHosted()
		p := startPuppet(t, faultsink.Start(t, sink), time.Hour)
		p.track()
		p.flushed()
		flushed := len(p.ids)
		p.track()
		p.tell(d.word)
		if code := p.ends(); code != d.code {
			t.Errorf("exit code %d, want %d", code, d.code)
		}
		want := p.ids[:flushed]
		if d.closes {
			want = p.ids
		}
		report := sink.Report()
		if missing := report.Lost(want); len(missing) > 0 || report.StoredDuplicates() > 0 || len(report.Unknown(p.ids)) > 0 {
			t.Errorf("%d events missing, %d stored twice, %d unknown", len(missing), report.StoredDuplicates(), len(report.Unknown(p.ids)))
		}
	})
}

// TestRow38HostedWithoutCloseOnlyTheYoungestAreLost: what is older than the flush interval has been sent.
func TestRow38HostedWithoutCloseOnlyTheYoungestAreLost(t *testing.T) {
	t.Parallel() // most of it is waiting
	came := make(chan struct{})
	arrived := nth(perPuppetTrack)
	sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Recording, arrived), func(x *faultsink.Exchange) {
		faultsink.Accept(x)
		close(came)
	}))
	p := startPuppet(t, faultsink.Start(t, sink), 50*time.Millisecond)
	p.track()
	<-came
	old := len(p.ids)
	p.track()
	p.tell("exit")
	p.ends()
	if missing := sink.Report().Lost(p.ids[:old]); len(missing) > 0 {
		t.Errorf("%d old events missing", len(missing))
	}
}
