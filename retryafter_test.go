package sentrial_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestRetryAfterOfASuccess: a 2xx that leaves events to be sent again may say when.
func TestRetryAfterOfASuccess(t *testing.T) {
	of := func(code int, body string, headers ...string) step { // $0 is the event's id
		return func(r *sent) (*http.Response, error) {
			return reply(r, code, strings.ReplaceAll(body, "$0", r.ids[0]), append(headers, "Retry-After", "60")...), nil
		}
	}
	for name, answer := range map[string]step{
		"captive portal":          of(200, "<html>", "Content-Type", "text/html"),
		"no content":              of(204, ""),
		"counts that do not fit":  of(200, `{"accepted":0,"duplicates":0,"rejected":[]}`),
		"rejected, to come again": of(200, `{"accepted":0,"duplicates":0,"rejected":[{"id":"$0","code":"busy","message":"later","retry":true}]}`),
		"207, busy":               of(207, `{"results":[{"id":"$0","status":503}]}`),
		"207, slow down":          of(207, `{"results":[{"id":"$0","status":429}]}`),
		"207 of nothing":          of(207, `{"results":[]}`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newScript(t, answer)
				client := newClient(t, server)
				ids := record(t, client, 1)
				time.Sleep(2 * time.Minute)
				requests := server.requests()
				if len(requests) != 2 {
					t.Fatalf("%d requests, want 2", len(requests))
				}
				checkBetween(t, "wait", gaps(requests)[0], time.Minute, time.Minute)
				checkIDs(t, "sent again", requests[1].ids, ids)
				checkStats(t, client, 1, 0, nothing)
			})
		})
	}
}
