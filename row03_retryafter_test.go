package sentrial_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow03TooManyRequests: for two seconds, and now and then later, the server asks for two seconds of patience. It gets them.
func TestRow03TooManyRequests(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		slowDown := faultsink.Status(429, faultsink.RetryAfter(2*time.Second))
		return faultsink.New(
			faultsink.When(faultsink.WithinUptime(3*time.Second, 5*time.Second), slowDown),
			faultsink.When(faultsink.Chance(0.1, 2), slowDown),
		)
	}, func(r faultsink.Report) bool { return repliesOf(r, 429) > 0 })
}

// TestRow03SeveralUnderWay: the server is slow, so that several requests are under way when the first of them is told to wait, and the others hear other times.
func TestRow03SeveralUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slowDown := func(x *faultsink.Exchange) {
			wait := time.Duration(2+3*(x.N()%4)) * time.Second
			faultsink.Then(faultsink.ReadBody, faultsink.Wait(time.Second), faultsink.Status(429, faultsink.RetryAfter(wait)))(x)
		}
		sink := faultsink.New(
			faultsink.When(faultsink.WithinUptime(500*time.Millisecond, 3*time.Second), slowDown),
			faultsink.Always(faultsink.Then(faultsink.ReadBody, faultsink.Wait(time.Second), faultsink.Accept)),
		)
		r := exactlyOnce(t, fewEvents, sink, sinkClient(t, sink, sentrial.WithBatchBytes(4<<10)))
		if refused := repliesOf(r, 429); refused < 4 || r.PeakInFlight() < 4 {
			t.Errorf("%d replies of 429, %d requests at once: want several at once to be refused", refused, r.PeakInFlight())
		}
	})
}

// TestRow04RetryAfterDate: the clocks of client and server differ by an hour or more, and the wait is what the server meant.
func TestRow04RetryAfterDate(t *testing.T) {
	for _, wrong := range []time.Duration{0, time.Hour, -time.Hour, 26 * time.Hour, -26 * time.Hour} {
		t.Run(fmt.Sprint(wrong), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const intended = 20 * time.Second
				sink := faultsink.New(faultsink.When(faultsink.Within(0, 10*time.Second), faultsink.Status(429, faultsink.RetryAfterDate(intended, wrong))))
				time.Sleep(700 * time.Millisecond) // dates have no fractions of a second
				r := exactlyOnce(t, 500, sink, sinkClient(t, sink))
				checkBetween(t, "wait", r.Requests[1].At.Sub(r.Requests[0].Replied), intended, intended+time.Second)
			})
		})
	}
}

// TestRow04ManyEvents is the whole load of the table, with the server's clock an hour ahead.
func TestRow04ManyEvents(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		slowDown := faultsink.Status(429, faultsink.RetryAfterDate(2*time.Second, time.Hour))
		return faultsink.New(faultsink.When(faultsink.WithinUptime(time.Second, 3*time.Second), slowDown))
	}, func(r faultsink.Report) bool { return repliesOf(r, 429) > 0 })
}

// TestRow04NoDate: without the server's idea of the present a date is as good as the client's clock, and a wrong one costs five minutes at most.
func TestRow04NoDate(t *testing.T) {
	for _, c := range []struct{ wrong, least, most time.Duration }{
		{0, 19 * time.Second, 20 * time.Second}, {time.Hour, 5 * time.Minute, 5 * time.Minute}, {-time.Hour, time.Second, 3 * time.Second / 2},
	} {
		t.Run(fmt.Sprint(c.wrong), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(faultsink.Times(1, faultsink.Status(503, faultsink.RetryAfterDate(20*time.Second, c.wrong), func(h http.Header) { h["Date"] = nil })))
				client := sinkClient(t, sink)
				ids := record(t, client, 100)
				time.Sleep(10 * time.Minute)
				r := sink.Report()
				if lost := r.Lost(ids); len(lost) != 0 || len(r.Requests) != 2 {
					t.Fatalf("%d events lost, %d requests", len(lost), len(r.Requests))
				}
				checkBetween(t, "wait", r.Requests[1].At.Sub(r.Requests[0].Replied), c.least, c.most)
			})
		})
	}
}

// TestRow05StrangeRetryAfter: waits are never longer than five minutes, and what makes no sense does not make the client spin.
func TestRow05StrangeRetryAfter(t *testing.T) {
	const most = 5 * time.Minute
	for _, c := range []struct {
		value string
		want  time.Duration // 0 for that of the client's own backoff
	}{
		{value: "0"},
		{value: "1"},
		{value: "-1"},
		{value: "-1000000000"},
		{value: "abc"},
		{value: "1.5"},
		{value: "1e9"},
		{value: "0x10"},
		{value: "2s"},
		{value: ""},
		{value: " "},
		{value: "٣"},
		{value: "Thu, 01 Jan 1970 00:00:00 GMT"},
		{value: "Fri, 31 Feb 2033 00:00:00 GMT"},
		{value: "tomorrow"},
		{"300", most},
		{"301", most},
		{"1000000000", most},
		{"9223372036854775807", most},
		{"9223372036854775808", most},
		{"99999999999999999999999999", most},
		{"Fri, 31 Dec 9999 23:59:59 GMT", most},
		{"Thursday, 01-Jan-60 00:00:00 GMT", most},
		{"17", 17 * time.Second},
		{" 17 ", 17 * time.Second},
		{"0017", 17 * time.Second},
	} {
		for _, status := range []int{429, 503} {
			t.Run(fmt.Sprintf("%d %q", status, c.value), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					sink := faultsink.New(faultsink.Times(3, faultsink.Status(status, faultsink.Set("Retry-After", c.value))))
					client := sinkClient(t, sink)
					ids := record(t, client, 20)
					time.Sleep(20 * time.Minute)
					r := sink.Report()
					if err := r.Check(ids); err != nil || len(r.Requests) != 4 {
						t.Fatalf("%d requests, want 4: %v", len(r.Requests), err)
					}
					for i, own := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
						wait := r.Requests[i+1].At.Sub(r.Requests[i].Replied)
						checkBetween(t, "wait", wait, max(own, c.want), max(own*3/2, c.want))
					}
				})
			})
		}
	}
}

// TestRow05NonsenseForEver: a server that never says anything sensible is asked no more often than one that says nothing.
func TestRow05NonsenseForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(faultsink.When(faultsink.WithinUptime(0, time.Hour), func(x *faultsink.Exchange) {
			values := []string{"-1", "abc", "0", "", http.TimeFormat}
			faultsink.Status(429, faultsink.Set("Retry-After", values[x.N()%len(values)]))(x)
		}))
		client := sinkClient(t, sink)
		ids := record(t, client, 10)
		time.Sleep(2 * time.Hour)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
		if n := len(sink.Report().WithinUptime(0, time.Hour)); n > 125 {
			t.Errorf("%d requests in an hour", n)
		}
	})
}
