package sentrial_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/types"
)

// The outage of the table: it begins when a part of the events has been delivered.
const (
	outageBegins = 2 * time.Second
	outageEnds   = outageBegins + 30*time.Second

	// mostAsked is how many requests may go to a server during it.
	mostAsked = 15
)

// errPortClosed is what dialing says when nobody listens.
var errPortClosed = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}

// TestRow11ConnectionRefused: for half a minute nobody listens.
func TestRow11ConnectionRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New()
		server := memhttp.New(t, sink)
		gate := faultsink.NewGate(server.Transport())
		a := newAgents(t, newClient(t, gate, sentrial.WithAPIURL(server.URL())))
		time.AfterFunc(outageBegins, func() { gate.Shut(errPortClosed) })
		time.AfterFunc(outageEnds, gate.Open)
		a.track(manyEvents)
		if err := a.client.Stats().LastError; !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("the last error is %v", err)
		}
		a.deliver(10 * time.Minute)
		a.check(sink)
		if n := len(gate.Attempts()); n == 0 || n > mostAsked {
			t.Errorf("%d requests during the outage, want 1 to %d", n, mostAsked)
		}
	})
}

// TestRow11ClosedPort is the same with a real port, for a moment.
func TestRow11ClosedPort(t *testing.T) {
	t.Parallel()
	sink := faultsink.New()
	server := faultsink.Start(t, sink)
	trouble := make(chan struct{})
	client := newClient(t, nil, sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(nil), sentrial.WithLogger(slog.New(firstLine{slog.DiscardHandler, trouble})))
	ids := record(t, client, 100)
	flush(t, client)
	server.Down()
	ids = append(ids, record(t, client, 100)...)
	<-trouble
	if s := client.Stats(); !errors.Is(s.LastError, syscall.ECONNREFUSED) || s.Queued != 100 {
		t.Errorf("%d events queued, last error %v", s.Queued, s.LastError)
	}
	if err := server.Up(); err != nil {
		t.Fatal(err)
	}
	flush(t, client)
	checkStats(t, client, 200, 0, nothing)
	if err := sink.Report().Check(ids); err != nil {
		t.Error(err)
	}
}

// firstLine closes a channel at the first line of a log.
type firstLine struct {
	slog.Handler
	heard chan struct{}
}

func (firstLine) Enabled(context.Context, slog.Level) bool { return true }

func (l firstLine) Handle(context.Context, slog.Record) error {
	close(l.heard)
	return nil
}

// TestRow11OutageOfHalfAMinute: whatever an outage looks like, nothing is lost, and few requests are made meanwhile. A slow server has several under way when it
// begins.
func TestRow11OutageOfHalfAMinute(t *testing.T) {
	slow := faultsink.Then(faultsink.ReadBody, faultsink.Wait(800*time.Millisecond), faultsink.Accept)
	for name, c := range map[string]struct {
		trouble, otherwise faultsink.Step
		events             int
	}{
		"reset":                          {faultsink.Reset, faultsink.Accept, manyEvents},
		"reset after the body":           {faultsink.ResetAfterBody, faultsink.Accept, fewEvents},
		"reply lost":                     {faultsink.LoseReply, faultsink.Accept, fewEvents},
		"portal":                         {faultsink.Portal, faultsink.Accept, fewEvents},
		"500":                            {faultsink.Status(500), faultsink.Accept, fewEvents},
		"503 of a slow server":           {faultsink.Then(faultsink.ReadBody, faultsink.Wait(800*time.Millisecond), faultsink.Status(503)), slow, fewEvents},
		"reset of a slow server":         {faultsink.Then(faultsink.ReadBody, faultsink.Wait(800*time.Millisecond), faultsink.Reset), slow, fewEvents},
		"slow server, reset immediately": {faultsink.Reset, slow, fewEvents},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(faultsink.When(faultsink.WithinUptime(outageBegins, outageEnds), c.trouble), faultsink.Always(c.otherwise))
				a := newAgents(t, sinkClient(t, sink))
				a.trackAt(c.events, c.events/10)
				a.deliver(10 * time.Minute)
				a.check(sink)
				if n := len(sink.Report().WithinUptime(outageBegins, outageEnds)); n == 0 || n > mostAsked {
					t.Errorf("%d requests during the outage, want 1 to %d", n, mostAsked)
				}
			})
		})
	}
}

