package sentrial_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// TestRow15HostedOneHang: a request that gets no answer delays its own session only. What it was to create or to end is tried again; what it was to record is uncertain.
func TestRow15HostedOneHang(t *testing.T) {
	for name, kind := range hostedKinds {
		for what, hang := range map[string]faultsink.Step{"read": faultsink.Hang, "committed": faultsink.CommitThen(faultsink.Hang)} {
			t.Run(name+" "+what, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					h := newHostedAgents(t, faultsink.NewHosted(faultsink.When(faultsink.All(kind, nth(5)), hang)))
					h.live()
					report, uncertain := h.check()
					hung := report.Requests[slices.IndexFunc(report.Requests, answeredWith(0))]
					checkBetween(t, "gave up after", hung.Done.Sub(hung.At), 30*time.Second, 30*time.Second)
					for _, q := range report.Requests[hung.N:] {
						if q.At.After(hung.At.Add(2*time.Second)) && q.At.Before(hung.Done) && q.Session == hung.Session {
							t.Errorf("request %d came while the session waited for request %d", q.N, hung.N)
						}
					}
					if name != "ending" && report.Requests[len(report.Requests)-sessionsOfRun].At.Before(hung.At) {
						t.Error("no other session went on")
					}
					if lost := map[bool]int{true: 1}[name == "recording"]; len(uncertain) != lost {
						t.Errorf("%d events are uncertain, want %d", len(uncertain), lost)
					}
				})
			})
		}
	}
}

// TestRow15HostedAllHang: for a minute no request gets an answer. Eight sessions wait at a time, and one event of each is uncertain.
func TestRow15HostedAllHang(t *testing.T) {
	for name, hang := range map[string]faultsink.Step{"read": faultsink.Hang, "not read": faultsink.HangUnread} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const timeout = 10 * time.Second
				sink := faultsink.NewHosted(faultsink.When(faultsink.WithinUptime(2*time.Second, time.Minute), hang))
				server := memhttp.New(t, sink)
				watch := &stopwatch{next: server.Transport()}
				h := newHostedAgents(t, sink, sentrial.WithTimeout(timeout), sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(&http.Client{Transport: watch}))
				h.trackAt(rowEvents, 100)
				h.deliver(time.Hour)
				h.close()
				report, uncertain := sink.Report(), h.uncertain()
				h.checkStored(report, uncertain)
				if n := requestsOf(report, answeredWith(0)); name == "read" && len(uncertain) != n || len(uncertain) > n || n > mostAsked {
					t.Errorf("%d events are uncertain, %d requests hung; want at most %d", len(uncertain), n, mostAsked)
				}
				if watch.most < 2 || watch.most > 8 || watch.longest != timeout {
					t.Errorf("%d requests at once, the longest took %v; want 2 to 8, %v", watch.most, watch.longest, timeout)
				}
			})
		})
	}
}

// TestRow16HostedSlowReply: a reply that comes byte by byte is one if it comes within the timeout, and none if it does not.
func TestRow16HostedSlowReply(t *testing.T) {
	for name, c := range map[string]struct {
		interval time.Duration
		timely   bool
	}{"in time": {50 * time.Millisecond, true}, "too slow": {time.Second, false}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const timeout = 20 * time.Second
				slow := func(x *faultsink.Exchange) bool { return x.N()%9 == 0 }
				h := newHostedAgents(t, faultsink.NewHosted(faultsink.When(slow, faultsink.Slowly(c.interval, faultsink.Accept))), sentrial.WithTimeout(timeout))
				h.live()
				report, uncertain := h.check()
				want := 0
				if !c.timely {
					want = requestsOf(report, func(q faultsink.Request) bool { return records(q) && q.N%9 == 0 })
				}
				if len(uncertain) != want || len(report.Lost(h.ids)) > 0 || (report.Twins > 0) == c.timely {
					t.Errorf("%d events are uncertain, %d missing, %d sessions made twice; want %d, none", len(uncertain), len(report.Lost(h.ids)), report.Twins, want)
				}
			})
		})
	}
}

// TestRow16HostedEndlessReply: of a reply without end 1 MiB is read at most, within the timeout, whatever its status.
func TestRow16HostedEndlessReply(t *testing.T) {
	const timeout = 10 * time.Second
	long := strings.Repeat(" ", 2<<20)
	for name, c := range map[string]struct {
		endless   faultsink.Step
		uncertain int
	}{
		"success": {faultsink.Endless, 1},
		"error":   {faultsink.Answer(http.StatusServiceUnavailable, "application/json", long), 0},
		"gateway": {faultsink.Answer(http.StatusGatewayTimeout, "text/html", long), 1},
		"portal":  {faultsink.Answer(http.StatusOK, "text/html", long), 0},
		"missing": {faultsink.Answer(http.StatusNotFound, "application/json", long), 0},
		"slow":    {faultsink.Slowly(time.Second, faultsink.Answer(http.StatusOK, "application/json", long)), 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Recording, nth(4)), c.endless))
				server := memhttp.New(t, sink)
				watch := &stopwatch{next: server.Transport()}
				h := newHostedAgents(t, sink, sentrial.WithTimeout(timeout), sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(&http.Client{Transport: watch}))
				h.trackAt(100, 50)
				h.deliver(time.Hour)
				if _, uncertain := h.check(); len(uncertain) != c.uncertain {
					t.Errorf("%d events are uncertain, want %d", len(uncertain), c.uncertain)
				}
				if watch.read > 1<<20+1 || watch.longest > timeout || watch.read < 1<<20 && watch.longest < timeout {
					t.Errorf("%d bytes of a reply were read, in %v; want at most 1 MiB, in %v", watch.read, watch.longest, timeout)
				}
			})
		})
	}
}
