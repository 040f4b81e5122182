package sentrial_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// rowEvents are those of a row on the hosted wire, on which each is a request.
const rowEvents = 300

// hostedAgents is a program whose client speaks the hosted wire, on which nothing may be stored twice and only an event whose reply was lost may be missing.
type hostedAgents struct {
	*agents

	sink  *faultsink.Sink
	drops dropped
}

func newHostedAgents(t *testing.T, sink *faultsink.Sink, opts ...sentrial.Option) *hostedAgents {
	t.Helper()
	h := &hostedAgents{sink: sink}
	h.agents = newAgents(t, sinkClient(t, sink, append(h.options(), opts...)...))
	return h
}

// options make a client of the program's.
func (h *hostedAgents) options() []sentrial.Option {
	return []sentrial.Option{sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithOnDrop(h.drops.add)}
}

// live records the events of a row and waits until all are settled.
func (h *hostedAgents) live() {
	h.trackAt(rowEvents, 120)
	h.deliver(10 * time.Hour)
}

// check closes the client and holds what it said against what the sink has: every event is there once, in order, or uncertain and told so; the beginnings and ends of
// sessions are all there; sessions had one request at a time.
func (h *hostedAgents) check() (report faultsink.Report, uncertain []string) {
	h.t.Helper()
	h.close()
	report = h.sink.Report()
	uncertain = h.uncertain()
	h.checkStored(report, uncertain)
	s, accepted := h.client.Stats(), h.n+2*len(h.sessions)
	if err := errors.Join(h.broken, lawOf(s)); err != nil || int(s.Accepted) != accepted || int(s.Delivered) != accepted-len(uncertain) || int(s.Dropped[sentrial.DropUncertain]) != len(uncertain) {
		h.t.Errorf("want %d events accepted, %d of them uncertain: %+v %v", accepted, len(uncertain), s, err)
	}
	h.checkNoWait()
	return report, uncertain
}

// checkStored is what the sink has to have.
func (h *hostedAgents) checkStored(report faultsink.Report, uncertain []string) {
	h.t.Helper()
	lost := report.Lost(h.ids)
	if err := report.Check(withoutIDs(h.ids, lost)); err != nil {
		h.t.Error(err)
	}
	if missing := withoutIDs(lost, uncertain); len(missing) > 0 {
		h.t.Errorf("%d events are missing without a word: %v", len(missing), missing[:min(3, len(missing))])
	}
	if n := len(report.ArrivalInversions()); n > 0 {
		h.t.Errorf("%d events arrived out of order", n)
	}
	for _, kind := range []types.EventType{types.EventSessionStart, types.EventSessionEnd} {
		if n := storedOf(report, kind); n != len(h.sessions) {
			h.t.Errorf("%d events of type %s, want %d", n, kind, len(h.sessions))
		}
	}
}

// uncertain are the events that OnDrop was told to be so. It may be told nothing else, and of each event once.
func (h *hostedAgents) uncertain() (ids []string) {
	h.t.Helper()
	for _, d := range h.drops.all() {
		if d.Reason != sentrial.DropUncertain || d.Err == nil || !slices.Contains(h.ids, d.EventID) || slices.Contains(ids, d.EventID) {
			h.t.Errorf("OnDrop heard %+v", d)
		}
		ids = append(ids, d.EventID)
	}
	return ids
}

func storedOf(report faultsink.Report, kind types.EventType) (n int) {
	for _, e := range report.Stored {
		if e.Type == string(kind) {
			n++
		}
	}
	return n
}

func withoutIDs(ids, those []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(those, id) })
}

// records tells whether a request brought an event.
func records(q faultsink.Request) bool {
	return q.Method == http.MethodPost && q.Path == "/api/sdk/events"
}

// requestsOf counts requests.
func requestsOf(report faultsink.Report, which func(faultsink.Request) bool) (n int) {
	for _, q := range report.Requests {
		if which(q) {
			n++
		}
	}
	return n
}

// hostedFault is a row of the fault table.
type hostedFault struct {
	rules func() []faultsink.Rule
	met   func(faultsink.Request) bool // a request that met the fault; without any a run proves nothing
	lost  func(faultsink.Request) bool // the fault of an event's request that makes the event uncertain; nil = none
	twins bool                         // sessions are made twice
}

// run is a row twice: with a server that answers at once, which gets one request at a time, and with one that takes a while, which gets eight.
func (f hostedFault) run(t *testing.T) {
	t.Helper()
	for name, latency := range map[string]time.Duration{"at once": 0, "a while": 20 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				slow := faultsink.Always(faultsink.Then(faultsink.ReadBody, faultsink.Wait(latency), faultsink.Accept))
				h := newHostedAgents(t, faultsink.NewHosted(append(f.rules(), slow)...))
				h.live()
				f.check(t, h)
			})
		})
	}
}

func (f hostedFault) check(t *testing.T, h *hostedAgents) {
	t.Helper()
	report, uncertain := h.check()
	if peak := report.PeakInFlight(); peak > 8 {
		t.Errorf("%d requests at once, want at most 8", peak)
	}
	want := 0
	if f.lost != nil {
		want = requestsOf(report, func(q faultsink.Request) bool { return records(q) && f.lost(q) })
	}
	if len(uncertain) != want || requestsOf(report, f.met) == 0 || (report.Twins > 0) != f.twins {
		t.Errorf("%d events are uncertain, want %d; %d of %d requests met the fault; %d sessions made twice", len(uncertain), want, requestsOf(report, f.met), len(report.Requests), report.Twins)
	}
}

// oneOfEach makes a fault meet a fifth of all requests, and in any case some of each kind: the fourth that creates a session, and so on.
func oneOfEach(step faultsink.Step) func() []faultsink.Rule {
	return func() []faultsink.Rule {
		return []faultsink.Rule{
			faultsink.When(faultsink.All(faultsink.Creating, fourth()), step), faultsink.When(faultsink.All(faultsink.Ending, fourth()), step),
			faultsink.When(faultsink.Chance(0.2, 8), step),
		}
	}
}

// fourth chooses every fourth request.
func fourth() faultsink.Condition {
	var n atomic.Int64
	return func(*faultsink.Exchange) bool { return n.Add(1)%4 == 0 }
}

// nth chooses that request of those that it is asked about.
func nth(number int64) faultsink.Condition {
	var n atomic.Int64
	return func(*faultsink.Exchange) bool { return n.Add(1) == number }
}

// answeredWith tells of a request whether it got one of these statuses; 0 is no answer.
func answeredWith(statuses ...int) func(faultsink.Request) bool {
	return func(q faultsink.Request) bool { return slices.Contains(statuses, q.Status) }
}

// trackLarge records an event of about this many bytes.
func (h *hostedAgents) trackLarge(size int) {
	session := h.sessions[h.n%len(h.sessions)]
	h.n++
	h.ids = append(h.ids, session.TrackStep(h.t.Context(), types.Step{Name: "large", Input: strings.Repeat("large ", size/6)}))
}
