package sentrial_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow01TwentyPercent503: one reply in five is a 503.
func TestRow01TwentyPercent503(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		return faultsink.New(faultsink.When(faultsink.Chance(0.2, 8), faultsink.Status(503)))
	}, func(r faultsink.Report) bool { return repliesOf(r, 503) > 0 })
}

// TestRow01BrownOutOfAMinute: while every other reply is a 503, a client makes at most a tenth more requests than in a minute in which all goes well, however
// many events there are.
func TestRow01BrownOutOfAMinute(t *testing.T) {
	for _, perSecond := range []int{4, 40} {
		t.Run(fmt.Sprint(perSecond, " events per second"), func(t *testing.T) {
			healthy := requestsInAMinute(t, perSecond, faultsink.Accept)
			if browned := requestsInAMinute(t, perSecond, faultsink.Status(503)); browned*10 > healthy*11 {
				t.Errorf("%d requests, and %d while all goes well", browned, healthy)
			}
		})
	}
}

// requestsInAMinute counts the requests of a minute in which every other reply is this.
func requestsInAMinute(t *testing.T, perSecond int, reply faultsink.Step) (requests int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(faultsink.When(faultsink.All(faultsink.WithinUptime(0, time.Minute), faultsink.Chance(0.5, 9)), reply))
		a := newAgents(t, sinkClient(t, sink))
		a.trackAt(60*perSecond, perSecond)
		requests = len(sink.Report().WithinUptime(0, time.Minute))
		a.deliver(10 * time.Minute)
		a.check(sink)
	})
	return requests
}

// TestRow02MixOfServerErrors: three replies in ten are one of the errors that a server in trouble gives.
func TestRow02MixOfServerErrors(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		return faultsink.New(
			faultsink.When(faultsink.Chance(0.08, 8), faultsink.Status(500)), faultsink.When(faultsink.Chance(0.08, 10), faultsink.Status(502)),
			faultsink.When(faultsink.Chance(0.08, 30), faultsink.Status(503)), faultsink.When(faultsink.Chance(0.08, 11), faultsink.Status(504)),
		)
	}, func(r faultsink.Report) bool {
		return min(repliesOf(r, 500), repliesOf(r, 502), repliesOf(r, 503), repliesOf(r, 504)) > 0
	})
}
