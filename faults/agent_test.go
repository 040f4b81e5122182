package faults_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

// closeWithin is the deadline of Close: far above what the faults take, far below the time-out of a test run.
const closeWithin = 90 * time.Second

// agent is a client with one session, and the ids of the events that it was told are accepted, in their order.
type agent struct {
	client   *sentrial.Client
	session  *sentrial.Session
	troubled <-chan struct{} // closed when the client warns for the first time
	ids      []string
	longest  time.Duration  // that a Track took
	stats    sentrial.Stats // after finish
}

func newAgent(t *testing.T, addr string, options ...sentrial.Option) *agent {
	t.Helper()
	handler, troubled := newTroubleHandler()
	options = append([]sentrial.Option{
		sentrial.WithAPIURL("http://" + addr), sentrial.WithAPIKey("faults"), sentrial.WithLogger(slog.New(handler)),
	}, options...)
	client, err := sentrial.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	a := &agent{client: client, troubled: troubled}
	_, a.session = client.CreateSession(t.Context(), "faults")
	return a
}

// track records n events of at least size bytes that do not compress well.
func (a *agent) track(t *testing.T, n, size int) {
	t.Helper()
	for range n {
		call := types.ToolCall{ToolName: "read", ToolOutput: noise(size)}
		start := time.Now()
		id := a.session.TrackToolCall(t.Context(), call)
		a.longest = max(a.longest, time.Since(start))
		if id == "" {
			t.Errorf("event %d was not accepted: %+v", len(a.ids), a.client.Stats())
			return
		}
		a.ids = append(a.ids, id)
	}
}

// noise is random text of the given length.
func noise(size int) string {
	raw := make([]byte, size)
	_, _ = rand.Read(raw)
	return base64.StdEncoding.EncodeToString(raw)[:size]
}

// awaitTrouble waits until the client has told its log that something is wrong.
func (a *agent) awaitTrouble(t *testing.T, within time.Duration) {
	t.Helper()
	select {
	case <-a.troubled:
	case <-time.After(within):
		t.Fatalf("nothing went wrong in %v: %+v", within, a.client.Stats())
	}
}

// flush waits until everything is delivered.
func (a *agent) flush(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), closeWithin)
	defer cancel()
	if err := a.client.Flush(ctx); err != nil {
		t.Fatalf("Flush: %v", err)
	}
}

// finish closes the session and the client, which has to deliver everything before its deadline.
func (a *agent) finish(t *testing.T) {
	t.Helper()
	a.session.Close(t.Context(), types.SessionResult{Status: types.StatusSuccess})
	ctx, cancel := context.WithTimeout(t.Context(), closeWithin)
	defer cancel()
	if err := a.client.Close(ctx); err != nil {
		t.Errorf("Close: %v, want everything delivered", err)
	}
	a.stats = a.client.Stats()
	lawful(t, a.stats)
	if a.stats.Delivered != a.stats.Accepted || len(a.stats.Dropped) > 0 || len(a.stats.Refused) > 0 {
		t.Errorf("after Close: %+v, want all that was accepted delivered", a.stats)
	}
	t.Logf("%d events delivered, %d of them twice: %d requests, %d of them retries; the longest Track took %v",
		a.stats.Delivered, a.stats.Duplicates, a.stats.Requests, a.stats.Retries, a.longest)
}

// lawful fails t unless every accepted event is delivered, queued, or dropped for a reason.
func lawful(t *testing.T, s sentrial.Stats) {
	t.Helper()
	sum := s.Delivered + s.Queued
	for _, n := range s.Dropped {
		sum += n
	}
	if s.Accepted+s.Recovered != sum {
		t.Errorf("the counters do not add up: %+v", s)
	}
}
