package faultsink_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// Every count of the report can fail on the hosted wire as well.
func TestCheckOfTheHostedWire(t *testing.T) {
	for name, c := range map[string]struct {
		plan []faultsink.Rule
		send func(t *testing.T, l link)
		want string // begins the error; "" = good
	}{
		"good": {send: func(t *testing.T, l link) { id := l.create(t); l.record(t, id, "a"); l.end(t, id) }},
		"a session made twice": {
			plan: []faultsink.Rule{faultsink.Sequence(faultsink.LoseReply)},
			send: func(t *testing.T, l link) {
				l.send(t.Context(), "POST", "sessions", creation)
				id := l.create(t)
				l.record(t, id, "a")
				l.end(t, id)
			},
		},
		"an event lost": {send: func(t *testing.T, l link) { l.create(t) }, want: "1 events lost, want 0: [a]"},
		"an event nobody knows": {
			send: func(t *testing.T, l link) { id := l.create(t); l.record(t, id, "a"); l.record(t, id, "b") },
			want: "1 unknown events stored, want 0: [b]\n1 inversions",
		},
		"an event stored twice": {
			send: func(t *testing.T, l link) { id := l.create(t); l.record(t, id, "a"); l.record(t, id, "a") },
			want: "1 events stored twice, want 0\n1 inversions",
		},
		"a reply lost and the event sent again": {
			plan: []faultsink.Rule{faultsink.Sequence(faultsink.Accept, faultsink.LoseReply)},
			send: func(t *testing.T, l link) {
				id := l.create(t)
				l.send(t.Context(), "POST", "events", toolCall(id, "a"))
				l.record(t, id, "a")
			},
			want: "1 events stored twice, want 0\n1 inversions",
		},
		"an inversion": {
			send: func(t *testing.T, l link) {
				id := l.create(t)
				l.good(t, "POST", "events", `{"sessionId":"`+id+`","eventType":"error","metadata":{"event_id":"a","seq":2,"timestamp":"2026-01-02T03:04:04Z"}}`)
			},
			want: "1 inversions, want 0: [start (session s, seq 1)]",
		},
		"an event under the id of the SDK": {
			send: func(t *testing.T, l link) {
				l.record(t, l.create(t), "a")
				l.send(t.Context(), "POST", "events", toolCall("s", "b"))
			},
			want: "1 requests for sessions that no reply had told, want 0: [request 3: session s]",
		},
		"an event for a session whose creation was not answered": {
			plan: []faultsink.Rule{faultsink.Sequence(faultsink.CreateAs("x", faultsink.LoseReply))},
			send: func(t *testing.T, l link) { l.send(t.Context(), "POST", "sessions", creation); l.record(t, "x", "a") },
			want: "1 requests for sessions that no reply had told, want 0: [request 2: session x]",
		},
		"an event changed between two sendings": {
			plan: []faultsink.Rule{faultsink.Sequence(faultsink.Accept, faultsink.Status(503))},
			send: func(t *testing.T, l link) {
				id := l.create(t)
				l.send(t.Context(), "POST", "events", toolCall(id, "a"))
				l.good(t, "POST", "events", strings.Replace(toolCall(id, "a"), `"t"`, `"u"`, 1))
			},
			want: "1 events sent again with other bytes, want 0: [a]",
		},
		"an event sent again to another session of the same name": {
			plan: []faultsink.Rule{faultsink.Sequence(faultsink.Accept, faultsink.Status(503))},
			send: func(t *testing.T, l link) {
				l.send(t.Context(), "POST", "events", toolCall(l.create(t), "a"))
				l.record(t, l.create(t), "a")
			},
		},
		"events in two places": {
			send: func(t *testing.T, l link) {
				first, second := l.create(t), l.create(t)
				l.record(t, first, "a")
				l.end(t, second)
			},
			want: "1 sessions in several places, want 0: [s]",
		},
		"an idempotency key": {
			send: func(t *testing.T, l link) {
				l.send(t.Context(), "POST", "events", toolCall(l.create(t), "a"), "Idempotency-Key", "k")
			},
			want: "1 headers of the other protocol, want 0: [Idempotency-Key in request 2]",
		},
		"an encoding": {
			send: func(t *testing.T, l link) {
				l.send(t.Context(), "POST", "events", toolCall(l.create(t), "a"), "Content-Encoding", "identity")
			},
			want: "1 headers of the other protocol, want 0: [Content-Encoding in request 2]",
		},
		"nonsense": {
			send: func(t *testing.T, l link) {
				id := l.create(t)
				l.record(t, id, "a")
				l.send(t.Context(), "POST", "events", "{}")
			},
			want: "1 requests that make no sense, want 0: [request 3: sessionId is required]",
		},
		"a secret": {
			send: func(t *testing.T, l link) {
				id := l.create(t)
				l.record(t, id, "a")
				l.send(t.Context(), "PATCH", "sessions/"+id, `{"failureReason":"canary-1"}`)
			},
			want: `1 watched texts seen, want 0: ["canary-1" in body of request 3]`,
		},
		"a batch": {
			send: func(t *testing.T, l link) { l.record(t, l.create(t), "a"); l.post(t.Context(), two) },
			want: "1 requests to other paths, want 0: [POST /v1/events]",
		},
	} {
		sink := faultsink.NewHosted(c.plan...)
		sink.Watch("canary-1")
		c.send(t, inMemory(t, sink))
		report := sink.Report()
		err := report.Check([]string{"a"})
		if (err == nil) != (c.want == "") || err != nil && !strings.HasPrefix(err.Error(), c.want) || err != nil && strings.Contains(err.Error(), "\n") != strings.Contains(c.want, "\n") {
			t.Errorf("%s: got:\n%v\nwant: %s", name, err, c.want)
		}
	}
}

