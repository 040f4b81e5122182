package faultsink_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// Every count of the report can fail: the requests of each case are what a broken client would send, made by hand.
func TestCheckSeesWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		plan []faultsink.Rule
		send func(t *testing.T, l link)
		want []string // lines of the error
	}{
		"an event lost": {
			send: func(t *testing.T, l link) { l.ok(t, batch(event{ID: "a", Seq: 1})) },
			want: []string{"1 events lost, want 0: [b]"},
		},
		"an event never heard of": {
			send: func(t *testing.T, l link) { l.ok(t, two); l.ok(t, batch(event{ID: "c", Seq: 3})) },
			want: []string{"1 unknown events stored, want 0: [c]"},
		},
		"an order by time that is not that of seq": {
			send: func(t *testing.T, l link) {
				l.ok(t, batch(event{ID: "a", Seq: 2, At: "2026-01-02T03:04:05Z"}, event{ID: "b", Seq: 1, At: "2026-01-02T03:04:06Z"}))
			},
			want: []string{"1 inversions, want 0: [b (session s, seq 1)]"},
		},
		"two events behind a later one": {
			send: func(t *testing.T, l link) {
				l.ok(t, batch(event{ID: "b", Seq: 3, At: "2026-01-02T03:04:05Z"}, event{ID: "a", Seq: 1, At: "2026-01-02T03:04:06Z"}))
				l.ok(t, batch(event{ID: "end", Type: "session_end", Seq: 2, At: "2026-01-02T03:04:07Z"}))
			},
			want: []string{"2 inversions, want 0: [a (session s, seq 1) end (session s, seq 2)]"},
		},
		"a seq used twice": {
			send: func(t *testing.T, l link) { l.ok(t, batch(event{ID: "a", Seq: 1}, event{ID: "b", Seq: 1})) },
			want: []string{"1 inversions, want 0: [b (session s, seq 1)]"},
		},
		"an event changed between two sendings": {
			plan: []faultsink.Rule{faultsink.Sequence(faultsink.Status(503))},
			send: func(t *testing.T, l link) {
				l.post(t.Context(), two)
				l.ok(t, batch(event{ID: "a", Seq: 1}, event{ID: "b", Seq: 2, More: map[string]any{"attempt": 2}}))
			},
			want: []string{"1 events sent again with other bytes, want 0: [b]"},
		},
		"a key used for other events": {
			send: func(t *testing.T, l link) {
				l.ok(t, two, "Idempotency-Key", "k1")
				if got := l.post(t.Context(), batch(event{ID: "a", Seq: 1}), "Idempotency-Key", "k1"); got.StatusCode != http.StatusConflict || !strings.Contains(got.text, "idempotency_conflict") {
					t.Errorf("got %v, want 409", got)
				}
			},
			want: []string{"1 idempotency keys used for other events, want 0: [k1]"},
		},
		"a key used for other events that are committed without a word": {
			plan: []faultsink.Rule{faultsink.Always(faultsink.CommitThen(faultsink.Status(500)))},
			send: func(t *testing.T, l link) {
				l.post(t.Context(), two, "Idempotency-Key", "k1")
				l.post(t.Context(), batch(event{ID: "c", Seq: 3}), "Idempotency-Key", "k1")
			},
			want: []string{"1 idempotency keys used for other events, want 0: [k1]"},
		},
		"no batch": {
			send: func(t *testing.T, l link) { l.post(t.Context(), `{"events":[{"id":7}]}`); l.ok(t, two) },
			want: []string{"1 requests that make no sense, want 0: [request 1: event 0:"},
		},
		"another path": {
			send: func(t *testing.T, l link) {
				l.ok(t, two)
				get(t, l, "/v2/events")
			},
			want: []string{"1 requests to other paths, want 0: [GET /v2/events]"},
		},
		"a secret in a body": {
			send: func(t *testing.T, l link) {
				l.ok(t, batch(event{ID: "a", Seq: 1}, event{ID: "b", Seq: 2, More: map[string]any{"k": []string{"is canary-1 here"}}}))
			},
			want: []string{`1 watched texts seen, want 0: ["canary-1" in body of request 1]`},
		},
		"a secret in a compressed body": {
			send: func(t *testing.T, l link) {
				l.ok(t, gzipped(batch(event{ID: "a", Seq: 1}, event{ID: "b", Seq: 2, More: map[string]any{"canary-1": 1}})), "Content-Encoding", "gzip")
			},
			want: []string{`1 watched texts seen, want 0: ["canary-1" in body of request 1]`},
		},
		"a secret in a header": {
			send: func(t *testing.T, l link) { l.ok(t, two, "X-Debug", "canary-1 and canary-2") },
			want: []string{`2 watched texts seen, want 0: ["canary-1" in header X-Debug of request 1 "canary-2" in header X-Debug of request 1]`},
		},
		"a secret in a URL": {
			send: func(t *testing.T, l link) { l.ok(t, two); l.ok(t, two); postQuery(t, l, "key=canary-2") },
			want: []string{`1 watched texts seen, want 0: ["canary-2" in url of request 3]`},
		},
		"nothing at all": {
			send: func(*testing.T, link) {},
			want: []string{"2 events lost, want 0: [a b]"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			sink := faultsink.New(c.plan...)
			sink.Watch("canary-1", "canary-2")
			c.send(t, inMemory(t, sink))
			err := sink.Report().Check([]string{"a", "b"})
			if err == nil {
				t.Fatal("nothing was found")
			}
			if lines := strings.Split(err.Error(), "\n"); len(lines) != len(c.want) || !strings.HasPrefix(lines[0], c.want[0]) {
				t.Errorf("got:\n%v\nwant:\n%s", err, strings.Join(c.want, "\n"))
			}
		})
	}
}

