package sentrial_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow01HostedTwentyPercent503: a server that says 503 has not acted, so everything is sent again and nothing is missing.
func TestRow01HostedTwentyPercent503(t *testing.T) {
	hostedFault{rules: oneOfEach(faultsink.Status(503)), met: answeredWith(503)}.run(t)
}

// TestRow01HostedBrownOut: a minute in which every other reply is a 503 has no more requests than one in which all goes well.
func TestRow01HostedBrownOut(t *testing.T) {
	var requests [2]int
	for i, reply := range []faultsink.Step{faultsink.Accept, faultsink.Status(503)} {
		synctest.Test(t, func(t *testing.T) {
			sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.WithinUptime(0, time.Minute), faultsink.Chance(0.5, 9)), reply))
			h := newHostedAgents(t, sink)
			h.trackAt(240, 4)
			requests[i] = len(sink.Report().WithinUptime(0, time.Minute))
			h.deliver(time.Hour)
			if _, uncertain := h.check(); len(uncertain) > 0 {
				t.Errorf("%d events are uncertain", len(uncertain))
			}
		})
	}
	if healthy, browned := requests[0], requests[1]; browned*10 > healthy*11 {
		t.Errorf("%d requests, and %d while all goes well", browned, healthy)
	}
}

// TestRow02HostedMixOfServerErrors: 500 and 503 cost nothing. 502 and 504 come from a gateway that has heard nothing of the server behind it, so an event is
// uncertain then; what may be repeated is.
func TestRow02HostedMixOfServerErrors(t *testing.T) {
	hostedFault{
		rules: func() (rules []faultsink.Rule) {
			for i, status := range []int{500, 502, 503, 504} {
				rules = append(rules, faultsink.When(faultsink.Chance(0.08, uint64(8+i)), faultsink.Status(status)))
			}
			return rules
		},
		met: answeredWith(500), lost: answeredWith(502, 504),
	}.run(t)
}

// TestRow03HostedTooManyRequests: for two seconds, and now and then later, the server asks for patience, and gets it from all sessions.
func TestRow03HostedTooManyRequests(t *testing.T) {
	slowDown := faultsink.Status(429, faultsink.RetryAfter(2*time.Second))
	hostedFault{
		rules: func() []faultsink.Rule {
			return append(oneOfEach(slowDown)(), faultsink.When(faultsink.WithinUptime(time.Second, 3*time.Second), slowDown))
		},
		met: answeredWith(429),
	}.run(t)
}

// TestRow03HostedSeveralUnderWay: eight sessions are under way when the first of them is told to wait, and the others hear other times.
func TestRow03HostedSeveralUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slowDown := func(x *faultsink.Exchange) {
			wait := time.Duration(2+3*(x.N()%4)) * time.Second
			faultsink.Then(faultsink.ReadBody, faultsink.Wait(time.Second), faultsink.Status(429, faultsink.RetryAfter(wait)))(x)
		}
		h := newHostedAgents(t, faultsink.NewHosted(
			faultsink.When(faultsink.WithinUptime(2*time.Second, 6*time.Second), slowDown),
			faultsink.Always(faultsink.Then(faultsink.ReadBody, faultsink.Wait(100*time.Millisecond), faultsink.Accept)),
		))
		h.live()
		report, uncertain := h.check()
		if n := repliesOf(report, 429); n < 4 || report.PeakInFlight() < 4 || len(uncertain) > 0 {
			t.Errorf("%d replies of 429, %d requests at once, %d uncertain: want several at once to be refused", n, report.PeakInFlight(), len(uncertain))
		}
	})
}

// TestRow04HostedRetryAfterDate: the clocks of client and server differ by a day, and the wait is what the server meant.
func TestRow04HostedRetryAfterDate(t *testing.T) {
	for _, wrong := range []time.Duration{0, time.Hour, -26 * time.Hour} {
		for name, kind := range hostedKinds {
			t.Run(fmt.Sprint(wrong, " ", name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					const intended = 20 * time.Second
					wait := faultsink.Status(429, faultsink.RetryAfterDate(intended, wrong))
					h := newHostedAgents(t, faultsink.NewHosted(faultsink.When(faultsink.All(kind, nth(1)), wait)))
					h.trackAt(50, 10)
					h.deliver(time.Hour)
					report, _ := h.check()
					checkBetween(t, "wait", afterFirst(report, 429), intended, intended+time.Second)
				})
			})
		}
	}
}

// hostedKinds are the requests of the hosted wire.
var hostedKinds = map[string]faultsink.Condition{"creating": faultsink.Creating, "recording": faultsink.Recording, "ending": faultsink.Ending}

// afterFirst is how long after the first reply of that status the next request came.
func afterFirst(report faultsink.Report, status int) time.Duration {
	for i, q := range report.Requests[:len(report.Requests)-1] {
		if q.Status == status {
			return report.Requests[i+1].At.Sub(q.Replied)
		}
	}
	return -1
}

// TestRow05HostedStrangeRetryAfter: waits are never longer than five minutes, and what makes no sense does not make the client spin.
func TestRow05HostedStrangeRetryAfter(t *testing.T) {
	const most = 5 * time.Minute
	for value, want := range map[string]time.Duration{
		"0": 0, "-1": 0, "abc": 0, "": 0, "1.5": 0, "301": most, "1000000000": most, "99999999999999999999999999": most, "Fri, 31 Dec 9999 23:59:59 GMT": most, "17": 17 * time.Second,
	} {
		t.Run(value, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				refused := faultsink.Status(503, faultsink.Set("Retry-After", value))
				h := newHostedAgents(t, faultsink.NewHosted(faultsink.Sequence(faultsink.Accept, refused, refused, refused)))
				h.trackAt(20, 10)
				h.deliver(time.Hour)
				report, _ := h.check()
				for i := 1; i <= 3; i++ { // each waits by itself, or all as long as the server asks
					q := report.Requests[i]
					next := slices.IndexFunc(report.Requests[i+1:], func(other faultsink.Request) bool { return slices.Equal(other.IDs, q.IDs) })
					wait := report.Requests[i+1+next].At.Sub(q.Replied)
					checkBetween(t, "wait", wait, max(time.Second, want), max(6*time.Second, want*3))
				}
			})
		})
	}
}
