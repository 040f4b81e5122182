package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// The load of the fault table, which is manyEvents for a row, and of what varies a row.
const (
	fewEvents       = 2_000
	eventsPerSecond = 2_000

	agentsOfRun   = 4 // goroutines
	sessionsOfRun = 10
)

// agents is a program in a synctest bubble whose goroutines record in several sessions at once, while a test makes trouble for its client. It keeps what the
// client said.
type agents struct {
	t        *testing.T
	client   *sentrial.Client
	sessions []*sentrial.Session

	mu      sync.Mutex
	n       int      // events tracked so far
	ids     []string // of those accepted; the beginnings and ends of sessions have none
	refused int
	waited  time.Duration // the longest call
	broken  error         // the law, the first time it did not hold
}

// newAgents opens the sessions.
func newAgents(t *testing.T, client *sentrial.Client) *agents {
	a := &agents{t: t, client: client}
	for i := range sessionsOfRun {
		_, session := client.CreateSession(t.Context(), fmt.Sprintf("session %d", i))
		a.sessions = append(a.sessions, session)
	}
	return a
}

// track records n events at eventsPerSecond, which takes n/eventsPerSecond of the bubble's time.
func (a *agents) track(n int) { a.trackAt(n, eventsPerSecond) }

// trackAt is track at another rate.
func (a *agents) trackAt(n, perSecond int) {
	var all sync.WaitGroup
	for first := range agentsOfRun {
		all.Go(func() {
			for i := first; i < n; i += agentsOfRun {
				a.trackOne()
				time.Sleep(agentsOfRun * time.Second / time.Duration(perSecond))
			}
		})
	}
	all.Wait()
}

func (a *agents) trackOne() {
	a.mu.Lock()
	i := a.n
	a.n++
	a.mu.Unlock()

	began := time.Now()
	id := trackAny(a.t.Context(), a.sessions[i%sessionsOfRun], i)
	took := time.Since(began)

	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waited = max(a.waited, took); id != "" {
		a.ids = append(a.ids, id)
	} else {
		a.refused++
	}
	if i%100 == 0 && a.broken == nil {
		a.broken = lawOf(a.client.Stats())
	}
}

// trackAny records the i-th event of a run.
func trackAny(ctx context.Context, s *sentrial.Session, i int) string {
	switch i % 4 {
	case 0:
		return s.TrackStep(ctx, types.Step{Name: "step", Input: i})
	case 1:
		return s.TrackToolCall(ctx, types.ToolCall{ToolName: "search", ToolInput: map[string]any{"q": i}, ToolOutput: "nothing found"})
	case 2:
		return s.TrackLLMCall(ctx, types.LLMCall{Model: "m-1", Provider: "p", Prompt: "What now?", Response: fmt.Sprint("Go on with ", i)})
	default:
		return s.TrackDecision(ctx, types.Decision{Reasoning: "it is the only one left", Chosen: fmt.Sprint(i)})
	}
}

// deliver ends the sessions and waits until all events are delivered, for this much of the bubble's time at most.
func (a *agents) deliver(within time.Duration) {
	a.t.Helper()
	for _, s := range a.sessions {
		s.Close(a.t.Context(), types.SessionResult{})
	}
	ctx, cancel := context.WithTimeout(a.t.Context(), within)
	defer cancel()
	if err := a.client.Flush(ctx); err != nil {
		a.t.Errorf("Flush: %v", err)
	}
}

// check closes the client and holds what it said against what the sink has: see checkReport. And there were never too many requests at once.
func (a *agents) check(sink *faultsink.Sink) {
	a.t.Helper()
	a.close()
	report := sink.Report()
	a.checkReport(report)
	if peak := report.PeakInFlight(); peak > 8 {
		a.t.Errorf("%d requests at once, want at most 8", peak)
	}
}

func (a *agents) close() {
	a.t.Helper()
	if err := a.client.Close(a.t.Context()); err != nil {
		a.t.Errorf("Close: %v", err)
	}
}

// checkReport is for a client that is closed: everything was accepted and is stored exactly once, in order by seq; no request was early; no call waited; the
// counters add up.
func (a *agents) checkReport(report faultsink.Report) {
	a.t.Helper()
	s := a.client.Stats()
	if err := errors.Join(a.broken, lawOf(s), report.Check(a.ids)); err != nil {
		a.t.Error(err)
	}
	accepted := uint64(a.n + 2*sessionsOfRun)
	if s.Accepted != accepted || s.Delivered != accepted || s.Queued != 0 || s.InFlight != 0 || s.QueueBytes != 0 || s.Duplicates > uint64(report.Duplicates) {
		a.t.Errorf("want %d events accepted and delivered: %+v", accepted, s)
	}
	if unique := report.Unique(); uint64(unique) != s.Accepted || a.refused != 0 {
		a.t.Errorf("%d events stored, %d refused, of %d accepted", unique, a.refused, s.Accepted)
	}
	a.checkNoWait()
}

// checkNoWait: no call took any of the bubble's time.
func (a *agents) checkNoWait() {
	a.t.Helper()
	if a.waited != 0 {
		a.t.Errorf("a call to Track took %v, want 0", a.waited)
	}
}

// exactlyOnce is the whole of most rows: events recorded while the sink makes trouble are all stored once within minutes.
func exactlyOnce(t *testing.T, events int, sink *faultsink.Sink, client *sentrial.Client) faultsink.Report {
	t.Helper()
	a := newAgents(t, client)
	a.track(events)
	a.deliver(10 * time.Minute)
	a.check(sink)
	return sink.Report()
}

// underFault is exactlyOnce twice, each time with a new sink: many events with default settings, and fewer in small batches, which makes more requests.
// Afterwards happened may tell whether there was any fault: without one, a run proves nothing.
func underFault(t *testing.T, newSink func() *faultsink.Sink, happened func(faultsink.Report) bool) {
	t.Helper()
	for name, run := range map[string]struct {
		events int
		opts   []sentrial.Option
	}{
		"default settings": {events: manyEvents},
		"small batches":    {fewEvents, []sentrial.Option{sentrial.WithBatchBytes(4 << 10)}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := newSink()
				if r := exactlyOnce(t, run.events, sink, sinkClient(t, sink, run.opts...)); !happened(r) {
					t.Errorf("nothing went wrong in %d requests", len(r.Requests))
				}
			})
		})
	}
}

// repliesOf counts the requests that were answered with this status; 0 stands for no answer.
func repliesOf(r faultsink.Report, status int) (n int) {
	for _, request := range r.Requests {
		if request.Status == status {
			n++
		}
	}
	return n
}