func get(t *testing.T, l link, path string) answer {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, l.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l.do(req)
}

func postQuery(t *testing.T, l link, query string) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.url+"/v1/events?"+query, strings.NewReader(two))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	l.do(req)
}

// A client that does everything right, and needs resends to do so.
func TestCheckOfAGoodClient(t *testing.T) {
	each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
		sink := faultsink.New(faultsink.Sequence(faultsink.LoseReply, faultsink.Status(500)))
		sink.Watch("canary-1")
		l := to(sink) // the reply is lost on a new connection: on another, net/http itself repeats a request that has an Idempotency-Key
		for range 2 {
			l.post(t.Context(), two, "Authorization", "Bearer canary-1", "Idempotency-Key", "k1")
		}
		l.ok(t, two, "Authorization", "Bearer canary-1", "Idempotency-Key", "k1")
		l.ok(t, batch(event{ID: "start", Type: "session_start", Seq: 3}), "Idempotency-Key", "k2")
		report := sink.Report()
		if err := report.Check([]string{"a", "b"}); err != nil {
			t.Error(err)
		}
		if report.Received != 7 || report.Resent != 4 || report.Duplicates != 2 || report.Unique() != 3 || len(report.Requests) != 4 || report.PeakInFlight() != 1 {
			t.Errorf("received %d, resent %d, duplicates %d, unique %d in %d requests, %d at once", report.Received, report.Resent, report.Duplicates, report.Unique(), len(report.Requests), report.PeakInFlight())
		}
	})
}

func TestEventsStoredTwice(t *testing.T) {
	sink := faultsink.New()
	sink.KeepDuplicates()
	l := inMemory(t, sink)
	l.ok(t, two)
	if accepted, duplicates, _, err := l.ok(t, two).acknowledged(); err != nil || accepted != 0 || duplicates != 2 {
		t.Errorf("the second time: accepted %d, duplicates %d, %v", accepted, duplicates, err)
	}
	report := sink.Report()
	err := report.Check([]string{"a", "b"})
	if report.StoredDuplicates() != 2 || report.Unique() != 2 || err == nil || !strings.Contains(err.Error(), "2 events stored twice, want 0") {
		t.Errorf("%d stored twice, %d unique, %v", report.StoredDuplicates(), report.Unique(), err)
	}
}

