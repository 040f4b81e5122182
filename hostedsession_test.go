package sentrial_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/types"
)

// TestHostedForeignSession: a session that another program made on the server is written to under its id there.
func TestHostedForeignSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.Sequence(faultsink.CreateAs("sess_theirs", faultsink.Accept)))
		first := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		first.CreateSession(t.Context(), "theirs")
		flush(t, first)
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		id := client.Session("sess_theirs").TrackStep(t.Context(), types.Step{Name: "n"})
		flush(t, client)
		r := sink.Report()
		if e, ok := r.Event(id); !ok || e.Hosted != "sess_theirs" || r.Sessions != 1 {
			t.Errorf("%d sessions, the event is in %q", r.Sessions, e.Hosted)
		}
	})
}

// TestHostedUnknownSession: one that the server does not know is created, as an event of an unknown session does on the batch wire.
func TestHostedUnknownSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted()
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		s := client.Session("made-elsewhere")
		ids := []string{s.TrackStep(t.Context(), types.Step{Name: "a"}), s.TrackStep(t.Context(), types.Step{Name: "b"})}
		s.Close(t.Context(), types.SessionResult{})
		flush(t, client)
		r := sink.Report()
		if r.Sessions != 1 || len(r.Lost(ids)) > 0 || r.StoredDuplicates() > 0 || len(r.ArrivalInversions()) > 0 {
			t.Errorf("%d sessions, missing %v", r.Sessions, r.Lost(ids))
		}
		for _, e := range r.Stored {
			if e.SessionID != "made-elsewhere" {
				t.Errorf("event %s is in session %q", e.ID, e.SessionID)
			}
		}
		checkStats(t, client, 3, 0, nothing)
	})
}

// TestHostedForgottenSession: a server that has lost its sessions gets them again, and loses no event.
func TestHostedForgottenSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted()
		var mu sync.Mutex
		var handler http.Handler = sink
		server := memhttp.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			h := handler
			mu.Unlock()
			h.ServeHTTP(w, r)
		}))
		client := newClient(t, server.Transport(), sentrial.WithProtocol(sentrial.ProtocolHosted))
		ctx, s := client.CreateSession(t.Context(), "long", sentrial.WithAgentName("agent"), sentrial.WithUserID("user"))
		s.TrackStep(ctx, types.Step{Name: "before"})
		flush(t, client)
		fresh := faultsink.NewHosted()
		mu.Lock()
		handler = fresh
		mu.Unlock()
		after := []string{s.TrackStep(ctx, types.Step{Name: "after"}), s.TrackStep(ctx, types.Step{Name: "and on"})}
		time.Sleep(5 * time.Minute)
		checkStats(t, client, 4, 0, nothing)
		r := fresh.Report()
		if missing := r.Lost(after); len(missing) > 0 || r.Sessions != 1 || r.StoredDuplicates() > 0 {
			t.Errorf("%d sessions, missing %v", r.Sessions, missing)
		}
	})
}

// TestHostedLaggingServer: a part of the server that has not heard of a session yet is asked again, and no second session is made.
func TestHostedLaggingServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		unknown := faultsink.Answer(404, "application/json", `{"error":"not_found","message":"no such session"}`)
		sink := faultsink.NewHosted(faultsink.Sequence(faultsink.Accept, unknown, unknown))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		ids := hostedRun(t, client, 1, 3)
		time.Sleep(time.Minute)
		if r := sink.Report(); r.Sessions != 1 || r.Check(ids) != nil {
			t.Errorf("%d sessions: %v", r.Sessions, r.Check(ids))
		}
		checkStats(t, client, 5, 0, nothing)
	})
}

// TestHostedVanishingSession: when not even a second creation helps, the events are refused, and others are not held up.
func TestHostedVanishingSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		unknown := faultsink.Answer(404, "application/json", `{"error":"not_found","message":"no such session"}`)
		sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Recording, faultsink.Holding("lost")), unknown))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		_, bad := client.CreateSession(t.Context(), "bad")
		_, good := client.CreateSession(t.Context(), "good")
		flush(t, client)
		bad.TrackStep(t.Context(), types.Step{Name: "lost"})
		ids := []string{good.TrackStep(t.Context(), types.Step{Name: "fine"})}
		time.Sleep(2 * time.Second)
		if missing := sink.Report().Lost(ids); len(missing) > 0 {
			t.Error("another session had to wait")
		}
		time.Sleep(5 * time.Minute)
		checkStats(t, client, 3, 0, map[sentrial.DropReason]int{sentrial.DropRejected: 1})
	})
}

