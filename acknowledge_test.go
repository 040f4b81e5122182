package sentrial_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
)

// TestNoAcknowledgement: a 2xx that does not account for every event is a failed attempt, said once.
func TestNoAcknowledgement(t *testing.T) {
	const all = `{"accepted":3,"duplicates":0,"rejected":[]}`
	tests := []struct {
		name        string
		status      int
		contentType string
		body        string
	}{
		{"captive portal", 200, "text/html; charset=utf-8", "<html>welcome to our hotel</html>"},
		{"right body, wrong type", 200, "text/html", all},
		{"no type", 200, "", all},
		{"broken type", 200, "application/json;;=", `{}`},
		{"empty body", 200, "application/json", ""},
		{"no JSON", 200, "application/json", "ok"},
		{"cut JSON", 200, "application/json", all[:len(all)-3]},
		{"two values", 200, "application/json", all + all},
		{"empty object", 200, "application/json", "{}"},
		{"null", 200, "application/json", "null"},
		{"array", 200, "application/json", "[]"},
		{"one missing", 200, "application/json", `{"accepted":2,"duplicates":0,"rejected":[]}`},
		{"one too many", 200, "application/json", `{"accepted":3,"duplicates":1,"rejected":[]}`},
		{"negative", 200, "application/json", `{"accepted":4,"duplicates":-1,"rejected":[]}`},
		{"negative accepted", 200, "application/json", `{"accepted":-1,"duplicates":4,"rejected":[]}`},
		{"sum beyond int64", 200, "application/json", `{"accepted":9223372036854775807,"duplicates":9223372036854775807,"rejected":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"},{"id":"e"}]}`},
		{"numbers as text", 200, "application/json", `{"accepted":"3","duplicates":0,"rejected":[]}`},
		{"accepted for later", 202, "application/json", `{"queued":true}`},
		{"no content", 204, "", ""},
		{"207 without JSON", 207, "application/xml", "<multistatus/>"},
		{"207 of another kind", 207, "application/json", `{"results":[{"id":7}]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log logged
				wrong := func(r *sent) (*http.Response, error) {
					return reply(r, tt.status, tt.body, "Content-Type", tt.contentType), nil
				}
				server := newScript(t, wrong, wrong)
				client := newClient(t, server, sentrial.WithLogger(log.logger()))
				ids := record(t, client, 3)
				time.Sleep(1200 * time.Millisecond)
				err := client.Stats().LastError
				checkStats(t, client, 0, 3, nothing)
				if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("status %d", tt.status)) || !strings.Contains(err.Error(), "proxy") {
					t.Errorf("the last error is %v", err)
				}
				flush(t, client)
				requests := server.requests()
				if len(requests) != 3 {
					t.Fatalf("%d requests, want 3", len(requests))
				}
				checkIDs(t, "sent again", requests[1].ids, ids)
				if requests[1].key() != requests[0].key() {
					t.Error("under another key")
				}
				checkStats(t, client, 3, 0, nothing)
				if lines := log.lines(); len(lines) != 1 {
					t.Errorf("logged %q, want one line", lines)
				}
				if err := client.Stats().LastError; err != nil {
					t.Errorf("after a success the last error is %v", err)
				}
			})
		})
	}
}

// TestAcknowledgement: replies that do account for three events, and what they make of them.
func TestAcknowledgement(t *testing.T) {
	const d, a, x = sentrial.Delivered, sentrial.Again, sentrial.Rejected
	tests := []struct {
		name       string
		status     int
		body       string // $0, $1, $2 are the events' ids
		want       []sentrial.Fate
		duplicates int
	}{
		{"all accepted", 200, `{"accepted":3,"duplicates":0,"rejected":[]}`, []sentrial.Fate{d, d, d}, 0},
		{"rejected may be absent", 201, `{"accepted":3,"duplicates":0}`, []sentrial.Fate{d, d, d}, 0},
		{"unknown fields", 200, `{"accepted":3,"duplicates":0,"rejected":null,"warnings":[1],"results":[]}`, []sentrial.Fate{d, d, d}, 0},
		{"duplicates are delivered", 200, `{"accepted":1,"duplicates":2,"rejected":[]}`, []sentrial.Fate{d, d, d}, 2},
		{"one to have again", 200, `{"accepted":2,"duplicates":0,"rejected":[{"id":"$1","code":"missing_ref","message":"m","retry":true}]}`, []sentrial.Fate{d, a, d}, 0},
		{"one refused", 200, `{"accepted":1,"duplicates":1,"rejected":[{"id":"$0","code":"validation_error","message":"no good"}]}`, []sentrial.Fate{x, d, d}, 1},
		{
			"both", 200, `{"accepted":0,"duplicates":1,"rejected":[{"id":"$2","code":"c","message":"no good","retry":false},{"id":"$0","code":"c","message":"m","retry":true}]}`,
			[]sentrial.Fate{a, d, x},
			1,
		},
		{"207", 207, `{"results":[{"id":"$0","status":200},{"id":"$1","status":201},{"id":"$2","status":204}]}`, []sentrial.Fate{d, d, d}, 0},
		{"207 in any order", 207, `{"results":[{"id":"$2","status":503},{"id":"$0","status":400,"code":"no good"},{"id":"$1","status":200}]}`, []sentrial.Fate{x, d, a}, 0},
		{"207 with 408, 429, 500", 207, `{"results":[{"id":"$0","status":408},{"id":"$1","status":429},{"id":"$2","status":500}]}`, []sentrial.Fate{a, a, a}, 0},
		{"207 with others", 207, `{"results":[{"id":"$0","status":404,"code":"no good"},{"id":"$1","status":302,"code":"no good"},{"id":"$2","status":200}]}`, []sentrial.Fate{x, x, d}, 0},
		{"207 with one missing", 207, `{"results":[{"id":"$0","status":200},{"id":"$1","status":200}]}`, []sentrial.Fate{d, d, a}, 0},
		{"207 with a stranger", 207, `{"results":[{"id":"$0","status":200},{"id":"evt_stranger","status":400},{"id":"$2","status":200}]}`, []sentrial.Fate{d, a, d}, 0},
		{"207 with one twice", 207, `{"results":[{"id":"$0","status":200},{"id":"$0","status":400},{"id":"$1","status":200},{"id":"$2","status":200}]}`, []sentrial.Fate{d, d, d}, 0},
		{"207 of nothing", 207, `{"results":[]}`, []sentrial.Fate{a, a, a}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var drops dropped
				server := newScript(t, func(r *sent) (*http.Response, error) {
					body := strings.NewReplacer("$0", r.ids[0], "$1", r.ids[1], "$2", r.ids[2]).Replace(tt.body)
					return reply(r, tt.status, body), nil
				})
				client := newClient(t, server, sentrial.WithOnDrop(drops.add))
				ids := record(t, client, 3)
				flush(t, client)
				synctest.Wait()
				var again, rejected []string
				for i, fate := range tt.want {
					switch fate {
					case sentrial.Again:
						again = append(again, ids[i])
					case sentrial.Rejected:
						rejected = append(rejected, ids[i])
					}
				}
				checkRest(t, server.requests(), again)
				drops.check(t, sentrial.DropRejected, rejected...)
				for _, drop := range drops.all() {
					if api := new(sentrial.APIError); !errors.As(drop.Err, &api) || !strings.Contains(drop.Err.Error(), "no good") {
						t.Errorf("the error is %v, want the server's words", drop.Err)
					}
				}
				want := map[sentrial.DropReason]int{}
				if len(rejected) > 0 {
					want[sentrial.DropRejected] = len(rejected)
				}
				checkStats(t, client, 3-len(rejected), 0, want)
				if n := client.Stats().Duplicates; n != uint64(tt.duplicates) {
					t.Errorf("%d duplicates, want %d", n, tt.duplicates)
				}
			})
		})
	}
}

// checkRest wants one more request, after the usual wait, with exactly these events.
func checkRest(t *testing.T, requests []*sent, again []string) {
	t.Helper()
	if len(again) == 0 {
		if len(requests) != 1 {
			t.Errorf("%d requests, want 1", len(requests))
		}
		return
	}
	if len(requests) != 2 {
		t.Fatalf("%d requests, want 2", len(requests))
	}
	checkIDs(t, "sent again", requests[1].ids, again)
	checkBetween(t, "wait", gaps(requests)[0], time.Second, 1500*time.Millisecond)
	if sameSet := len(again) == len(requests[0].ids); !sameSet && requests[1].key() == requests[0].key() {
		t.Error("another set of events has the same key")
	}
}

// TestRetryOfSomeHoldsNothingUp: while a few events wait for their next attempt, others go on, and the waits grow.
func TestRetryOfSomeHoldsNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		client := newClient(t, server, sentrial.WithFlushInterval(100*time.Millisecond))
		stubborn := record(t, client, 1)[0]
		var tries []time.Time
		server.rest = func(r *sent) (*http.Response, error) {
			if i := slices.Index(r.ids, stubborn); i >= 0 && len(tries) < 4 {
				tries = append(tries, time.Now())
				return reply(r, 200, fmt.Sprintf(`{"accepted":%d,"duplicates":0,"rejected":[{"id":%q,"retry":true}]}`, len(r.ids)-1, stubborn)), nil
			}
			return accept(r)
		}
		record(t, client, 1)
		for range 100 {
			record(t, client, 1)
			time.Sleep(200 * time.Millisecond)
			if queued := client.Stats().Queued; queued > 1 {
				t.Fatalf("%d events are queued: they wait for one", queued)
			}
		}
		flush(t, client)
		checkStats(t, client, 102, 0, nothing)
		for i := 1; i < len(tries); i++ {
			least := time.Second << (i - 1)
			checkBetween(t, fmt.Sprintf("wait %d", i), tries[i].Sub(tries[i-1]), least, least*3/2)
		}
	})
}

// TestRejectionOfAStranger: an event rejected under an id that was not sent could be any of them; halving finds it, and costs no other.
func TestRejectionOfAStranger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		client := newClient(t, server)
		ids := record(t, client, 16)
		server.rest = func(r *sent) (*http.Response, error) {
			if slices.Contains(r.ids, ids[5]) {
				return reply(r, 200, fmt.Sprintf(`{"accepted":%d,"duplicates":0,"rejected":[{"id":"line:6","code":"c","message":"m"}]}`, len(r.ids)-1)), nil
			}
			return accept(r)
		}
		flush(t, client)
		checkStats(t, client, 15, 0, map[sentrial.DropReason]int{sentrial.DropRejected: 1})
		if n := len(server.requests()); n > 2*4+1 {
			t.Errorf("%d requests", n)
		}
	})
}

// TestServersWordsAreBounded: error texts are bounded, and the key is not in them.
func TestServersWordsAreBounded(t *testing.T) {
	const key = "sk-canary-0123456789"
	long := strings.Repeat("w", 100_000)
	for name, answer := range map[string]step{
		"rejected": func(r *sent) (*http.Response, error) {
			return answers(fmt.Sprintf(`{"accepted":0,"duplicates":0,"rejected":[{"id":%q,"code":"%s","message":"%s %s"}]}`, r.ids[0], key, key, long))(r)
		},
		"bad request": func(r *sent) (*http.Response, error) {
			return reply(r, 400, fmt.Sprintf(`{"error":{"code":"%s","message":"%s %s","request_id":"%s"}}`, key, key, long, key)), nil
		},
		"results": func(r *sent) (*http.Response, error) {
			return reply(r, 207, fmt.Sprintf(`{"results":[{"id":%q,"status":400,"code":"%s %s"}]}`, r.ids[0], key, long)), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var drops dropped
				var log logged
				client := newClient(t, newScript(t, answer), sentrial.WithAPIKey(key), sentrial.WithOnDrop(drops.add), sentrial.WithLogger(log.logger()))
				record(t, client, 1)
				flush(t, client)
				synctest.Wait()
				text := fmt.Sprintf("%+v %v %q", drops.all(), drops.all()[0].Err, log.lines())
				if strings.Contains(text, key) || len(text) > 8000 {
					t.Errorf("%d bytes: %.3000s", len(text), text)
				}
			})
		})
	}
}
