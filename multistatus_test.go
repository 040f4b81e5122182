package sentrial_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/sentrial/sentrial-go"
)

// TestMultiStatusWithCounts: a 207 that has the counts of a 200 in the place of results says as much as a 200.
func TestMultiStatusWithCounts(t *testing.T) {
	for name, body := range map[string]string{
		"accepted":   `{"accepted":3,"duplicates":0,"rejected":[]}`,
		"no list":    `{"accepted":3}`,
		"duplicates": `{"accepted":1,"duplicates":2,"rejected":[],"results":null}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newScript(t, func(r *sent) (*http.Response, error) { return reply(r, 207, body), nil })
				client := newClient(t, server)
				record(t, client, 3)
				flush(t, client)
				if n := len(server.requests()); n != 1 {
					t.Errorf("%d requests, want 1", n)
				}
				checkStats(t, client, 3, 0, nothing)
			})
		})
	}
}

// TestMultiStatusWithoutAStatus: a result that does not say what became of its event leaves that open.
func TestMultiStatusWithoutAStatus(t *testing.T) {
	for name, result := range map[string]string{
		"none": `{"id":"$1"}`, "null": `{"id":"$1","status":null}`, "zero": `{"id":"$1","status":0}`, "informational": `{"id":"$1","status":102}`, "negative": `{"id":"$1","status":-1}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var drops dropped
				server := newScript(t, func(r *sent) (*http.Response, error) {
					body := `{"results":[{"id":"$0","status":200},` + result + `,{"id":"$2","status":200}]}`
					return reply(r, 207, strings.NewReplacer("$0", r.ids[0], "$1", r.ids[1], "$2", r.ids[2]).Replace(body)), nil
				})
				client := newClient(t, server, sentrial.WithOnDrop(drops.add))
				ids := record(t, client, 3)
				flush(t, client)
				synctest.Wait()
				checkRest(t, server.requests(), ids[1:2])
				drops.check(t, sentrial.DropRejected)
				checkStats(t, client, 3, 0, nothing)
			})
		})
	}
}
