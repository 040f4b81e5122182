package sentrial_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
)

// gaps are the times between requests.
func gaps(requests []*sent) (all []time.Duration) {
	for i := 1; i < len(requests); i++ {
		all = append(all, requests[i].at.Sub(requests[i-1].at))
	}
	return all
}

func checkBetween(t *testing.T, what string, got, least, most time.Duration) {
	t.Helper()
	if got < least || got > most {
		t.Errorf("%s: %v, want %v to %v", what, got, least, most)
	}
}

func TestRetryDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		want := []int{1, 2, 4, 8, 16, 30, 30, 30} // seconds
		server := newScript(t, slices.Repeat([]step{status(503)}, len(want))...)
		client := newClient(t, server)
		record(t, client, 3)
		time.Sleep(10 * time.Minute)
		requests := server.requests()
		if len(requests) != len(want)+1 {
			t.Fatalf("%d requests, want %d", len(requests), len(want)+1)
		}
		distinct := map[time.Duration]bool{}
		for i, gap := range gaps(requests) {
			least := time.Duration(want[i]) * time.Second
			checkBetween(t, fmt.Sprintf("wait %d", i+1), gap, least, least*3/2)
			distinct[gap%time.Second] = true
		}
		if len(distinct) < 3 {
			t.Errorf("the waits have no jitter: %v", gaps(requests))
		}
		checkStats(t, client, 3, 0, nothing)
		if s := client.Stats(); s.Requests != 9 || s.Retries != 8 || s.LastError != nil {
			t.Errorf("got %+v", s)
		}

		server.mu.Lock()
		server.steps = append(server.steps, accept, status(503)) // a success: the next trouble begins with the shortest wait
		server.mu.Unlock()
		record(t, client, 1)
		time.Sleep(time.Minute)
		requests = server.requests()
		checkBetween(t, "wait after a success", gaps(requests)[len(requests)-2], time.Second, 1500*time.Millisecond)
	})
}

