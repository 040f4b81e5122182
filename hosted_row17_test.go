package sentrial_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// TestRow17HostedSlowReading: a server that takes requests in too slowly for the timeout has not read them, so nothing is uncertain, and all comes when it is quicker.
// Recording does not wait.
func TestRow17HostedSlowReading(t *testing.T) {
	for name, interval := range map[string]time.Duration{"in time": time.Second, "too slow": 10 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				slow := faultsink.When(faultsink.All(faultsink.Recording, faultsink.WithinUptime(0, 2*time.Minute)), faultsink.ReadSlowly(1<<10, interval, faultsink.Accept))
				sink := faultsink.NewHosted(slow)
				h := newHostedAgents(t, sink)
				for range 30 {
					h.trackLarge(20 << 10)
				}
				h.deliver(time.Hour)
				h.close()
				report, uncertain := sink.Report(), h.uncertain()
				h.checkStored(report, uncertain)
				cut := requestsOf(report, func(q faultsink.Request) bool { return q.Cut })
				if len(uncertain) > 0 || (cut > 0) != (name == "too slow") {
					t.Errorf("%d events are uncertain, %d requests came in parts", len(uncertain), cut)
				}
				h.checkNoWait()
			})
		})
	}
}

// TestRow17HostedManySlowSessions: a link that is slow for all is used for all: every session gets its turn.
func TestRow17HostedManySlowSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted()
		server := memhttp.New(t, throttled(sink, 4<<10))
		h := newHostedAgents(t, sink, sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(server.Client()))
		h.trackAt(400, 400)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		_ = h.client.Flush(ctx)
		cancel()
		reached := map[string]bool{}
		for _, e := range sink.Report().Stored {
			reached[e.SessionID] = e.Type != "session_start" || reached[e.SessionID]
		}
		for id, yes := range reached {
			if !yes {
				t.Errorf("session %s has waited for ten seconds", id)
			}
		}
		h.deliver(time.Hour)
		if _, uncertain := h.check(); len(uncertain) > 0 || len(reached) != sessionsOfRun {
			t.Error(fmt.Sprint(len(uncertain), " events are uncertain; sessions reached: ", len(reached)))
		}
	})
}
