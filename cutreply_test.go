package sentrial_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
)

// cut answers with a status and headers (names and values) whose body breaks off.
func cut(code int, headers ...string) step {
	return func(r *sent) (*http.Response, error) {
		response := reply(r, code, "", headers...)
		response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"`), errorReader{io.ErrUnexpectedEOF}))
		return response, nil
	}
}

// TestCutRefusalIsHalved: a status that is about the batch finds the event it is about, with or without the body that explains it.
func TestCutRefusalIsHalved(t *testing.T) {
	for code, reason := range map[int]sentrial.DropReason{413: sentrial.DropTooLarge, 400: sentrial.DropRejected, 422: sentrial.DropRejected} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var drops dropped
				server := newScript(t)
				client := newClient(t, server, sentrial.WithOnDrop(drops.add))
				start := time.Now()
				ids := record(t, client, 8)
				server.rest = func(r *sent) (*http.Response, error) {
					if slices.Contains(r.ids, ids[5]) {
						return cut(code)(r)
					}
					return accept(r)
				}
				flush(t, client)
				synctest.Wait()
				checkStats(t, client, 7, 0, map[sentrial.DropReason]int{reason: 1})
				drops.check(t, reason, ids[5])
				if waited := time.Since(start); waited != 0 {
					t.Errorf("it waited %v", waited)
				}
			})
		})
	}
}

func TestCutBarIsProbed(t *testing.T) {
	for _, code := range []int{401, 403, 404} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newScript(t, slices.Repeat([]step{cut(code)}, 5)...)
				client := newClient(t, server)
				ids := record(t, client, 2)
				time.Sleep(4*time.Minute + 30*time.Second)
				checkStats(t, client, 0, 2, nothing)
				if n := len(server.requests()); n != 5 {
					t.Errorf("%d requests in 4.5 minutes, want 5", n)
				}
				for _, gap := range gaps(server.requests()) {
					checkBetween(t, "wait", gap, time.Minute, time.Minute)
				}
				time.Sleep(time.Minute)
				checkIDs(t, "kept", server.requests()[5].ids, ids)
				checkStats(t, client, 2, 0, nothing)
			})
		})
	}
}

// TestCutReplyKeepsItsHeader: what it says about waiting holds.
func TestCutReplyKeepsItsHeader(t *testing.T) {
	rateLimited := func(code int) step {
		return func(r *sent) (*http.Response, error) {
			return cut(code, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", fmt.Sprint(time.Now().Add(time.Minute).Unix()))(r)
		}
	}
	for name, answer := range map[string]step{
		"503 with Retry-After":   cut(503, "Retry-After", "60"),
		"429 with Retry-After":   cut(429, "Retry-After", "60"),
		"429 with none left":     rateLimited(429),
		"200 with Retry-After":   cut(200, "Retry-After", "60"),
		"200 with none left":     rateLimited(200),
		"207 with Retry-After":   cut(207, "Retry-After", "60"),
		"302 with Retry-After":   cut(302, "Retry-After", "60"),
		"401 with a shorter one": cut(401, "Retry-After", "5"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newScript(t, answer)
				client := newClient(t, server)
				ids := record(t, client, 3)
				time.Sleep(59 * time.Second)
				checkStats(t, client, 0, 3, nothing)
				time.Sleep(5 * time.Second)
				requests := server.requests()
				if len(requests) != 2 {
					t.Fatalf("%d requests, want 2", len(requests))
				}
				checkBetween(t, "wait", gaps(requests)[0], time.Minute, time.Minute)
				checkIDs(t, "sent again", requests[1].ids, ids)
				if requests[0].key() != requests[1].key() {
					t.Error("under another key: the first request may have been acted on")
				}
				checkStats(t, client, 3, 0, nothing)
			})
		})
	}
}
