package faultsink_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// What each step does on the wire: the status that the client sees (0 = no reply), something of the reply's body, whether its body ends early, how many events
// the sink read, and how many it stored.
func TestStepsOnTheWire(t *testing.T) {
	for _, c := range []struct {
		name         string
		step         faultsink.Step
		status       int
		text         string
		cut          bool
		read, stored int
	}{
		{name: "accept", step: faultsink.Accept, status: 200, text: `{"accepted":2,"duplicates":0,"rejected":[]}`, read: 2, stored: 2},
		{name: "status", step: faultsink.Status(429), status: 429, text: `"code":"rate_limited"`, read: 2},
		{name: "status without a code of its own", step: faultsink.Status(502), status: 502, text: `"code":"bad_gateway"`, read: 2},
		{name: "reset", step: faultsink.Reset},
		{name: "reset after the body", step: faultsink.ResetAfterBody, read: 2},
		{name: "reply lost", step: faultsink.LoseReply, read: 2, stored: 2},
		{name: "committed, then 504", step: faultsink.CommitThen(faultsink.Status(504)), status: 504, text: `"gateway_timeout"`, read: 2, stored: 2},
		{name: "garbage", step: faultsink.Garbage, status: 200, text: `{"accepted": 1, "dupl]]`, read: 2},
		{name: "portal", step: faultsink.Portal, status: 200, text: "<!doctype html>", read: 2},
		{name: "cut", step: faultsink.Cut(faultsink.Accept), status: 200, text: `{"accepted":2`, cut: true, read: 2, stored: 2},
		{name: "endless", step: faultsink.Endless, status: 200, text: strings.Repeat(" ", 4<<20), read: 2},
		{name: "redirect", step: faultsink.Redirect(307), status: 307, read: 2},
		{name: "rejected for good", step: faultsink.Reject(faultsink.Marked(`"b"`), "code", false), status: 200, text: `"rejected":[{"id":"b","code":"code","message":"the plan rejects this event","retry":false}]`, read: 2, stored: 1},
		{name: "rejected, to come again", step: faultsink.Reject(faultsink.Marked(`"a"`), "code", true), status: 200, text: `"retry":true`, read: 2, stored: 1},
		{
			name: "207 for each", status: 207, text: `{"results":[{"id":"a","status":201}]}`, read: 2, stored: 1,
			step: faultsink.MultiStatus(func(i int, _ faultsink.Event) int { return 201 * (1 - i) }),
		},
		{
			name: "207 with an unknown id", status: 207, text: `{"results":[{"id":"x","status":200},{"id":"b","status":200},{"id":"b","status":500}]}`, read: 2, stored: 1,
			step: faultsink.Results(func([]faultsink.Event) []faultsink.Result {
				return []faultsink.Result{{ID: "x", Status: 200}, {ID: "b", Status: 200}, {ID: "b", Status: 500}}
			}),
		},
		{name: "207 with nothing", status: 207, text: `{"results":[]}`, read: 2, step: faultsink.Results(func([]faultsink.Event) []faultsink.Result { return nil })},
	} {
		each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
			sink := faultsink.New(faultsink.Always(c.step))
			got := to(sink).post(t.Context(), two)
			status := 0
			if got.Response != nil {
				status = got.StatusCode
			}
			report := sink.Report()
			if status != c.status || !strings.Contains(got.text, c.text) || (got.err != nil) != (c.cut || c.status == 0) {
				t.Errorf("%s: got %v; want status %d, text %.100q, cut %v", c.name, got, c.status, c.text, c.cut)
			}
			if report.Received != c.read || len(report.Stored) != c.stored || report.Requests[0].Status != c.status {
				t.Errorf("%s: read %d, stored %d, noted status %d; want %d, %d, %d", c.name, report.Received, len(report.Stored), report.Requests[0].Status, c.read, c.stored, c.status)
			}
		})
	}
}

// Over TCP a reset is a reset and no orderly end.
func TestResetIsOneOfTCP(t *testing.T) {
	for name, via := range map[string]func(*testing.T, *faultsink.Sink) link{"plain": overTCP, "tls": overHTTP1WithTLS} {
		for _, step := range []faultsink.Step{faultsink.ResetAfterBody, faultsink.LoseReply} {
			if got := via(t, faultsink.New(faultsink.Always(step))).post(t.Context(), two); !errors.Is(got.err, syscall.ECONNRESET) {
				t.Errorf("%s: got %v, want a connection reset", name, got)
			}
		}
	}
}

func overHTTP1WithTLS(t *testing.T, sink *faultsink.Sink) link {
	l := overHTTP2(t, sink)
	l.client.Transport.(*http.Transport).ForceAttemptHTTP2 = false
	return l
}

// A cut reply announces all of its bytes: the client must see that some are missing.
func TestCutAnnouncesItsLength(t *testing.T) {
	each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
		got := to(faultsink.New(faultsink.Always(faultsink.Cut(faultsink.Accept)))).post(t.Context(), two)
		if got.Response == nil || got.ContentLength <= int64(len(got.text)) || got.err == nil {
			t.Errorf("got %v with Content-Length %d, %d bytes", got, got.ContentLength, len(got.text))
		}
		if got.Proto == "HTTP/1.1" && !errors.Is(got.err, io.ErrUnexpectedEOF) {
			t.Errorf("error %v, want an unexpected EOF", got.err)
		}
	})
}