// An event may come once as running and once final, in either order; the bytes of the two may differ, those of two final ones may not.
func TestRunningAndFinal(t *testing.T) {
	first, final := event{ID: "a", Seq: 1, Status: "running"}, event{ID: "a", Seq: 1, Status: "success"}
	for name, c := range map[string]struct {
		sent                 []event
		accepted, duplicates int
	}{
		"in order":       {[]event{first, final}, 2, 0},
		"final first":    {[]event{final, first}, 1, 1},
		"and once more":  {[]event{first, first, final, final, first}, 2, 3},
		"in the one end": {[]event{final}, 1, 0},
	} {
		sink := faultsink.New()
		l := inMemory(t, sink)
		var accepted, duplicates int
		for _, e := range c.sent {
			a, d, _, err := l.ok(t, batch(e)).acknowledged()
			if accepted, duplicates = accepted+a, duplicates+d; err != nil {
				t.Error(err)
			}
		}
		report := sink.Report()
		if err := report.Check([]string{"a"}); err != nil || accepted != c.accepted || duplicates != c.duplicates {
			t.Errorf("%s: accepted %d, duplicates %d, %v; want %d, %d", name, accepted, duplicates, err, c.accepted, c.duplicates)
		}
		if stored, ok := report.Event("a"); !ok || stored.Status != "success" {
			t.Errorf("%s: stored %+v", name, stored)
		}
	}
}

func TestOrderIsPerSessionAndClient(t *testing.T) {
	sink := faultsink.New()
	l := inMemory(t, sink)
	at := "2026-01-02T03:04:05Z"
	l.ok(t, batchOf("one", event{ID: "a2", Seq: 2, At: at}, event{ID: "b1", Session: "other", Seq: 1, At: at}))
	l.ok(t, batchOf("two", event{ID: "c1", Seq: 1, At: at}, event{ID: "none", At: at}))
	l.ok(t, batchOf("one", event{ID: "a1", Seq: 1, At: at}))
	report := sink.Report()
	if found := report.Inversions(); len(found) != 0 {
		t.Errorf("inversions %v, want none: one timestamp, ordered by client and seq", found)
	}
	if found := report.ArrivalInversions(); len(found) != 1 || found[0].ID != "a1" {
		t.Errorf("inversions of arrival %v, want a1", found)
	}
}

func TestEarlyRetries(t *testing.T) {
	wait := faultsink.RetryAfter(2 * time.Second)
	other := batch(event{ID: "c", Seq: 3})
	for name, c := range map[string]struct {
		refused faultsink.Step
		after   time.Duration
		body    string
		early   bool
	}{
		"at once":                        {faultsink.Status(429, wait), time.Millisecond, two, true},
		"too early":                      {faultsink.Status(503, wait), 2*time.Second - 1, two, true},
		"with other events":              {faultsink.Status(429, wait), time.Second, other, true},
		"in time":                        {faultsink.Status(429, wait), 2 * time.Second, two, false},
		"crossing the reply":             {faultsink.Status(429, wait), 50 * time.Millisecond, other, false},
		"a date by a wrong clock":        {faultsink.Status(429, faultsink.RetryAfterDate(3*time.Second, time.Hour)), 3*time.Second - 1, two, true},
		"a date by a wrong clock, later": {faultsink.Status(429, faultsink.RetryAfterDate(3*time.Second, time.Hour)), 3 * time.Second, two, false},
		"after five minutes of 10^9 s":   {faultsink.Status(429, faultsink.RetryAfter(1e9*time.Second)), 5 * time.Minute, two, false},
		"before them":                    {faultsink.Status(429, faultsink.RetryAfter(1e9*time.Second)), 5*time.Minute - 1, two, true},
		"nonsense":                       {faultsink.Status(429, faultsink.Set("Retry-After", "abc")), 1, two, false},
		"a negative wait":                {faultsink.Status(429, faultsink.Set("Retry-After", "-5")), 1, two, false},
		"of any status":                  {faultsink.Status(500, wait), 1, two, true},
		"of one that asks nothing":       {faultsink.Status(500), 1, two, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			sink := faultsink.New(faultsink.Sequence(c.refused))
			l := inMemory(t, sink)
			l.post(t.Context(), two)
			time.Sleep(c.after)
			l.ok(t, c.body)
			early := sink.Report().EarlyRetries()
			if (len(early) > 0) != c.early || len(early) > 0 && early[0].N != 2 {
				t.Errorf("%s: early %v, want %v", name, early, c.early)
			}
			if err := sink.Report().Check([]string{"a", "b", "c"}); c.early != (err != nil && strings.Contains(err.Error(), "1 early retries, want 0: [request 2]")) {
				t.Errorf("%s: Check says %v", name, err)
			}
		})
	}
}

func TestRequestsOfAWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New()
		time.Sleep(time.Hour)
		if got := sink.Report().Within(0, time.Hour); got != nil {
			t.Errorf("got %v before any request", got)
		}
		l := inMemory(t, sink)
		for range 5 {
			l.ok(t, two)
			time.Sleep(10 * time.Second)
		}
		report := sink.Report()
		if got := report.Within(10*time.Second, 30*time.Second); len(got) != 2 || got[0].N != 2 || got[1].N != 3 {
			t.Errorf("10 s to 30 s after the first: %v, want requests 2 and 3", got)
		}
		if got := report.WithinUptime(0, time.Hour+time.Second); len(got) != 1 || got[0].N != 1 {
			t.Errorf("in the first hour and second: %v, want request 1", got)
		}
	})
}

// A reply or a reset ends a request before the client can send the next one.
func TestOneAtATimeIsOneInFlight(t *testing.T) {
	each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
		sink := faultsink.New(faultsink.When(faultsink.Chance(0.5, 1), faultsink.Reset), faultsink.When(faultsink.Chance(0.5, 2), faultsink.Cut(faultsink.Accept)))
		l := to(sink)
		for range 200 {
			l.post(t.Context(), two)
		}
		if peak := sink.Report().PeakInFlight(); peak != 1 {
			t.Errorf("%d requests at once", peak)
		}
	})
}

// Whoever follows a redirect brings body and headers along, and the report says so.
func TestRedirectsAreFollowedIntoTheNet(t *testing.T) {
	steps := map[string]faultsink.Step{"host": faultsink.Redirect(307), "port": faultsink.RedirectPort(308), "path": faultsink.RedirectHere(307)}
	each(t, func(t *testing.T, to func(*faultsink.Sink) link) {
		for _, name := range slices.Sorted(maps.Keys(steps)) {
			sink := faultsink.New(faultsink.Always(steps[name]))
			sink.Watch("canary-1", "canary-2")
			l := to(sink)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.url+"/v1/events", strings.NewReader(batch(event{ID: "a", Type: "canary-2", Seq: 1})))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("X-Api-Key", "canary-1")
			reply, err := l.client.Do(req) // follows
			if err != nil {
				t.Fatal(err)
			}
			reply.Body.Close()
			caught := sink.Report().Redirected
			if len(caught) != 1 || caught[0].Method != http.MethodPost || caught[0].Bytes != req.ContentLength || caught[0].Header.Get("X-Api-Key") != "canary-1" {
				t.Errorf("%s: caught %+v", name, caught)
			}
			told := sink.Report().Check(nil).Error()
			for _, want := range []string{"1 requests that followed a redirect", `"canary-1" in redirect`, `"canary-2" in body`} {
				if !strings.Contains(told, want) {
					t.Errorf("%s: %q is not in:\n%s", name, want, told)
				}
			}
			if own := reply.Request.URL.Host == req.URL.Host; own != (name == "path") {
				t.Errorf("%s: led to %s", name, reply.Request.URL)
			}
		}
	})
}
