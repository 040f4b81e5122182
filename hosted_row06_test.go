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

// TestRow06HostedReplyLost: what was stored and not acknowledged is uncertain and not sent again. A session whose creation was not acknowledged is made twice, its
// end is told twice, and neither costs anything.
func TestRow06HostedReplyLost(t *testing.T) {
	hostedFault{rules: oneOfEach(faultsink.LoseReply), met: answeredWith(0), lost: answeredWith(0), twins: true}.run(t)
}

// TestRow06HostedNothingIsMissing: a lost reply is no lost event.
func TestRow06HostedNothingIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHostedAgents(t, faultsink.NewHosted(oneOfEach(faultsink.LoseReply)()...))
		h.live()
		report, uncertain := h.check()
		if lost := report.Lost(h.ids); len(lost) > 0 || len(uncertain) == 0 {
			t.Errorf("%d events missing, %d uncertain", len(lost), len(uncertain))
		}
	})
}

// TestRow07HostedCommitThen5xx: a gateway says 504 of what the server has stored, which is as good as no reply.
func TestRow07HostedCommitThen5xx(t *testing.T) {
	hostedFault{rules: oneOfEach(faultsink.CommitThen(faultsink.Status(504))), met: answeredWith(504), lost: answeredWith(504), twins: true}.run(t)
}

// TestRow07HostedCommitThen500: a session that was created and ended although the server said 500 is created and ended again.
func TestRow07HostedCommitThen500(t *testing.T) {
	step := faultsink.CommitThen(faultsink.Status(500))
	hostedFault{
		rules: func() []faultsink.Rule {
			return []faultsink.Rule{faultsink.When(faultsink.All(faultsink.Creating, fourth()), step), faultsink.When(faultsink.All(faultsink.Ending, fourth()), step)}
		},
		met: answeredWith(500), twins: true,
	}.run(t)
}

// TestRow08HostedCutReply: a reply that ends in its middle acknowledges nothing.
func TestRow08HostedCutReply(t *testing.T) {
	cut := func(q faultsink.Request) bool { return q.N%5 == 0 }
	rule := func() []faultsink.Rule {
		return []faultsink.Rule{faultsink.When(func(x *faultsink.Exchange) bool { return x.N()%5 == 0 }, faultsink.Cut(faultsink.Accept))}
	}
	hostedFault{rules: rule, met: cut, lost: cut, twins: true}.run(t)
}

// TestRow08HostedGarbage: a reply that says it is JSON and names no id is one of the API that says nothing, whether or not the event was stored.
func TestRow08HostedGarbage(t *testing.T) {
	for name, reply := range map[string]string{
		"cut": `{"id":"evt_`, "empty": "", "null": "null", "list": `[{"id":"a"}]`, "text": `"ok"`, "object": "{}", "no text": `{"id":7}`, "no id": `{"id":""}`, "space": `{"id":"a b"}`,
		"long": `{"id":"` + strings.Repeat("a", 129) + `"}`, "two": `{"id":"a"}{"id":"b"}`, "deep": strings.Repeat("[", 20_000), "binary": "\x1f\x8b\x08\x00", "batch": `{"accepted":1,"duplicates":0,"rejected":[]}`,
		"error": `{"error":"unavailable","message":"later"}`, "results": `{"results":[]}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answer := faultsink.CommitThen(faultsink.Answer(http.StatusOK, "application/json; charset=utf-8", reply))
				h := newHostedAgents(t, faultsink.NewHosted(
					faultsink.When(faultsink.All(faultsink.Creating, nth(1)), answer), faultsink.When(faultsink.All(faultsink.Recording, nth(3)), answer),
				))
				h.trackAt(50, 10)
				h.deliver(time.Hour)
				report, uncertain := h.check()
				if lost := report.Lost(h.ids); len(lost) > 0 || len(uncertain) != 1 || report.Twins != 1 {
					t.Errorf("%d events missing, %d uncertain, %d sessions made twice; want 0, 1, 1", len(lost), len(uncertain), report.Twins)
				}
			})
		})
	}
}

// TestRow09HostedPortal: a login page is not the API, so nothing has been read that matters: everything is sent again.
func TestRow09HostedPortal(t *testing.T) {
	portal := func(q faultsink.Request) bool { return q.N%5 == 0 }
	rule := func() []faultsink.Rule {
		return []faultsink.Rule{faultsink.When(func(x *faultsink.Exchange) bool { return x.N()%5 == 0 }, faultsink.Portal)}
	}
	hostedFault{rules: rule, met: portal}.run(t)
}

// TestRow09HostedPortalIsLoggedOnce, for an hour of it.
func TestRow09HostedPortalIsLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logged
		sink := faultsink.NewHosted()
		sink.Everywhere(faultsink.Portal)
		h := newHostedAgents(t, sink, sentrial.WithLogger(log.logger()))
		h.trackAt(360, 1)
		time.Sleep(time.Hour)
		if n := len(sink.Report().Requests); n > 130 {
			t.Errorf("%d requests in an hour and six minutes", n)
		}
		sink.Everywhere(nil)
		h.deliver(time.Hour)
		if _, uncertain := h.check(); len(uncertain) > 0 {
			t.Errorf("%d events are uncertain", len(uncertain))
		}
		if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], "portal") {
			t.Errorf("logged %q", lines)
		}
		if asked := sink.Report().Asked("GET /healthz"); len(asked) > 0 {
			t.Errorf("a client that was told the protocol asked for it %d times", len(asked))
		}
	})
}

// TestRow10HostedReset: a connection that is cut after the request was read leaves an event uncertain; one that is cut before may.
func TestRow10HostedReset(t *testing.T) {
	hostedFault{rules: oneOfEach(faultsink.ResetAfterBody), met: answeredWith(0), lost: answeredWith(0)}.run(t)
	synctest.Test(t, func(t *testing.T) {
		h := newHostedAgents(t, faultsink.NewHosted(oneOfEach(faultsink.Reset)()...))
		h.live()
		report, uncertain := h.check()
		if resets := requestsOf(report, answeredWith(0)); resets == 0 || len(uncertain) > resets || len(report.Lost(h.ids)) != len(uncertain) {
			t.Errorf("%d events uncertain, %d missing, in %d resets", len(uncertain), len(report.Lost(h.ids)), resets)
		}
	})
}

// TestRow10HostedResetOfTCP is one of each kind over sockets, where a reset is more than an end.
func TestRow10HostedResetOfTCP(t *testing.T) {
	for name, c := range map[string]struct {
		step        faultsink.Step
		least, most int // events that are uncertain
	}{
		"before the body": {faultsink.Reset, 0, 1}, "after the body": {faultsink.ResetAfterBody, 1, 1}, "after the commit": {faultsink.LoseReply, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var drops dropped
			sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Recording, nth(4)), c.step))
			server := faultsink.Start(t, sink)
			client := newClient(t, nil, sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(nil), sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithOnDrop(drops.add))
			ids := hostedRun(t, client, 2, 10)
			if err := errors.Join(client.Flush(t.Context()), client.Close(t.Context())); err != nil {
				t.Error(err)
			}
			report := sink.Report()
			lost := report.Lost(ids)
			if err := report.Check(withoutIDs(ids, lost)); err != nil || len(withoutIDs(lost, drops.ids())) > 0 || len(drops.all()) < c.least || len(drops.all()) > c.most {
				t.Errorf("%d missing, OnDrop heard %+v: %v", len(lost), drops.all(), err)
			}
		})
	}
}
