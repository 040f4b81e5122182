//go:build unix

package sentrial_test

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// freeze stops the puppet; it stands still when freeze returns.
func (p *puppetStrings) freeze() {
	p.t.Helper()
	if err := p.Process.Signal(syscall.SIGSTOP); err != nil {
		p.t.Fatal(err)
	}
	var status syscall.WaitStatus
	_, err := syscall.Wait4(p.Process.Pid, &status, syscall.WUNTRACED, nil)
	for errors.Is(err, syscall.EINTR) {
		_, err = syscall.Wait4(p.Process.Pid, &status, syscall.WUNTRACED, nil)
	}
	if err != nil || !status.Stopped() {
		p.t.Fatalf("the puppet is not stopped: %v, %v", status, err)
	}
}

func (p *puppetStrings) thaw() {
	p.t.Helper()
	if err := p.Process.Signal(syscall.SIGCONT); err != nil {
		p.t.Fatal(err)
	}
}

// TestRow65HostedFrozenProcess freezes a program between recording and flushing. Meanwhile its connections are cut. Nothing is missing without a word, nothing is there
// twice, and at most the one event is uncertain that was written to a connection which had gone.
func TestRow65HostedFrozenProcess(t *testing.T) {
	t.Parallel() // most of it is waiting
	sink := faultsink.NewHosted()
	server := faultsink.Start(t, sink)
	p := startPuppet(t, server, time.Hour)
	const freezes = 10
	for range freezes {
		p.track()
		p.freeze()
		server.CutConnections()
		p.thaw()
		p.flushed()
	}
	p.does("end")
	p.flushed()
	t.Logf("dropped: %s", p.does("dropped"))
	p.tell("close")
	report := sink.Report()
	if lost := report.Lost(p.ids); len(lost) > freezes || report.StoredDuplicates() > 0 || report.Sessions-report.Twins != 1 {
		t.Errorf("%d events missing, %d stored twice, %d sessions", len(lost), report.StoredDuplicates(), report.Sessions)
	}
	if err := report.Check(withoutIDs(p.ids, report.Lost(p.ids))); err != nil {
		t.Error(err)
	}
}

// TestRow65HostedFrozenWithARequestUnderWay: while a program is frozen, its request is read and the reply goes to a connection that is cut. When it goes on it cannot
// know, and says so.
func TestRow65HostedFrozenWithARequestUnderWay(t *testing.T) {
	t.Parallel() // most of it is waiting
	arrived, proceed := make(chan struct{}), make(chan struct{})
	sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Recording, nth(3)), func(x *faultsink.Exchange) {
		faultsink.Commit(x)
		close(arrived)
		<-proceed
		faultsink.Reset(x)
	}))
	p := startPuppet(t, faultsink.Start(t, sink), time.Hour)
	p.track()
	p.tell("flush")
	<-arrived
	p.freeze()
	close(proceed)
	p.thaw()
	if said := p.hears("flush"); said != "<nil>" {
		t.Errorf("Flush: %s", said)
	}
	if said := p.does("dropped"); said != "map[uncertain:1]" {
		t.Errorf("dropped %s, want one that is uncertain", said)
	}
	if err := sink.Report().Check(p.ids); err != nil {
		t.Error(err)
	}
}