// TestHostedRefusedSession: a session that the server refuses is tried without metadata, and its end too. One that is refused all the same is lost with its events.
func TestHostedRefusedSession(t *testing.T) {
	for _, c := range []struct {
		name, refuses string
		delivered     int
		dropped       map[sentrial.DropReason]int
	}{
		{"its metadata", `"region"`, 4, nothing},
		{"its name", `"name":"n"`, 4, nothing},
		{"whatever it is called", `"agentName"`, 0, map[sentrial.DropReason]int{sentrial.DropRejected: 4}},
		{"its user", `"userId":"u"`, 4, nothing},
		{"the metadata of its end", `"summary"`, 4, nothing},
		{"its end", `"status":"completed"`, 3, map[sentrial.DropReason]int{sentrial.DropRejected: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Not(faultsink.Recording), faultsink.Holding(c.refuses)), faultsink.Status(400)))
				client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
				ctx, s := client.CreateSession(t.Context(), "n", sentrial.WithUserID("u"), sentrial.WithMetadata(map[string]any{"region": "eu"}))
				s.TrackStep(ctx, types.Step{Name: "a"})
				s.TrackStep(ctx, types.Step{Name: "b"})
				s.Close(ctx, types.SessionResult{Summary: "done"})
				time.Sleep(time.Minute)
				checkStats(t, client, c.delivered, 0, c.dropped)
			})
		})
	}
}

// TestHostedReopenedSession: a session that is created again under its id goes on where it was.
func TestHostedReopenedSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted()
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		var ids []string
		for range 2 {
			ctx, s := client.CreateSession(t.Context(), "n", sentrial.WithSessionID("mine"))
			ids = append(ids, s.TrackStep(ctx, types.Step{Name: "a"}))
			s.Close(ctx, types.SessionResult{})
			flush(t, client)
		}
		r := sink.Report()
		if r.Sessions != 1 || r.Twins != 0 || len(r.Lost(ids)) > 0 || len(r.Scattered()) > 0 {
			t.Errorf("%d sessions, %d twins, missing %v", r.Sessions, r.Twins, r.Lost(ids))
		}
		checkStats(t, client, 6, 0, nothing)
	})
}

// TestHostedOddIDs of a server are escaped or refused, and never lead elsewhere.
func TestHostedOddIDs(t *testing.T) {
	for id, good := range map[string]bool{"a.b:c-d_e": true, "42": true, "": false, "../../v1/keys": false, "a b": false, "a/b": false, "..": false, ".": false} {
		synctest.Test(t, func(t *testing.T) {
			var paths []string
			client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
				readAll(r)
				_ = r.Body.Close()
				paths = append(paths, r.URL.Path)
				return jsonReply(r, http.StatusOK, fmt.Sprintf(`{"id":%q}`, id)), nil
			}), sentrial.WithProtocol(sentrial.ProtocolHosted))
			ctx, s := client.CreateSession(t.Context(), "n")
			s.Close(ctx, types.SessionResult{})
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if ended := strings.HasSuffix(paths[len(paths)-1], "/api/sdk/sessions/"+id) && id != ""; ended != good {
				t.Errorf("%q: asked %q", id, paths)
			}
		})
	}
}

// TestHostedManySessions: what is remembered of sessions is bounded, and those in use are not forgotten.
func TestHostedManySessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const first = "srv_1"
		created, strays := 0, 0
		var end string
		client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			switch _ = r.Body.Close(); {
			case err != nil:
				t.Error(err)
			case r.Method == http.MethodPatch:
				end = r.URL.Path + string(body)
			case strings.HasSuffix(r.URL.Path, "/sessions"):
				created++
			case !strings.Contains(string(body), `"sessionId":"`+first+`"`):
				strays++
			}
			return jsonReply(r, http.StatusOK, fmt.Sprintf(`{"id":"srv_%d"}`, created)), nil
		}), sentrial.WithProtocol(sentrial.ProtocolHosted))
		_, kept := client.CreateSession(t.Context(), "kept", sentrial.WithInput("question"))
		flush(t, client)
		for range 25 {
			for range 1000 {
				client.CreateSession(t.Context(), "n", sentrial.WithInput(strings.Repeat("x", 500)))
			}
			kept.TrackStep(t.Context(), types.Step{Name: "k"})
			flush(t, client)
		}
		kept.Close(t.Context(), types.SessionResult{})
		flush(t, client)
		if created != 25_001 || strays > 0 || !strings.Contains(end, first+"{") || !strings.Contains(end, `"userInput":"question"`) {
			t.Errorf("%d sessions, %d events went astray, the end was %s", created, strays, end)
		}
	})
}

// TestHostedMemory: sessions and their inputs are forgotten in time.
func TestHostedMemory(t *testing.T) {
	if sessions, inputs := sentrial.RememberSessions(100_000, strings.Repeat("x", 1000)); sessions > 20_000 || inputs > 4<<20 || inputs < 1<<20 {
		t.Errorf("%d sessions and %d bytes of inputs are remembered", sessions, inputs)
	}
}
