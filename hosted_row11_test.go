package sentrial_test

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// TestRow11HostedRefused: 30 s of refused connections cost nothing but time, and few attempts, wherever the client is in the life of its sessions.
func TestRow11HostedRefused(t *testing.T) {
	for name, begins := range map[string]time.Duration{"from the start": 0, "after a second": time.Second, "in the middle": 1500 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.NewHosted()
				server := memhttp.New(t, sink)
				gate := faultsink.NewGate(server.Transport())
				h := newHostedAgents(t, sink, sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(&http.Client{Transport: gate}))
				shut := func() { gate.Shut(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}) }
				time.AfterFunc(begins, shut)
				time.AfterFunc(begins+30*time.Second, gate.Open)
				h.live()
				if _, uncertain := h.check(); len(uncertain) > 0 {
					t.Errorf("%d events are uncertain", len(uncertain))
				}
				if n := len(gate.Attempts()); n == 0 || n > mostAsked {
					t.Errorf("%d attempts, want 1 to %d", n, mostAsked)
				}
			})
		})
	}
}

// TestRow11HostedPortClosed is the same over sockets: the connection that the client still has is cut, and the port is closed.
func TestRow11HostedPortClosed(t *testing.T) {
	t.Parallel() // most of it is waiting
	rounds := map[string]int{}
	for i := range 10 {
		rounds[fmt.Sprint(i)] = i
	}
	together(t, rounds, func(t *testing.T, _ int) {
		sink := faultsink.NewHosted()
		server := faultsink.Start(t, sink)
		client := newHostedTrouble(t, sink, server.URL(), nil)
		client.create(3)
		flush(t, client.Client)
		server.Down()
		client.create(3)
		client.trouble()
		if err := server.Up(); err != nil {
			t.Fatal(err)
		}
		client.recovered()
	})
}

// TestRow11HostedOutage is 30 s of trouble of other kinds. Where a request may have been read, each attempt costs an event, so there must be few of them.
func TestRow11HostedOutage(t *testing.T) {
	for name, c := range map[string]struct {
		trouble   faultsink.Step
		uncertain bool
	}{
		"reset":      {faultsink.ResetAfterBody, true},
		"reply lost": {faultsink.LoseReply, true},
		"502":        {faultsink.Status(502), true},
		"408":        {faultsink.Status(408), false},
		"portal":     {faultsink.Portal, false},
		"redirect":   {faultsink.Redirect(307), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHostedAgents(t, faultsink.NewHosted(faultsink.When(faultsink.WithinUptime(outageBegins, outageEnds), c.trouble)))
				h.live()
				during := h.sink.Report().WithinUptime(outageBegins, outageEnds)
				met := func(q faultsink.Request) bool { return q.N >= during[0].N && q.N <= during[len(during)-1].N }
				lost := func(q faultsink.Request) bool { return c.uncertain && met(q) }
				hostedFault{met: met, lost: lost}.check(t, h)
				if len(during) > mostAsked {
					t.Errorf("%d requests during the outage, want %d at most", len(during), mostAsked)
				}
			})
		})
	}
}

// TestRow11HostedOutageOf500 loses nothing either. The event that was tried again and again steps aside, in case it is to blame, and so arrives behind others of its
// session.
func TestRow11HostedOutageOf500(t *testing.T) {
	for name, begins := range map[string]time.Duration{"from the start": 0, "later": outageBegins} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHostedAgents(t, faultsink.NewHosted(faultsink.When(faultsink.WithinUptime(begins, outageEnds), faultsink.Status(500))))
				h.live()
				h.close()
				report := h.sink.Report()
				if err := report.Check(h.ids); err != nil || len(h.drops.all()) > 0 {
					t.Errorf("OnDrop heard %+v: %v", h.drops.all(), err)
				}
				if n := len(report.ArrivalInversions()); n > 1 {
					t.Errorf("%d events arrived out of order, want one at most", n)
				}
				if n := len(report.WithinUptime(begins, outageEnds)); n == 0 || n > mostAsked {
					t.Errorf("%d requests during the outage, want 1 to %d", n, mostAsked)
				}
			})
		})
	}
}

// TestRow12HostedDrains: after 30 s of 503 what has waited is delivered with eight requests at a time, from a server that takes a tenth of a second for each.
func TestRow12HostedDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const latency = 100 * time.Millisecond
		sink := faultsink.NewHosted(
			faultsink.When(faultsink.WithinUptime(outageBegins, outageEnds), faultsink.Status(503)),
			faultsink.Always(faultsink.Then(faultsink.ReadBody, faultsink.Wait(latency), faultsink.Accept)),
		)
		h := newHostedAgents(t, sink)
		h.trackAt(600, 20)
		h.deliver(time.Hour)
		report, uncertain := h.check()
		during := report.WithinUptime(outageBegins, outageEnds)
		if len(during) == 0 || len(during) > mostAsked || len(uncertain) > 0 {
			t.Errorf("%d requests during the outage, %d events uncertain; want 1 to %d, none", len(during), len(uncertain), mostAsked)
		}
		back := report.Requests[slices.IndexFunc(report.Requests, func(q faultsink.Request) bool { return q.Status == 200 && q.At.Sub(during[0].At) > 20*time.Second })]
		last := report.Requests[len(report.Requests)-1]
		if took, alone := last.Done.Sub(back.At), time.Duration(last.N-back.N)*latency; took > alone/6 {
			t.Errorf("%d requests took %v, want about an eighth of %v", last.N-back.N, took, alone)
		}
	})
}
