package sentrial_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/types"
)

// hostedTroubles are what a server does from some moment on, and whether an event that is under way then is uncertain.
var hostedTroubles = map[string]faultsink.Step{
	"hang": faultsink.Hang, "committed and hang": faultsink.CommitThen(faultsink.Hang), "hang, unread": faultsink.HangUnread, "endless reply": faultsink.Endless,
	"reset": faultsink.ResetAfterBody, "reply lost": faultsink.LoseReply, "503": faultsink.Status(503), "502": faultsink.Status(502), "500": faultsink.Status(500),
	"Retry-After": faultsink.Status(429, faultsink.RetryAfter(time.Hour)), "401": faultsink.Status(401), "portal": faultsink.Portal,
	"slow reply": faultsink.Slowly(time.Minute, faultsink.Accept),
}

// TestRow62HostedCloseInTrouble: whatever the server does, Close returns by its deadline and tells exactly which events the server lacks, and of which nobody knows.
// Nothing is sent any more.
func TestRow62HostedCloseInTrouble(t *testing.T) {
	for trouble, step := range hostedTroubles {
		for deadline, d := range deadlines {
			t.Run(trouble+", "+deadline, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					sink := faultsink.NewHosted(faultsink.When(faultsink.WithinUptime(3*time.Second, 24*time.Hour), step))
					server := memhttp.New(t, sink)
					wire := &watched{RoundTripper: server.Transport()}
					opts := []sentrial.Option{sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(&http.Client{Transport: wire}), sentrial.WithTimeout(time.Hour)}
					h := newHostedAgents(t, sink, opts...)
					h.trackAt(100, 100)
					flush(t, h.client)
					time.Sleep(3 * time.Second)
					h.trackAt(100, 100)
					time.Sleep(1500 * time.Millisecond)
					ctx, cancel := d.ctx(t.Context())
					defer cancel()
					began := time.Now()
					err := h.client.Close(ctx)
					ended := time.Now()
					if took := ended.Sub(began); took > d.after+closeSlack {
						t.Errorf("Close took %v, want %v", took, d.after)
					}
					h.checkLacks(err)
					time.Sleep(2 * time.Hour)
					wire.checkNothingSentSince(t, ended)
					h.checkLacks(h.client.Close(t.Context()))
				})
			})
		}
	}
}

// checkLacks holds the error of Close against what the sink has: what it lacks was left or is uncertain, and what was left it does lack.
func (h *hostedAgents) checkLacks(err error) {
	h.t.Helper()
	synctest.Wait()
	incomplete := new(sentrial.IncompleteError)
	if !errors.As(err, &incomplete) {
		h.t.Fatalf("Close: %v, want an *IncompleteError", err)
	}
	reasons := map[sentrial.DropReason][]string{}
	for _, d := range h.drops.all() {
		reasons[d.Reason] = append(reasons[d.Reason], d.EventID)
	}
	left, uncertain := reasons[sentrial.DropClosed], reasons[sentrial.DropUncertain]
	for _, s := range []sentrial.Stats{incomplete.Stats, h.client.Stats()} {
		if err := lawOf(s); err != nil || int(s.Dropped[sentrial.DropClosed]) != len(left) || int(s.Dropped[sentrial.DropUncertain]) != len(uncertain) || s.Queued != 0 || s.InFlight != 0 || len(left) == 0 {
			h.t.Errorf("%v: OnDrop heard of %d events that were left and %d that are uncertain: %+v", err, len(left), len(uncertain), s)
		}
	}
	report := h.sink.Report()
	lost := report.Lost(h.ids)
	if missing, there := withoutIDs(lost, append(slices.Clone(left), uncertain...)), withoutIDs(left, lost); len(missing) > 0 || len(there) > 0 {
		h.t.Errorf("%d events missing without a word, %d there that were said to be left", len(missing), len(there))
	}
	if report.StoredDuplicates() > 0 || len(uncertain) > len(h.sessions) {
		h.t.Errorf("%d events stored twice, %d uncertain", report.StoredDuplicates(), len(uncertain))
	}
}

// TestRow62HostedCloseRacing: sessions that end, flush and record while their client is closed, on the real clock. What got an id is stored once or told to be lost.
func TestRow62HostedCloseRacing(t *testing.T) {
	for range 5 {
		var drops dropped
		sink := faultsink.NewHosted(faultsink.When(faultsink.Chance(0.05, 1), faultsink.Reject(func(e faultsink.Event) bool { return e.Seq%3 == 0 }, "no_good", false)))
		client := newClient(t, &gatedSink{sink: sink}, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithOnDrop(drops.add), sentrial.WithFlushInterval(time.Millisecond))
		var mu sync.Mutex
		var ids []string
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				_, s := client.CreateSession(t.Context(), fmt.Sprint(i))
				for n := range 200 {
					if id := trackAny(t.Context(), s, n); id != "" {
						mu.Lock()
						ids = append(ids, id)
						mu.Unlock()
					}
					if n == 150 && i%4 == 0 {
						_ = client.Close(expired(t))
					}
				}
				s.Close(t.Context(), types.SessionResult{})
			})
		}
		all.Wait()
		_ = client.Close(t.Context())
		report := sink.Report()
		if missing := withoutIDs(report.Lost(ids), drops.ids()); len(missing) > 0 || report.StoredDuplicates() > 0 || report.PeakPerSession() > 1 {
			t.Errorf("%d events missing without a word, %d stored twice, %d requests at once for a session", len(missing), report.StoredDuplicates(), report.PeakPerSession())
		}
		if err := lawOf(client.Stats()); err != nil {
			t.Error(err)
		}
	}
}
