package sentrial_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/types"
)

// TestRow13HostedOverflow: an outage that the queue cannot hold costs the oldest events or the newest, as configured, each of them told; those that are left keep their
// order.
func TestRow13HostedOverflow(t *testing.T) {
	for _, overflow := range []sentrial.Overflow{sentrial.DropOldest, sentrial.DropNewest} {
		t.Run(fmt.Sprint(overflow), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var drops dropped
				sink := faultsink.NewHosted(faultsink.When(faultsink.WithinUptime(2*time.Second, 5*time.Minute), faultsink.Status(503)))
				client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithQueueBytes(smallQueueBytes), sentrial.WithOverflow(overflow), sentrial.WithOnDrop(drops.add))
				_, s := client.CreateSession(t.Context(), "s")
				var ids []string
				for i := range 3000 {
					ids = append(ids, s.TrackStep(t.Context(), types.Step{Name: "step", Input: i}))
					time.Sleep(10 * time.Millisecond)
				}
				time.Sleep(time.Hour)
				checkOverflowed(t, client, sink.Report(), &drops, ids, overflow)
			})
		})
	}
}

func checkOverflowed(t *testing.T, client *sentrial.Client, report faultsink.Report, drops *dropped, ids []string, overflow sentrial.Overflow) {
	t.Helper()
	accepted := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	lost, stats := report.Lost(accepted), client.Stats()
	counted, told := stats.Dropped[sentrial.DropOverflow], len(lost)
	if overflow == sentrial.DropNewest {
		counted, told = stats.Refused[sentrial.DropOverflow], len(ids)-len(accepted)
	}
	if err := lawOf(stats); err != nil || told == 0 || int(counted) != told || len(drops.all()) != told || stats.Queued > 0 || len(stats.Dropped) > 1 {
		t.Errorf("%d events lost, %d refused, OnDrop heard of %d: %+v %v", len(lost), len(ids)-len(accepted), len(drops.all()), stats, err)
	}
	if err := report.Check(withoutIDs(accepted, lost)); err != nil || len(report.ArrivalInversions()) > 0 {
		t.Errorf("%d out of order: %v", len(report.ArrivalInversions()), err)
	}
	if overflow == sentrial.DropOldest {
		checkIDs(t, "OnDrop heard of", slices.Sorted(slices.Values(drops.ids())), slices.Sorted(slices.Values(lost)))
	}
}

// TestRow14HostedOutageOfADay: replies are lost, and when the server is back a day later it is another one, which knows none of the sessions. They are created again
// there, and everything that was not uncertain comes, in order.
func TestRow14HostedOutageOfADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const outage = 25 * time.Hour
		old, young := faultsink.NewHosted(), faultsink.NewHosted()
		began := time.Now()
		server := memhttp.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch at := time.Since(began); {
			case at < 2*time.Second:
				old.ServeHTTP(w, r)
			case at < outage:
				w.WriteHeader(http.StatusServiceUnavailable)
			default:
				young.ServeHTTP(w, r)
			}
		}))
		h := newHostedAgents(t, young, sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(server.Client()))
		h.trackAt(100, 100)
		time.Sleep(outage / 2)
		server.CloseConnections() // as a restart does
		h.trackAt(100, 100)
		h.deliver(48 * time.Hour)
		h.close()
		first, second := old.Report(), young.Report()
		second.Premature = nil // how the client finds out that its sessions are unknown
		if err := second.Check(withoutIDs(h.ids, second.Lost(h.ids))); err != nil || len(second.ArrivalInversions()) > 0 {
			t.Errorf("%d out of order: %v", len(second.ArrivalInversions()), err)
		}
		if missing := second.Lost(first.Lost(h.ids)); len(missing) > 0 || second.Sessions != sessionsOfRun || len(h.drops.all()) > 0 || first.Unique() == 0 {
			t.Errorf("%d events missing, %d sessions created again; OnDrop heard %+v", len(missing), second.Sessions, h.drops.all())
		}
	})
}
