package sentrial_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// TestSlowServerIsNoSlowLink: a request that hangs makes the client send one small batch at a time for a while, not for ever.
func TestSlowServerIsNoSlowLink(t *testing.T) {
	for _, c := range []struct {
		bytes, perSecond, batchBytes, mostQueued int
	}{{4000, 50, 512 << 10, 4000}, {50, 150, 1 << 20, 12_000}} {
		synctest.Test(t, func(t *testing.T) {
			sink := faultsink.New(
				faultsink.Sequence(faultsink.Hang),
				faultsink.Always(faultsink.Then(faultsink.Wait(8*time.Second), faultsink.Accept)),
			)
			client := sinkClient(t, sink, sentrial.WithBatchBytes(c.batchBytes))
			session, input := client.Session("s"), strings.Repeat("x", c.bytes)
			for range 5 * 60 * c.perSecond { // five minutes
				session.TrackStep(t.Context(), types.Step{Name: "step", Input: input})
				time.Sleep(time.Second / time.Duration(c.perSecond))
			}
			s := client.Stats()
			if s.Queued > uint64(c.mostQueued) || s.Dropped[sentrial.DropOverflow] > 0 {
				t.Errorf("%d events queued, %v dropped: the requests are too few or too small", s.Queued, s.Dropped)
			}
			if peak := sink.Report().PeakInFlight(); peak < 3 {
				t.Errorf("%d requests at once", peak)
			}
		})
	}
}

// TestDialTimeoutIsNoSlowLink: where no connection was made, the size of the batch had nothing to do with it.
func TestDialTimeoutIsNoSlowLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t, slowDial, slowDial)
		client := newClient(t, server)
		ids := record(t, client, 900)
		time.Sleep(5 * time.Minute)
		requests := server.requests()
		checkIDs(t, "sent in the end", requests[len(requests)-1].ids, ids)
	})
}
