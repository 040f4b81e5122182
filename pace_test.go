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
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(
			faultsink.Sequence(faultsink.Hang),
			faultsink.Always(faultsink.Then(faultsink.Wait(8*time.Second), faultsink.Accept)),
		)
		client := sinkClient(t, sink)
		session, input := client.Session("s"), strings.Repeat("x", 1000)
		for range 5 * 60 * 200 { // five minutes
			session.TrackStep(t.Context(), types.Step{Name: "step", Input: input})
			time.Sleep(5 * time.Millisecond)
		}
		s := client.Stats()
		if s.Queued > 15_000 || s.Dropped[sentrial.DropOverflow] > 0 {
			t.Errorf("%d events queued, %v dropped: the requests are too few or too small", s.Queued, s.Dropped)
		}
		if peak := sink.Report().PeakInFlight(); peak < 3 {
			t.Errorf("%d requests at once", peak)
		}
	})
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
