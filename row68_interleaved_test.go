package sentrial_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow68SessionsInterleavedWithRetries: batches of ten sessions overtake each other, and some come twice or late. What a session holds reads in order all
// the same.
func TestRow68SessionsInterleavedWithRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slowly := func(x *faultsink.Exchange) { // from 50 ms to a second, so that later requests end before earlier ones
			faultsink.Then(faultsink.ReadBody, faultsink.Wait(time.Duration(1+x.N()*7%20)*50*time.Millisecond), faultsink.Accept)(x)
		}
		sink := faultsink.New(
			faultsink.When(faultsink.Chance(0.05, 1), faultsink.Status(503)), faultsink.When(faultsink.Chance(0.05, 2), faultsink.LoseReply),
			faultsink.When(faultsink.Chance(0.05, 3), faultsink.Reset), faultsink.When(faultsink.Chance(0.02, 4), faultsink.CommitThen(faultsink.Hang)),
			faultsink.When(faultsink.Chance(0.02, 5), faultsink.Hang), faultsink.Always(slowly),
		)
		r := exactlyOnce(t, manyEvents, sink, sinkClient(t, sink, sentrial.WithTimeout(5*time.Second), sentrial.WithBatchBytes(32<<10)))
		if n := len(r.ArrivalInversions()); n == 0 || r.Duplicates == 0 {
			t.Errorf("%d events arrived out of order, %d twice: this shows nothing", n, r.Duplicates)
		}
	})
}
