package sentrial_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// oddOnes is a program on the hosted wire of which some events are not to a server's liking.
type oddOnes struct {
	client    *sentrial.Client
	drops     dropped
	good, bad []string
}

// recordOdd records 100 events, a tenth of which are large and say poison, to a sink with this rule.
func recordOdd(t *testing.T, rule faultsink.Rule) (*oddOnes, *faultsink.Sink) {
	t.Helper()
	sink, o := faultsink.NewHosted(rule), new(oddOnes)
	o.client = sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithOnDrop(o.drops.add))
	_, s := o.client.CreateSession(t.Context(), "s")
	for i := range 100 {
		step, list := types.Step{Name: "good", Input: i}, &o.good
		if i%10 == 3 {
			step, list = types.Step{Name: "poison", Input: strings.Repeat("large ", 4000)}, &o.bad
		}
		*list = append(*list, s.TrackStep(t.Context(), step))
		time.Sleep(time.Millisecond)
	}
	s.Close(t.Context(), types.SessionResult{})
	return o, sink
}

// check: the odd ones are lost for this reason and with this status, and nothing else is.
func (o *oddOnes) check(t *testing.T, sink *faultsink.Sink, reason sentrial.DropReason, status int) {
	t.Helper()
	synctest.Wait()
	checkStats(t, o.client, len(o.good)+2, 0, map[sentrial.DropReason]int{reason: len(o.bad)})
	checkIDs(t, "OnDrop heard of", slices.Sorted(slices.Values(o.drops.ids())), slices.Sorted(slices.Values(o.bad)))
	for _, d := range o.drops.all() {
		if api := new(sentrial.APIError); d.Reason != reason || !errors.As(d.Err, &api) || api.Status != status {
			t.Errorf("OnDrop heard %+v, want %s with status %d", d, reason, status)
		}
	}
	if err := sink.Report().Check(o.good); err != nil {
		t.Error(err)
	}
}

// TestRow18HostedTooLarge: an event that is too large for the server or for what stands before it is lost alone, after one try.
func TestRow18HostedTooLarge(t *testing.T) {
	limits := faultsink.Limits{WireBytes: 20_000}
	for name, limit := range map[string]faultsink.Rule{
		"server": faultsink.Limit(limits),
		"proxy":  faultsink.When(faultsink.MoreThan(limits), faultsink.Answer(http.StatusRequestEntityTooLarge, "text/html", "<h1>413 Request Entity Too Large</h1>")),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o, sink := recordOdd(t, limit)
				flush(t, o.client)
				o.check(t, sink, sentrial.DropTooLarge, http.StatusRequestEntityTooLarge)
				if n := len(sink.Requests()); n != 102 {
					t.Errorf("%d requests, want 102", n)
				}
			})
		})
	}
}

// TestRow19HostedOneBadEvent: an event that gets 400 or 422 is lost alone, at once.
func TestRow19HostedOneBadEvent(t *testing.T) {
	for _, status := range []int{400, 409, 422} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o, sink := recordOdd(t, faultsink.When(faultsink.Holding("poison"), faultsink.Status(status)))
				began := time.Now()
				flush(t, o.client)
				checkBetween(t, "it took", time.Since(began), 0, 0)
				o.check(t, sink, sentrial.DropRejected, status)
			})
		})
	}
}

// TestRow19HostedBadSession: a session that the server does not take is tried again with less said of it, and then told to be refused with all that belongs to it. Other
// sessions do not notice.
func TestRow19HostedBadSession(t *testing.T) {
	for name, c := range map[string]struct {
		holding string
		refused int // events, the beginning and the end included
	}{
		"its metadata": {`"tags"`, 0},
		"its name":     {`"name":"bad name"`, 0},
		"itself":       {`"session_id":"bad"`, 5},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var drops dropped
				sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Creating, faultsink.Holding(c.holding)), faultsink.Status(400)))
				client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithOnDrop(drops.add))
				good := hostedRun(t, client, 2, 3)
				_, s := client.CreateSession(t.Context(), "bad name", sentrial.WithSessionID("bad"), sentrial.WithTags("a"))
				for i := range 3 {
					trackAny(t.Context(), s, i)
				}
				s.Close(t.Context(), types.SessionResult{})
				flush(t, client)
				synctest.Wait()
				want := map[sentrial.DropReason]int{sentrial.DropRejected: c.refused}
				if c.refused == 0 {
					want = nothing
				}
				checkStats(t, client, 15-c.refused, 0, want)
				if missing := sink.Report().Lost(good); len(missing) > 0 || len(drops.all()) != c.refused {
					t.Errorf("%d events of other sessions missing, OnDrop heard of %d", len(missing), len(drops.all()))
				}
			})
		})
	}
}

// TestRow20HostedPoison: events that the server fails at are lost alone, and not before others were stored meanwhile.
func TestRow20HostedPoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, sink := recordOdd(t, poison500)
		time.Sleep(30 * time.Minute)
		o.check(t, sink, sentrial.DropPoison, 500)
	})
}

// TestRow20HostedPoisonDoesNotHoldUpOthers: neither those of its session nor those of another wait longer than for the retries.
func TestRow20HostedPoisonDoesNotHoldUpOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(poison500)
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		_, s := client.CreateSession(t.Context(), "s")
		s.TrackStep(t.Context(), types.Step{Name: "poison"})
		ids := []string{s.TrackStep(t.Context(), types.Step{Name: "good"})}
		ids = append(ids, hostedRun(t, client, 2, 2)...)
		time.Sleep(30 * time.Second)
		if missing := sink.Report().Lost(ids); len(missing) > 0 {
			t.Errorf("%d events have not come after 30 s", len(missing))
		}
		flush(t, client)
		checkStats(t, client, 1+len(ids)+4, 0, map[sentrial.DropReason]int{sentrial.DropPoison: 1})
	})
}

// TestRow20HostedTransientFailures: a third of all replies are 500, at random, and no event is blamed for it.
func TestRow20HostedTransientFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHostedAgents(t, faultsink.NewHosted(faultsink.When(faultsink.Chance(0.3, 20), faultsink.Status(500))))
		h.live()
		h.close()
		if err := h.sink.Report().Check(h.ids); err != nil || len(h.drops.all()) > 0 {
			t.Errorf("OnDrop heard %+v: %v", h.drops.all(), err)
		}
	})
}