// A step that hangs up lets Cut be.
func TestCutOfAReset(t *testing.T) {
	each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
		if got := to(faultsink.New(faultsink.Always(faultsink.Cut(faultsink.Reset)))).post(t.Context(), two); got.Response != nil || got.err == nil {
			t.Errorf("got %v, want no reply", got)
		}
	})
}

func TestHangEndsWhenTheClientGivesUp(t *testing.T) {
	each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
		for _, step := range []faultsink.Step{faultsink.Hang, faultsink.CommitThen(faultsink.Hang)} {
			ctx, giveUp := context.WithCancel(t.Context())
			ended := make(chan struct{})
			sink := faultsink.New(faultsink.Always(func(x *faultsink.Exchange) {
				defer close(ended)
				x.Events()
				giveUp()
				step(x)
			}))
			if got := to(sink).post(ctx, two); !errors.Is(got.err, context.Canceled) {
				t.Errorf("got %v, want no answer until the client gave up", got)
			}
			<-ended
		}
	})
}

// A hanging handler that has not read its request ends with the server.
func TestHangUnreadEndsWithTheServer(t *testing.T) {
	for name, via := range links {
		ctx, giveUp := context.WithCancel(t.Context())
		t.Run(name, func(t *testing.T) {
			sink := faultsink.New(faultsink.Always(faultsink.Then(func(*faultsink.Exchange) { giveUp() }, faultsink.HangUnread)))
			if got := via(t, sink).post(ctx, strings.Repeat("x", 8<<20)); !errors.Is(got.err, context.Canceled) {
				t.Errorf("got %v, want no answer", got)
			}
			if n := sink.Report().Received; n != 0 {
				t.Errorf("%d events were read", n)
			}
		})
	}
}

func TestTimesAreThoseOfTheBubble(t *testing.T) {
	for _, c := range []struct {
		name string
		step faultsink.Step
		want time.Duration
	}{
		{"wait", faultsink.Then(faultsink.Wait(time.Minute), faultsink.Accept), time.Minute},
		{"slow reply", faultsink.Slowly(time.Second, faultsink.Answer(200, "text/plain", "ten bytes.")), 10 * time.Second},
		{"slow reading", faultsink.ReadSlowly(100, time.Second, faultsink.Accept), time.Duration((len(two)+99)/100) * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			sink := faultsink.New(faultsink.Always(c.step))
			to := inMemory(t, sink)
			began := time.Now()
			to.ok(t, two)
			if took := time.Since(began); took != c.want {
				t.Errorf("%s took %v, want %v", c.name, took, c.want)
			}
		})
	}
}

// What is slow is cut when the client goes away, and committed nonetheless when it was to be committed first.
func TestSlowStepsEndWithTheClient(t *testing.T) {
	for _, c := range []struct {
		name   string
		step   faultsink.Step
		stored int
	}{
		{"wait", faultsink.Then(faultsink.ReadBody, faultsink.Wait(time.Hour), faultsink.Accept), 0},
		{"slow reply", faultsink.Slowly(time.Hour, faultsink.Accept), 2},
		{"slow reading", faultsink.Then(faultsink.ReadSlowly(1, time.Minute, faultsink.Accept)), 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			sink := faultsink.New(faultsink.Always(c.step))
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			if got := inMemory(t, sink).post(ctx, two); got.err == nil {
				t.Errorf("%s: got %v, want no complete answer in 10 s", c.name, got)
			}
			synctest.Wait()
			if n := len(sink.Report().Stored); n != c.stored {
				t.Errorf("%s: %d events stored, want %d", c.name, n, c.stored)
			}
		})
	}
}

func TestHeadersOfReplies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(faultsink.Sequence(
			faultsink.Status(429, faultsink.RetryAfter(90*time.Second)),
			faultsink.Status(503, faultsink.RetryAfterDate(2*time.Second, -time.Hour)),
			faultsink.With(faultsink.Accept, faultsink.Set("X-Test", "yes")),
		))
		to := inMemory(t, sink)
		if got := to.post(t.Context(), two); got.Header.Get("Retry-After") != "90" || got.Header.Get("X-Request-Id") != "req_1" {
			t.Errorf("got headers %v", got.Header)
		}
		got := to.post(t.Context(), two)
		date, err1 := http.ParseTime(got.Header.Get("Date"))
		after, err2 := http.ParseTime(got.Header.Get("Retry-After"))
		if err1 != nil || err2 != nil || after.Sub(date) != 2*time.Second || !date.Equal(time.Now().Add(-time.Hour).Truncate(time.Second)) {
			t.Errorf("got Date %v, Retry-After %v at %v", date, after, time.Now())
		}
		if got := to.ok(t, two); got.Header.Get("X-Test") != "yes" {
			t.Errorf("got headers %v", got.Header)
		}
		waits := sink.Report().Requests
		if waits[0].RetryAfter != 90*time.Second || waits[1].RetryAfter != 2*time.Second || waits[2].RetryAfter != 0 {
			t.Errorf("noted waits %v, %v, %v", waits[0].RetryAfter, waits[1].RetryAfter, waits[2].RetryAfter)
		}
	})
}
