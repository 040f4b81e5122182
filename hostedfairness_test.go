package sentrial_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// TestHostedCreationThatFails: a session that the server fails to create does not hold up others.
func TestHostedCreationThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Creating, faultsink.Holding(`"bad"`)), faultsink.Status(500)))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		_, good := client.CreateSession(t.Context(), "good")
		flush(t, client)
		_, bad := client.CreateSession(t.Context(), "bad")
		var ids []string
		for i := range 10 {
			trackAny(t.Context(), bad, i)
			ids = append(ids, trackAny(t.Context(), good, i))
		}
		time.Sleep(10 * time.Second)
		if missing := sink.Report().Lost(ids); len(missing) > 0 {
			t.Errorf("%d events of the good session are missing", len(missing))
		}
	})
}

// TestHostedOneSessionsOutage: whatever the server has against one session, the others get their turns.
func TestHostedOneSessionsOutage(t *testing.T) {
	for status, code := range map[string]int{"503": 503, "500": 500, "403": 403} {
		for what, kind := range map[string]faultsink.Condition{"creating": faultsink.Creating, "recording": faultsink.Recording, "ending": faultsink.Ending} {
			t.Run(status+" "+what, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					sink := faultsink.NewHosted(faultsink.When(faultsink.All(kind, faultsink.Holding(`"bad"`)), faultsink.Status(code)))
					client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
					_, good := client.CreateSession(t.Context(), "good")
					flush(t, client)
					_, bad := client.CreateSession(t.Context(), "bad")
					bad.TrackStep(t.Context(), types.Step{Name: "bad"})
					bad.Close(t.Context(), types.SessionResult{Summary: "bad"})
					ids := []string{good.TrackStep(t.Context(), types.Step{Name: "x"})}
					time.Sleep(time.Minute)
					ids = append(ids, good.TrackStep(t.Context(), types.Step{Name: "later"}))
					time.Sleep(3 * time.Minute)
					if missing := sink.Report().Lost(ids); len(missing) > 0 {
						t.Errorf("%d of the other session's events are missing: %+v", len(missing), client.Stats())
					}
				})
			})
		}
	}
}

// TestHostedBadGatewayOfOneSession: events whose replies are lost one after the other are given up with growing waits, however well others fare.
func TestHostedBadGatewayOfOneSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := faultsink.Always(faultsink.Then(faultsink.ReadBody, faultsink.Wait(20*time.Millisecond), faultsink.Accept))
		bad := faultsink.Then(faultsink.ReadBody, faultsink.Wait(20*time.Millisecond), faultsink.Status(502))
		sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Recording, faultsink.Holding("bad"), faultsink.Within(0, 30*time.Second)), bad), slow)
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		_, a := client.CreateSession(t.Context(), "a")
		_, b := client.CreateSession(t.Context(), "b")
		_, c := client.CreateSession(t.Context(), "c")
		for range 3000 {
			a.TrackStep(t.Context(), types.Step{Name: "bad"})
			b.TrackStep(t.Context(), types.Step{Name: "x"})
			c.TrackStep(t.Context(), types.Step{Name: "x"})
		}
		time.Sleep(30 * time.Second)
		if n := client.Stats().Dropped[sentrial.DropUncertain]; n < 3 || n > 20 {
			t.Errorf("%d events are uncertain after 30 s", n)
		}
	})
}

// TestHostedVanishedSessionIsNoBurden: the many events of a session that the server denies are dropped at once when that is clear.
func TestHostedVanishedSessionIsNoBurden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		unknown := faultsink.Answer(404, "application/json", `{"error":"not_found","message":"no such session"}`)
		sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Recording, faultsink.Holding("lost")), unknown))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		_, bad := client.CreateSession(t.Context(), "bad")
		_, good := client.CreateSession(t.Context(), "good")
		flush(t, client)
		for range 6000 {
			bad.TrackStep(t.Context(), types.Step{Name: "lost"})
		}
		ids := []string{good.TrackStep(t.Context(), types.Step{Name: "fine"})}
		time.Sleep(time.Hour)
		if missing := sink.Report().Lost(ids); len(missing) > 0 {
			t.Errorf("another session had to wait: %+v", client.Stats())
		}
	})
}

