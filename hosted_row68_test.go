package sentrial_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow68HostedSessionsInterleavedWithRetries: sessions overtake each other, some requests come twice or late, some events are uncertain. What arrives of a session
// arrives in order.
func TestRow68HostedSessionsInterleavedWithRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slowly := func(x *faultsink.Exchange) { // from 50 ms to a second, so that later requests end before earlier ones
			faultsink.Then(faultsink.ReadBody, faultsink.Wait(time.Duration(1+x.N()*7%20)*50*time.Millisecond), faultsink.Accept)(x)
		}
		h := newHostedAgents(t, faultsink.NewHosted(
			faultsink.When(faultsink.Chance(0.05, 1), faultsink.Status(503)), faultsink.When(faultsink.Chance(0.05, 2), faultsink.LoseReply),
			faultsink.When(faultsink.Chance(0.05, 3), faultsink.ResetAfterBody), faultsink.When(faultsink.Chance(0.02, 4), faultsink.CommitThen(faultsink.Hang)),
			faultsink.When(faultsink.Chance(0.02, 5), faultsink.Hang), faultsink.When(faultsink.Chance(0.02, 6), faultsink.Portal), faultsink.Always(slowly),
		), sentrial.WithTimeout(5*time.Second))
		h.trackAt(2*rowEvents, 200)
		h.deliver(10 * time.Hour)
		report, uncertain := h.check()
		unanswered := requestsOf(report, func(q faultsink.Request) bool { return records(q) && q.Status == 0 })
		if len(uncertain) != unanswered || len(uncertain) == 0 || report.PeakInFlight() < 4 {
			t.Errorf("%d events are uncertain, %d requests were not answered, %d were under way at once", len(uncertain), unanswered, report.PeakInFlight())
		}
	})
}