// Sessions with the same id of the SDK are twins; those without one cannot be.
func TestTwins(t *testing.T) {
	sink := faultsink.NewHosted()
	l := inMemory(t, sink)
	for range 3 {
		l.create(t)
		l.good(t, "POST", "sessions", `{"name":"n","agentName":"a","userId":"u"}`)
	}
	report := sink.Report()
	if report.Sessions != 6 || report.Twins != 2 || report.StoredDuplicates() != 0 || report.Duplicates != 0 {
		t.Errorf("%d sessions, %d twins, %d duplicates; want 6, 2, 0", report.Sessions, report.Twins, report.Duplicates)
	}
}

// Requests of one session at once are seen, those of several sessions are no matter.
func TestPeakPerSession(t *testing.T) {
	for _, c := range []struct {
		first, second string
		peak          int
	}{
		{"x", "x", 2}, {"x", "y", 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			sink := faultsink.NewHosted(faultsink.Sequence(faultsink.CreateAs("x", faultsink.Accept), faultsink.CreateAs("y", faultsink.Accept)),
				faultsink.Always(faultsink.Then(faultsink.ReadBody, faultsink.Wait(time.Second), faultsink.Accept)))
			l := inMemory(t, sink)
			l.create(t)
			l.good(t, "POST", "sessions", strings.ReplaceAll(creation, `"s"`, `"other"`))
			for range 2 { // the second time after the first
				var both sync.WaitGroup
				both.Go(func() { l.record(t, c.first, "a") })
				both.Go(func() { l.end(t, c.second) })
				both.Wait()
			}
			report := sink.Report()
			told := report.Check(nil).Error()
			if report.PeakPerSession() != c.peak || strings.Contains(told, "2 requests beside another one of their session") != (c.peak > 1) || report.PeakInFlight() != 2 {
				t.Errorf("%s and %s: peak %d of %d, want %d; %s", c.first, c.second, report.PeakPerSession(), report.PeakInFlight(), c.peak, told)
			}
		})
	}
}

// A request that its client has given up is not under way, though the sink may learn of that late. While the client waits for it, it is.
func TestGivenUpIsNotUnderWay(t *testing.T) {
	for after, peak := range map[time.Duration]int{10 * time.Second: 1, 9 * time.Second: 2} {
		synctest.Test(t, func(t *testing.T) {
			late := faultsink.Then(faultsink.ReadBody, func(x *faultsink.Exchange) { x.Sleep(time.Hour); time.Sleep(40 * time.Millisecond) }, faultsink.Accept)
			sink := faultsink.NewHosted(faultsink.Sequence(faultsink.CreateAs("x", faultsink.Accept), late))
			l := inMemory(t, sink)
			l.create(t)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			go l.send(ctx, "POST", "events", toolCall("x", "a"))
			time.Sleep(after)
			l.record(t, "x", "b")
			time.Sleep(time.Minute)
			if got := sink.Report().PeakPerSession(); got != peak {
				t.Errorf("a second request after %v: peak %d, want %d", after, got, peak)
			}
		})
	}
}

// A request that came before a Retry-After was over is early on this wire too.
func TestEarlyOnTheHostedWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.Sequence(faultsink.Accept, faultsink.Status(429, faultsink.RetryAfter(2*time.Second))))
		l := inMemory(t, sink)
		id := l.create(t)
		l.send(t.Context(), "POST", "events", toolCall(id, "a"))
		time.Sleep(time.Second)
		l.record(t, id, "a")
		if early := sink.Report().EarlyRetries(); len(early) != 1 || early[0].N != 3 {
			t.Errorf("early %v, want request 3", early)
		}
	})
}

// Whatever comes, the sink answers it, and stores what it answers 200 to.
func FuzzHosted(f *testing.F) {
	for _, seed := range []string{creation, toolCall("x", "a"), completion, "", "null", "{}", `{"sessionId":"x","eventType":"error","metadata":[]}`, `{"metadata":{"seq":1e400}}`} {
		for kind := range byte(3) {
			f.Add(kind, seed)
		}
	}
	f.Fuzz(func(t *testing.T, kind byte, body string) {
		sink := faultsink.NewHosted(faultsink.Sequence(faultsink.CreateAs("x", faultsink.Accept)))
		ask := func(method, path, body string) int {
			w := httptest.NewRecorder()
			sink.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "/api/sdk/"+path, strings.NewReader(body)))
			return w.Code
		}
		ask("POST", "sessions", creation)
		before := sink.Report()
		var status int
		switch kind % 3 {
		case 0:
			status = ask("POST", "sessions", body)
		case 1:
			status = ask("POST", "events", body)
		default:
			status = ask("PATCH", "sessions/x", body)
		}
		report := sink.Report()
		if stored := len(report.Stored) - len(before.Stored); stored > 1 || status != http.StatusOK && stored > 0 {
			t.Errorf("status %d, %d stored", status, stored)
		}
		if malformed := len(report.Malformed); (status == http.StatusBadRequest) != (malformed == 1) || status != 200 && status != 400 && status != 404 {
			t.Errorf("status %d, malformed %v", status, report.Malformed)
		}
	})
}