// TestHostedSlowServerDropsOldest: what is in hand is bounded in bytes, so that the overflow policy has something to drop.
func TestHostedSlowServerDropsOldest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := faultsink.Always(faultsink.Then(faultsink.ReadBody, faultsink.Wait(200*time.Millisecond), faultsink.Accept))
		sink := faultsink.NewHosted(slow)
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithQueueBytes(16<<20), sentrial.WithOverflow(sentrial.DropOldest))
		_, s := client.CreateSession(t.Context(), "s")
		for range 20 {
			for range 100 {
				s.TrackStep(t.Context(), types.Step{Name: "n", Input: strings.Repeat("x", 20<<10)})
			}
			time.Sleep(2 * time.Second)
		}
		st := client.Stats()
		if len(st.Refused) > 0 || st.Dropped[sentrial.DropOverflow] == 0 {
			t.Errorf("%+v", st)
		}
	})
}

// TestHostedRefusedAgain: a session that the server has forgotten and does not take again is not asked for in a loop.
func TestHostedRefusedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n, forgotten atomic.Int64
		client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			readAll(r)
			_ = r.Body.Close()
			if n.Add(1) > 5000 {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			switch {
			case forgotten.Load() == 0:
				return jsonReply(r, http.StatusOK, `{"id":"srv_1"}`), nil
			case strings.HasSuffix(r.URL.Path, "/sessions"):
				return jsonReply(r, http.StatusBadRequest, `{"error":"quota","message":"no more sessions"}`), nil
			}
			return jsonReply(r, http.StatusNotFound, `{"error":"not_found","message":"no such session"}`), nil
		}), sentrial.WithProtocol(sentrial.ProtocolHosted))
		ctx, s := client.CreateSession(t.Context(), "n", sentrial.WithSessionID("mine"))
		s.TrackStep(ctx, types.Step{Name: "a"})
		flush(t, client)
		forgotten.Store(1)
		ctx, s = client.CreateSession(t.Context(), "n", sentrial.WithSessionID("mine"))
		s.TrackStep(ctx, types.Step{Name: "b"})
		time.Sleep(time.Minute)
		if n := n.Load(); n > 100 {
			t.Errorf("%d requests in a minute", n)
		}
	})
}

// TestHostedLongReply: the reply to the end of a session may repeat all that it holds.
func TestHostedLongReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		long := faultsink.CommitThen(faultsink.Answer(200, "application/json", `{"id":"x","assistantOutput":"`+strings.Repeat("x", 1<<20)+`"}`))
		sink := faultsink.NewHosted(faultsink.When(faultsink.Ending, long))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		hostedRun(t, client, 1, 1)
		_, s := client.CreateSession(t.Context(), "other")
		id := s.TrackStep(t.Context(), types.Step{Name: "a"})
		time.Sleep(time.Hour)
		if missing := sink.Report().Lost([]string{id}); len(missing) > 0 {
			t.Error("another session had to wait")
		}
		checkStats(t, client, 5, 0, nothing)
	})
}

// TestHostedLargeEnd: an end that would be too large for the server does not repeat the input.
func TestHostedLargeEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			body, _ := io.ReadAll(r.Body)
			_ = r.Body.Close()
			if len(body) > 1<<20+64<<10 {
				return jsonReply(r, http.StatusRequestEntityTooLarge, `{"error":"payload_too_large","message":"m"}`), nil
			}
			return jsonReply(r, http.StatusOK, `{"id":"srv_1"}`), nil
		}), sentrial.WithProtocol(sentrial.ProtocolHosted))
		ctx, s := client.CreateSession(t.Context(), "n", sentrial.WithInput(strings.Repeat("question ", 70_000)))
		s.Close(ctx, types.SessionResult{Output: strings.Repeat("answer ", 90_000)})
		time.Sleep(time.Minute)
		checkStats(t, client, 2, 0, nothing)
	})
}

// TestHostedKeyAtClose: the error of a request that Close cut off is cleaned as all others are.
func TestHostedKeyAtClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var drops []sentrial.Drop
		client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			readAll(r)
			_ = r.Body.Close()
			if strings.HasSuffix(r.URL.Path, "/sessions") {
				return jsonReply(r, http.StatusOK, `{"id":"srv_1"}`), nil
			}
			<-r.Context().Done()
			return nil, fmt.Errorf("gave up a request with %v", r.Header.Get("Authorization"))
		}), sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithAPIKey("sekret-key-1"), sentrial.WithCloseTimeout(time.Second), sentrial.WithOnDrop(func(d sentrial.Drop) { drops = append(drops, d) }))
		ctx, s := client.CreateSession(t.Context(), "n")
		s.TrackStep(ctx, types.Step{Name: "a"})
		if err := client.Close(t.Context()); err == nil || strings.Contains(err.Error(), "sekret") || len(drops) != 1 {
			t.Errorf("%v, %d drops", err, len(drops))
		}
		for _, d := range drops {
			if d.Err != nil && strings.Contains(d.Err.Error(), "sekret") {
				t.Errorf("OnDrop heard %+v", d)
			}
		}
	})
}