// TestWhatIsTriedAgain: none of this loses an event, and none is tried again at once.
func TestWhatIsTriedAgain(t *testing.T) {
	html := func(r *sent) (*http.Response, error) {
		return reply(r, 200, "<html>please log in</html>", "Content-Type", "text/html"), nil
	}
	cut := func(r *sent) (*http.Response, error) {
		response := accepted(r)
		response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"accepted":`), errorReader{io.ErrUnexpectedEOF}))
		return response, nil
	}
	endless := func(r *sent) (*http.Response, error) {
		response := accepted(r)
		response.Body = io.NopCloser(io.MultiReader(response.Body, spaces{})) // JSON, as far as one reads
		return response, nil
	}
	panics := func(*sent) (*http.Response, error) { panic("out of order") }
	tests := map[string]step{
		"network": unreachable, "captive portal": html, "cut body": cut, "endless body": endless, "panic": panics, "no answer": hang, "nil": func(*sent) (*http.Response, error) { return nil, nil },
	}
	for _, code := range []int{408, 429, 500, 502, 503, 504, 201, 204, 300, 301, 302, 303, 304, 307, 308} {
		tests[fmt.Sprint(code)] = status(code)
	}
	for name, trouble := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const timeout = 5 * time.Second
				server := newScript(t, trouble, trouble)
				client := newClient(t, server, sentrial.WithTimeout(timeout), sentrial.WithCloseTimeout(time.Minute))
				ids := record(t, client, 5)
				flush(t, client)
				requests := server.requests()
				if len(requests) != 3 {
					t.Fatalf("%d requests, want 3", len(requests))
				}
				took := time.Duration(0)
				if name == "no answer" {
					took = timeout
				}
				checkBetween(t, "first wait", gaps(requests)[0]-took, time.Second, 1500*time.Millisecond)
				checkBetween(t, "second wait", gaps(requests)[1]-took, 2*time.Second, 3*time.Second)
				for _, r := range requests {
					checkIDs(t, "events", r.ids, ids)
				}
				checkStats(t, client, 5, 0, nothing)
			})
		})
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	return copy(p, strings.Repeat(" ", len(p))), nil
}

func TestRetryAfter(t *testing.T) {
	const backoff = -1
	tests := []struct {
		name    string
		code    int
		headers func() []string
		want    time.Duration
	}{
		{"seconds", 429, func() []string { return []string{"Retry-After", "7"} }, 7 * time.Second},
		{"seconds with a 503", 503, func() []string { return []string{"Retry-After", "40"} }, 40 * time.Second},
		{"shorter than the backoff", 429, func() []string { return []string{"Retry-After", "0"} }, backoff},
		{"date", 429, func() []string { return []string{"Retry-After", date(90 * time.Second), "Date", date(0)} }, 90 * time.Second},
		{"date, our clock is an hour late", 429, func() []string {
			return []string{"Retry-After", date(time.Hour + 20*time.Second), "Date", date(time.Hour)}
		}, 20 * time.Second},
		{"date, our clock is an hour early", 429, func() []string {
			return []string{"Retry-After", date(20*time.Second - time.Hour), "Date", date(-time.Hour)}
		}, 20 * time.Second},
		{"date in the past", 503, func() []string { return []string{"Retry-After", date(-time.Hour), "Date", date(0)} }, backoff},
		{"far too long", 503, func() []string { return []string{"Retry-After", "1000000000"} }, 5 * time.Minute},
		{"beyond all numbers", 503, func() []string { return []string{"Retry-After", "100000000000000000000"} }, 5 * time.Minute},
		{"negative", 429, func() []string { return []string{"Retry-After", "-5"} }, backoff},
		{"nonsense", 429, func() []string { return []string{"Retry-After", "abc"} }, backoff},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newScript(t, func(r *sent) (*http.Response, error) { return status(tt.code, tt.headers()...)(r) })
				client := newClient(t, server, sentrial.WithCloseTimeout(time.Hour))
				record(t, client, 1)
				flush(t, client)
				gap := gaps(server.requests())[0]
				if tt.want == backoff {
					checkBetween(t, "wait", gap, time.Second, 1500*time.Millisecond)
				} else {
					checkBetween(t, "wait", gap, tt.want, tt.want)
				}
			})
		})
	}
}

func date(fromNow time.Duration) string {
	return time.Now().Add(fromNow).UTC().Format(http.TimeFormat)
}

// TestRateLimit: a success that uses the last request up makes the next one wait for the reset.
func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limited := func(remaining string) step {
			return func(r *sent) (*http.Response, error) {
				return accepted(r, "X-RateLimit-Remaining", remaining, "X-RateLimit-Reset", fmt.Sprint(time.Now().Add(20*time.Second).Unix())), nil
			}
		}
		server := newScript(t, limited("1"), limited("0"))
		client := newClient(t, server, sentrial.WithCloseTimeout(time.Hour))
		for range 3 {
			record(t, client, 1)
			flush(t, client)
		}
		waits := gaps(server.requests())
		if waits[0] != 0 {
			t.Errorf("with one request left it waited %v", waits[0])
		}
		checkBetween(t, "with none left", waits[1], 20*time.Second, 20*time.Second)
		checkStats(t, client, 3, 0, nothing)
	})
}

// TestBarred: a status that only a person can mend keeps everything, asks once a minute, and says so in one line.
func TestBarred(t *testing.T) {
	for _, code := range []int{401, 402, 403, 404, 405, 410, 415, 418, 451, 501, 505} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log logged
				server := newScript(t, slices.Repeat([]step{status(code)}, 10)...)
				client := newClient(t, server, sentrial.WithLogger(log.logger()))
				first := record(t, client, 2)
				time.Sleep(9*time.Minute + 30*time.Second)
				checkStats(t, client, 0, 2, nothing)
				if n := len(server.requests()); n != 10 {
					t.Errorf("%d requests in 9.5 minutes, want 10", n)
				}
				for _, gap := range gaps(server.requests()) {
					checkBetween(t, "wait", gap, time.Minute, time.Minute)
				}
				if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], fmt.Sprint(code)) {
					t.Errorf("logged %q, want one line with the status", lines)
				}
				later := record(t, client, 1)
				time.Sleep(2 * time.Minute)
				requests := server.requests()
				checkIDs(t, "first batch after it", requests[10].ids, first)
				checkIDs(t, "second", requests[11].ids, later)
				checkStats(t, client, 3, 0, nothing)
			})
		})
	}
}

func TestBarredWaitsForRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t, status(403, "Retry-After", "200"))
		client := newClient(t, server)
		record(t, client, 1)
		time.Sleep(10 * time.Minute)
		checkBetween(t, "wait", gaps(server.requests())[0], 200*time.Second, 200*time.Second)
	})
}

// limited answers 413 when a request has more than this many events, or bytes of JSON.
func limited(events, bytes int, refused *int) step {
	return func(r *sent) (*http.Response, error) {
		if len(r.ids) > events || len(r.json) > bytes {
			*refused++
			return status(413)(r)
		}
		return accept(r)
	}
}

func TestTooLargeIsHalved(t *testing.T) {
	for name, limit := range map[string]func(*int) step{
		"by events": func(n *int) step { return limited(70, math.MaxInt, n) },
		"by bytes":  func(n *int) step { return limited(math.MaxInt, 20_000, n) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				refused := 0
				server := newScript(t)
				server.rest = limit(&refused)
				client := newClient(t, server)
				start := time.Now()
				var ids []string
				for range 5 {
					ids = append(ids, record(t, client, 1000)...)
					flush(t, client)
				}
				checkStats(t, client, 5000, 0, nothing)
				if refused > 8 {
					t.Errorf("%d requests were too large: the limit was not learned", refused)
				}
				if waited := time.Since(start); waited != 0 {
					t.Errorf("halves waited %v", waited)
				}
				checkIDs(t, "order of arrival", lastArrivals(server.requests(), ids), ids)
			})
		})
	}
}

// lastArrivals gives ids in the order in which they came last.
func lastArrivals(requests []*sent, ids []string) []string {
	last := make(map[string]int, len(ids))
	n := 0
	for _, r := range requests {
		for _, id := range r.ids {
			n++
			last[id] = n
		}
	}
	sorted := slices.Clone(ids)
	slices.SortStableFunc(sorted, func(a, b string) int { return last[a] - last[b] })
	return sorted
}

func TestOneEventTooLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var drops dropped
		server := newScript(t)
		client := newClient(t, server, sentrial.WithOnDrop(drops.add))
		ids := record(t, client, 64)
		server.rest = func(r *sent) (*http.Response, error) {
			if slices.Contains(r.ids, ids[40]) {
				return status(413)(r)
			}
			return accept(r)
		}
		flush(t, client)
		checkStats(t, client, 63, 0, map[sentrial.DropReason]int{sentrial.DropTooLarge: 1})
		record(t, client, 64)
		flush(t, client)
		synctest.Wait()
		drops.check(t, sentrial.DropTooLarge, ids[40])
	})
}

// TestOneBadEvent: a 400 for a batch costs the event that caused it, and few requests.
func TestOneBadEvent(t *testing.T) {
	for _, code := range []int{400, 422} {
		for _, place := range []int{0, 31, 99} {
			t.Run(fmt.Sprint(code, place), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var drops dropped
					server := newScript(t)
					client := newClient(t, server, sentrial.WithOnDrop(drops.add))
					start := time.Now()
					ids := record(t, client, 100)
					server.rest = func(r *sent) (*http.Response, error) {
						if slices.Contains(r.ids, ids[place]) {
							return status(code)(r)
						}
						return accept(r)
					}
					flush(t, client)
					synctest.Wait()
					checkStats(t, client, 99, 0, map[sentrial.DropReason]int{sentrial.DropRejected: 1})
					drops.check(t, sentrial.DropRejected, ids[place])
					if err := drops.all()[0].Err; err == nil || !strings.Contains(err.Error(), fmt.Sprintf("message %d", code)) {
						t.Errorf("the error is %v, want the server's words", err)
					}
					if n := len(server.requests()); n > 2*7+2 {
						t.Errorf("%d requests for 100 events", n)
					}
					if waited := time.Since(start); waited != 0 {
						t.Errorf("it waited %v", waited)
					}
				})
			})
		}
	}
}

func TestConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t, status(409))
		client := newClient(t, server)
		ids := record(t, client, 4)
		flush(t, client)
		requests := server.requests()
		if len(requests) != 2 || requests[0].key() == requests[1].key() {
			t.Errorf("%d requests, want a second one under another key", len(requests))
		}
		checkIDs(t, "second request", requests[1].ids, ids)
		checkStats(t, client, 4, 0, nothing)
	})
}

// TestConflictThatStays ends: every event is dropped once, and the number of requests is bounded.
func TestConflictThatStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		server.rest = status(409)
		client := newClient(t, server)
		record(t, client, 4)
		flush(t, client)
		checkStats(t, client, 0, 0, map[sentrial.DropReason]int{sentrial.DropRejected: 4})
		var batches []int
		keys := map[string]bool{}
		for _, r := range server.requests() {
			batches = append(batches, len(r.ids))
			keys[r.key()] = true
		}
		if want := []int{4, 4, 2, 2, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1}; !slices.Equal(batches, want) || len(keys) != len(want) {
			t.Errorf("batches of %v under %d keys, want %v under one each", batches, len(keys), want)
		}
	})
}

// TestRetriesUsedUp: the batch goes back to the front of the queue and is tried on, under the same key; what came later stays behind it.
func TestRetriesUsedUp(t *testing.T) {
	for _, retries := range []int{0, 1, 3} {
		synctest.Test(t, func(t *testing.T) {
			server := newScript(t, slices.Repeat([]step{unreachable}, 9)...)
			client := newClient(t, server, sentrial.WithMaxRetries(retries))
			first := record(t, client, 3)
			time.Sleep(3 * time.Second)
			second := record(t, client, 2)
			time.Sleep(5 * time.Minute)
			requests := server.requests()
			for _, r := range requests[:10] {
				checkIDs(t, "tried", r.ids, first)
				if r.key() != requests[0].key() {
					t.Errorf("another key for the same events")
				}
			}
			checkIDs(t, "then", requests[10].ids, second)
			checkStats(t, client, 5, 0, nothing)
			if s := client.Stats(); s.Retries != 9 {
				t.Errorf("%d retries, want 9", s.Retries)
			}
		})
	}
}

// TestOutageThatTheQueueCannotHold: the policy reaches what was given back, and the counters stay exact.
func TestOutageThatTheQueueCannotHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var drops dropped
		server := newScript(t)
		var down atomic.Bool
		down.Store(true)
		server.rest = func(r *sent) (*http.Response, error) {
			if down.Load() {
				return unreachable(r)
			}
			return accept(r)
		}
		client := newClient(t, server, sentrial.WithMaxRetries(0), sentrial.WithQueueBytes(32<<10), sentrial.WithOnDrop(drops.add))
		var ids []string
		for range 100 {
			ids = append(ids, record(t, client, 20)...)
			time.Sleep(500 * time.Millisecond)
		}
		down.Store(false)
		time.Sleep(time.Minute)
		flush(t, client)
		synctest.Wait()
		s := client.Stats()
		lost := int(s.Dropped[sentrial.DropOverflow])
		if lost == 0 || s.Queued != 0 || lawOf(s) != nil {
			t.Fatalf("got %+v", s)
		}
		if n := len(server.requests()); n > 15+int(s.Delivered)/20+10 {
			t.Errorf("%d requests", n)
		}
		drops.check(t, sentrial.DropOverflow, drops.ids()...)
		if len(drops.ids()) != lost {
			t.Errorf("OnDrop heard of %d events, %d were lost", len(drops.ids()), lost)
		}
		arrived := map[string]bool{}
		for _, r := range server.requests()[len(server.requests())-1].ids {
			arrived[r] = true
		}
		if !arrived[ids[len(ids)-1]] {
			t.Error("the newest event is not among those delivered last")
		}
	})
}

// TestResendIsByteEqual: retries carry the same events under the same key; only sent_at moves. Parts of a batch get keys of their own.
func TestResendIsByteEqual(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t, status(500), status(503), status(413))
		client := newClient(t, server)
		record(t, client, 8)
		flush(t, client)
		requests := server.requests()
		for i, r := range requests[1:3] {
			if r.key() != requests[0].key() {
				t.Errorf("request %d has another key", i+1)
			}
			if r.sentAt == requests[i].sentAt {
				t.Errorf("request %d has the same sent_at", i+1)
			}
			if !slices.Equal(r.events, requests[0].events) {
				t.Errorf("request %d has other bytes", i+1)
			}
		}
		keys := map[string]bool{}
		for _, r := range requests[2:] {
			keys[r.key()] = true
		}
		if len(requests) != 5 || len(keys) != 3 {
			t.Errorf("%d requests, %d keys for the whole and its halves", len(requests), len(keys))
		}
		if halves := slices.Concat(requests[3].events, requests[4].events); !slices.Equal(halves, requests[0].events) {
			t.Error("the halves have other bytes")
		}
		at, err := time.Parse(time.RFC3339Nano, requests[0].sentAt)
		if err != nil || !at.Equal(requests[0].at) {
			t.Errorf("sent_at is %s, the request was made at %s", requests[0].sentAt, requests[0].at)
		}
	})
}

// TestOrderIsKept through all that delays delivery.
func TestOrderIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		n := 0
		server.rest = func(r *sent) (*http.Response, error) {
			n++
			if len(r.ids) > 30 {
				return status(413)(r)
			}
			return []step{accept, status(503), accept, unreachable, accept, status(409), status(404), accept}[n%8](r)
		}
		client := newClient(t, server, sentrial.WithMaxRetries(1), sentrial.WithCloseTimeout(time.Hour))
		var ids []string
		for range 20 {
			ids = append(ids, record(t, client, 50)...)
			time.Sleep(700 * time.Millisecond)
		}
		flush(t, client)
		checkStats(t, client, 1000, 0, nothing)
		checkIDs(t, "order", lastArrivals(server.requests(), ids), ids)
	})
}

// TestRetryAfterOfAnyStatus: whoever asks for patience gets it, whatever the rest of the reply says.
func TestRetryAfterOfAnyStatus(t *testing.T) {
	for _, code := range []int{400, 401, 403, 409, 413, 422, 429, 500, 503} {
		synctest.Test(t, func(t *testing.T) {
			source := sourceFunc(func(context.Context) (string, error) { return "token", nil })
			server := newScript(t, status(code, "Retry-After", "20"))
			client := newClient(t, server, sentrial.WithTokenSource(source))
			record(t, client, 4)
			time.Sleep(5 * time.Minute)
			if gap := gaps(server.requests())[0]; gap < 20*time.Second {
				t.Errorf("after %d the server was asked again after %s", code, gap)
			}
		})
	}
}

// TestRefusedSizesAreForgotten after a while: the limit may have been raised, or have been somebody else's.
func TestRefusedSizesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t, slices.Repeat([]step{status(413)}, 6)...)
		client := newClient(t, server)
		record(t, client, 4)
		flush(t, client)
		time.Sleep(11 * time.Minute)
		before := len(server.requests())
		record(t, client, 500)
		flush(t, client)
		if n := len(server.requests()) - before; n != 1 {
			t.Errorf("%d requests for 500 events", n)
		}
	})
}

// TestLongAcknowledgement: what the server says of a batch is more than the client reads, so it is asked about fewer events at a time.
func TestLongAcknowledgement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		server.rest = func(r *sent) (*http.Response, error) {
			var rejected []string
			for _, id := range r.ids {
				rejected = append(rejected, fmt.Sprintf(`{"id":%q,"code":"no","message":"%s"}`, id, strings.Repeat("why ", 500)))
			}
			return reply(r, 200, `{"accepted":0,"duplicates":0,"rejected":[`+strings.Join(rejected, ",")+`]}`), nil
		}
		client := newClient(t, server)
		record(t, client, 1000)
		time.Sleep(2 * time.Minute)
		checkStats(t, client, 0, 0, map[sentrial.DropReason]int{sentrial.DropRejected: 1000})
	})
}
