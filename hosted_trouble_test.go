package sentrial_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// hostedTrouble is a troubled client on the hosted wire.
type hostedTrouble struct {
	*troubled

	sink     *faultsink.Sink
	drops    dropped
	sessions int // created
	ids      []string
}

func newHostedTrouble(t *testing.T, sink *faultsink.Sink, url string, hc *http.Client, opts ...sentrial.Option) *hostedTrouble {
	t.Helper()
	h := &hostedTrouble{sink: sink}
	own := []sentrial.Option{sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithOnDrop(h.drops.add)}
	h.troubled = newTroubled(t, url, hc, append(own, opts...)...)
	return h
}

// create records a session and n events in it.
func (h *hostedTrouble) create(n int) {
	h.sessions++
	_, s := h.CreateSession(h.t.Context(), "s")
	h.record(s, n, 0)
}

// record records n events of at least so many bytes.
func (h *hostedTrouble) record(s *sentrial.Session, n, size int) {
	for range n {
		h.ids = append(h.ids, s.TrackStep(h.t.Context(), types.Step{Name: "n", Input: strings.Repeat("in ", size/3)}))
	}
}

// knownSession is a session that the server has under our id for it, so that the first request of a client brings an event.
const knownSession = "known"

// know makes a sink know that session. It is the first request of the sink.
func know(sink *faultsink.Sink) {
	r := httptest.NewRequest(http.MethodPost, "/api/sdk/sessions", strings.NewReader(`{"name":"n","agentName":"a","userId":"u","metadata":{"session_id":"`+knownSession+`"}}`))
	sink.ServeHTTP(httptest.NewRecorder(), r)
}

// knowing is the last rule of a sink that is made to know the session.
var knowing = faultsink.When(faultsink.Creating, faultsink.CreateAs(knownSession, faultsink.Accept))

// trouble waits until something was logged.
func (h *hostedTrouble) trouble() {
	h.t.Helper()
	_ = h.Flush(expired(h.t)) // it need not wait for the events to be of age
	select {
	case <-h.log.rang:
	case <-time.After(patience):
		h.t.Fatal("nothing was logged")
	}
}

// settled flushes. Everything is in the sink once, or uncertain and told so; it returns how many events were uncertain.
func (h *hostedTrouble) settled() (uncertain int) {
	h.t.Helper()
	flush(h.t, h.Client)
	_ = h.Close(h.t.Context()) // so that OnDrop has heard everything
	stats, report := h.Stats(), h.sink.Report()
	lost, told := report.Lost(h.ids), h.drops.ids()
	report.Malformed = nil // bodies that were cut, or given up
	if err := report.Check(withoutIDs(h.ids, lost)); err != nil || len(withoutIDs(lost, told)) > 0 {
		h.t.Errorf("%d events missing without a word: %v", len(withoutIDs(lost, told)), err)
	}
	uncertain = int(stats.Dropped[sentrial.DropUncertain])
	if err := lawOf(stats); err != nil || len(told) != uncertain || len(stats.Dropped) > 1 || int(stats.Delivered) != len(h.ids)+h.sessions-uncertain {
		h.t.Errorf("OnDrop heard %+v; %v; %+v", h.drops.all(), err, stats)
	}
	h.checkSecrets(secretKey)
	return uncertain
}

// recovered is settled where nothing may be uncertain.
func (h *hostedTrouble) recovered() {
	h.t.Helper()
	if n := h.settled(); n > 0 {
		h.t.Errorf("%d events are uncertain: %+v", n, h.drops.all())
	}
}
