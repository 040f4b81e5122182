package sentrial_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
)

// TestEndlessPostponement can be seen: a server that asks for an event again and again leaves an error and one line in the log.
func TestEndlessPostponement(t *testing.T) {
	for name, answer := range map[string]step{
		"rejected": func(r *sent) (*http.Response, error) {
			return answers(fmt.Sprintf(`{"accepted":0,"duplicates":0,"rejected":[{"id":%q,"code":"busy","message":"later","retry":true}]}`, r.ids[0]))(r)
		},
		"207": func(r *sent) (*http.Response, error) {
			return reply(r, 207, fmt.Sprintf(`{"results":[{"id":%q,"status":503,"code":"busy"}]}`, r.ids[0])), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log logged
				server := newScript(t)
				server.rest = answer
				client := newClient(t, server, sentrial.WithLogger(log.logger()))
				record(t, client, 1)
				time.Sleep(10 * time.Minute)
				checkStats(t, client, 0, 1, nothing)
				api := new(sentrial.APIError)
				if err := client.Stats().LastError; !errors.As(err, &api) || api.Code != "busy" {
					t.Errorf("the last error is %v, want the server's own", err)
				}
				if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], "busy") {
					t.Errorf("logged %q, want one line with the server's reason", lines)
				}
				server.mu.Lock()
				server.rest = accept
				server.mu.Unlock()
				time.Sleep(time.Minute)
				checkStats(t, client, 1, 0, nothing)
				if err := client.Stats().LastError; err != nil {
					t.Errorf("after a success the last error is %v", err)
				}
			})
		})
	}
}