// TestRow12Outage503 is the outage in which the server answers, with 503.
func TestRow12Outage503(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(faultsink.When(faultsink.WithinUptime(outageBegins, outageEnds), faultsink.Status(503)))
		exactlyOnce(t, manyEvents, sink, sinkClient(t, sink))
		if n := len(sink.Report().WithinUptime(outageBegins, outageEnds)); n == 0 || n > mostAsked {
			t.Errorf("%d requests during the outage, want 1 to %d", n, mostAsked)
		}
	})
}

// smallQueueBytes is what an outage of minutes overfills.
const smallQueueBytes = 256 << 10

// overfill records manyEvents around an outage that is longer than the queue. It returns what the calls returned, and how many events were delivered before.
func overfill(t *testing.T, client *sentrial.Client) (ids []string, before int) {
	t.Helper()
	for i := range manyEvents / 20 {
		began := time.Now()
		for range 20 {
			ids = append(ids, client.Session("s").TrackStep(t.Context(), types.Step{Name: "step", Input: i}))
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("recording took %v", waited)
		}
		time.Sleep(10 * time.Millisecond)
		if s := client.Stats(); lawOf(s) != nil || s.QueueBytes > smallQueueBytes {
			t.Fatalf("%d bytes queued: %v", s.QueueBytes, lawOf(s))
		}
	}
	return ids, int(client.Stats().Delivered)
}

// TestRow13DropOldest: what an outage costs are the oldest events, each of them is told, and the counters are exact.
func TestRow13DropOldest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var drops dropped
		sink := faultsink.New(faultsink.When(faultsink.WithinUptime(900*time.Millisecond, 2*time.Minute), faultsink.Status(503)))
		client := sinkClient(t, sink, sentrial.WithQueueBytes(smallQueueBytes), sentrial.WithFlushInterval(100*time.Millisecond), sentrial.WithOnDrop(drops.add))
		all, before := overfill(t, client)
		time.Sleep(5 * time.Minute)
		lost := sink.Report().Lost(all)
		if len(lost) == 0 || before == 0 || slices.Contains(all, "") {
			t.Fatalf("%d events delivered before the outage, %d lost, or one was refused", before, len(lost))
		}
		checkStats(t, client, len(all)-len(lost), 0, map[sentrial.DropReason]int{sentrial.DropOverflow: len(lost)})
		drops.check(t, sentrial.DropOverflow, lost...)
		checkIDs(t, "lost", lost, all[before:before+len(lost)])
		if err := sink.Report().Check(slices.Concat(all[:before], all[before+len(lost):])); err != nil {
			t.Error(err)
		}
	})
}

// TestRow13DropNewest: what is recorded once the queue is full is refused, each event is told, and what the queue holds is delivered.
func TestRow13DropNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var drops dropped
		sink := faultsink.New(faultsink.When(faultsink.WithinUptime(900*time.Millisecond, 2*time.Minute), faultsink.Status(503)))
		client := sinkClient(
			t, sink, sentrial.WithQueueBytes(smallQueueBytes), sentrial.WithFlushInterval(100*time.Millisecond), sentrial.WithOnDrop(drops.add), sentrial.WithOverflow(sentrial.DropNewest),
		)
		all, before := overfill(t, client)
		time.Sleep(5 * time.Minute)
		full := slices.Index(all, "")
		if full <= before || slices.ContainsFunc(all[full:], func(id string) bool { return id != "" }) {
			t.Fatal("want events to be refused from some point of the outage on")
		}
		kept := all[:full]
		checkStats(t, client, len(kept), 0, nothing)
		if s := client.Stats(); s.Refused[sentrial.DropOverflow] != uint64(manyEvents-len(kept)) || len(s.Refused) != 1 {
			t.Errorf("refused %v, want %d", s.Refused, manyEvents-len(kept))
		}
		drops.check(t, sentrial.DropOverflow, slices.Compact(slices.Sorted(slices.Values(drops.ids())))...)
		if told := len(drops.all()); told != manyEvents-len(kept) {
			t.Errorf("OnDrop heard of %d events, want %d", told, manyEvents-len(kept))
		}
		if err := sink.Report().Check(kept); err != nil {
			t.Error(err)
		}
	})
}
