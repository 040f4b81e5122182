package sentrial_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow09CaptivePortal: one reply in five is 200 and the login page of a hotel.
func TestRow09CaptivePortal(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		return faultsink.New(faultsink.When(faultsink.Chance(0.2, 8), faultsink.Portal))
	}, func(r faultsink.Report) bool { return r.Resent > 0 })
}

// TestRow09NotOfferedAsJSON: a page that looks like an acknowledgement is none, unless its Content-Type says so too.
func TestRow09NotOfferedAsJSON(t *testing.T) {
	for _, contentType := range []string{"text/html", "text/plain; charset=utf-8", "application/jsonp", "application/xml", "json", "", "; ;"} {
		t.Run(contentType, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				page := faultsink.Answer(http.StatusOK, contentType, `{"accepted":10,"duplicates":0,"rejected":[]}`)
				sink := faultsink.New(faultsink.Times(2, page))
				client := sinkClient(t, sink)
				ids := record(t, client, 10)
				time.Sleep(time.Minute)
				checkStats(t, client, 10, 0, nothing)
				if r := sink.Report(); r.Check(ids) != nil || len(r.Requests) != 3 {
					t.Errorf("%d requests, want 3: %v", len(r.Requests), r.Check(ids))
				}
			})
		})
	}
}

// portalOfMinutes is a network whose portal wants a click for ten minutes.
func portalOfMinutes() *faultsink.Sink {
	return faultsink.New(faultsink.When(faultsink.WithinUptime(0, 10*time.Minute), faultsink.Portal))
}

// TestRow09PortalIsLoggedOnce, however long it lasts.
func TestRow09PortalIsLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logged
		client := sinkClient(t, portalOfMinutes(), sentrial.WithLogger(log.logger()))
		for range 120 {
			record(t, client, 1)
			time.Sleep(10 * time.Second)
		}
		checkStats(t, client, 120, 0, nothing)
		if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], "text/html") || !strings.Contains(lines[0], "level=WARN") {
			t.Errorf("logged %q, want one line with the content type", lines)
		}
	})
}

// TestRow09PortalIsTold: while it lasts, the client's last error is a typed one that says what was wrong with the reply and what to look at.
func TestRow09PortalIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := portalOfMinutes()
		client := sinkClient(t, sink)
		ids := record(t, client, 10)
		time.Sleep(9 * time.Minute)
		checkStats(t, client, 0, 10, nothing)
		last := client.Stats().LastError
		if api := new(sentrial.APIError); !errors.As(last, &api) || api.Status != http.StatusOK || api.Code == "" || !strings.Contains(api.Message, "text/html") || !strings.Contains(api.Message, "portal") {
			t.Errorf("the error is %T %v; want an *APIError with status 200, a code, and a message with the content type that names portals", last, last)
		}
		time.Sleep(3 * time.Minute)
		checkStats(t, client, 10, 0, nothing)
		if err := errors.Join(sink.Report().Check(ids), client.Stats().LastError); err != nil {
			t.Error(err)
		}
	})
}
