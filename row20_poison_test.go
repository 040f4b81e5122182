package sentrial_test

import (
	"errors"
	"fmt"
	"log/slog"
	"math/bits"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/types"
)

// sinkClient is a client of a sink in the bubble.
func sinkClient(t *testing.T, sink *faultsink.Sink, opts ...sentrial.Option) *sentrial.Client {
	t.Helper()
	server := memhttp.New(t, sink)
	own := []sentrial.Option{
		sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(server.Client()), sentrial.WithLogger(slog.New(slog.DiscardHandler)),
	}
	client, err := sentrial.New(append(own, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(t.Context()) }) // an error is for tests that look at it
	return client
}

// named records one event for each name and gives their ids.
func named(t *testing.T, client *sentrial.Client, names ...string) (ids []string) {
	t.Helper()
	for _, name := range names {
		ids = append(ids, client.Session("s").TrackStep(t.Context(), types.Step{Name: name}))
	}
	return ids
}

// among gives n names of which those at the places are poison.
func among(n int, places ...int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = "good"
	}
	for _, i := range places {
		names[i] = "poison"
	}
	return names
}

// split separates the ids of what was named poison from the others.
func split(names, ids []string) (good, bad []string) {
	for i, name := range names {
		if name == "poison" {
			bad = append(bad, ids[i])
		} else {
			good = append(good, ids[i])
		}
	}
	return good, bad
}

var poison500 = faultsink.When(faultsink.Holding("poison"), faultsink.Status(500))

// TestRow20PoisonCostsItself: wherever they are in a batch, events that the server fails at are found and lost, and nothing else is.
func TestRow20PoisonCostsItself(t *testing.T) {
	for name, c := range map[string]struct {
		n      int
		places []int
	}{
		"first": {1000, []int{0}}, "middle": {1000, []int{500}}, "last": {1000, []int{999}}, "alone": {1, []int{0}}, "of two": {2, []int{1}},
		"two apart": {100, []int{3, 77}}, "two together": {64, []int{10, 11}}, "two alone": {2, []int{0, 1}}, "three": {7, []int{0, 3, 6}}, "all": {16, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var drops dropped
				sink := faultsink.New(poison500)
				client := sinkClient(t, sink, sentrial.WithOnDrop(drops.add))
				before := named(t, client, "good")
				flush(t, client)
				names := among(c.n, c.places...)
				good, bad := split(names, named(t, client, names...))
				time.Sleep(5 * time.Minute)
				for round := 0; len(bad) > 1 && client.Stats().Queued > 0 && round < 10; round++ {
					good = append(good, named(t, client, "good")...) // where only suspects are left, there is nothing to compare them with
					time.Sleep(5 * time.Minute)
				}
				checkStats(t, client, 1+len(good), 0, map[sentrial.DropReason]int{sentrial.DropPoison: len(bad)})
				drops.check(t, sentrial.DropPoison, bad...)
				for _, d := range drops.all() {
					if api := new(sentrial.APIError); !errors.As(d.Err, &api) || api.Status != 500 {
						t.Errorf("the reason given is %v", d.Err)
					}
				}
				report := sink.Report()
				if err := report.Check(append(before, good...)); err != nil {
					t.Error(err)
				}
				extra := len(report.Requests) - 1 - 4 // the one before, and those that any failing batch gets
				if most := 2*bits.Len(uint(c.n-1)) + 1; c.n > 1 && len(bad) == 1 && extra > most {
					t.Errorf("%d requests to find one event among %d, want at most %d", extra, c.n, most)
				}
			})
		})
	}
}

// TestRow20PoisonDoesNotHoldUpOthers: events recorded after the poisoned batch are delivered when its retries are used up, at the latest.
func TestRow20PoisonDoesNotHoldUpOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(poison500)
		client := sinkClient(t, sink)
		ids := named(t, client, "good")
		flush(t, client)
		var names []string
		for i := range 200 { // one event every 100 ms
			name := "good"
			if i == 20 {
				name = "poison"
			}
			names = append(names, name)
			ids = append(ids, named(t, client, name)...)
			time.Sleep(100 * time.Millisecond)
		}
		flush(t, client)
		checkStats(t, client, 200, 0, map[sentrial.DropReason]int{sentrial.DropPoison: 1})
		good, _ := split(append([]string{"good"}, names...), ids)
		if err := sink.Report().Check(good); err != nil {
			t.Error(err)
		}
	})
}

// TestRow20OutageOf500 condemns nothing: a server that fails at everything fails at no event in particular.
func TestRow20OutageOf500(t *testing.T) {
	for _, success := range []bool{true, false} {
		t.Run(fmt.Sprintf("after a success %t", success), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(faultsink.When(faultsink.WithinUptime(2*time.Second, 2*time.Minute), faultsink.Status(500)))
				client := sinkClient(t, sink)
				var ids []string
				if success {
					ids = named(t, client, "good")
				}
				time.Sleep(2 * time.Second)
				for range 300 {
					ids = append(ids, named(t, client, among(10)...)...)
					time.Sleep(100 * time.Millisecond)
				}
				if requests := len(sink.Report().WithinUptime(2*time.Second, 32*time.Second)); requests > 15 {
					t.Errorf("%d requests in 30 s", requests)
				}
				time.Sleep(5 * time.Minute)
				checkStats(t, client, len(ids), 0, nothing)
				if err := sink.Report().Check(ids); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestRow20PoisonBeforeAnySuccess: the very first batch holds it.
func TestRow20PoisonBeforeAnySuccess(t *testing.T) {
	for _, follow := range []bool{true, false} {
		t.Run(fmt.Sprintf("others follow %t", follow), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(poison500)
				client := sinkClient(t, sink)
				names := among(50, 7)
				ids := named(t, client, names...)
				if follow {
					time.Sleep(2 * time.Second)
					names, ids = append(names, "good"), append(ids, named(t, client, "good")...)
				}
				time.Sleep(10 * time.Minute)
				good, _ := split(names, ids)
				checkStats(t, client, len(good), 0, map[sentrial.DropReason]int{sentrial.DropPoison: 1})
				if err := sink.Report().Check(good); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestRow20TransientFailures: a fifth of all replies are 500, at random; an event is no poison for having been in the wrong batch.
func TestRow20TransientFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(faultsink.When(faultsink.Chance(0.2, 20), faultsink.Status(500)))
		client := sinkClient(t, sink)
		var ids []string
		for range 2000 {
			ids = append(ids, named(t, client, among(3)...)...)
			time.Sleep(500 * time.Millisecond)
		}
		time.Sleep(5 * time.Minute)
		checkStats(t, client, len(ids), 0, nothing)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
	})
}

// TestRow20OnlyServerFailuresCondemn: what says nothing about the events may happen as often as it likes.
func TestRow20OnlyServerFailuresCondemn(t *testing.T) {
	for name, s := range map[string]faultsink.Step{
		"429": faultsink.Status(429), "502": faultsink.Status(502), "503": faultsink.Status(503), "504": faultsink.Status(504), "408": faultsink.Status(408),
		"reset": faultsink.Reset, "portal": faultsink.Portal,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(faultsink.When(faultsink.All(faultsink.Holding("poison"), faultsink.WithinUptime(0, 20*time.Minute)), s))
				client := sinkClient(t, sink)
				ids := named(t, client, "good")
				flush(t, client)
				ids = append(ids, named(t, client, among(20, 4)...)...)
				time.Sleep(25 * time.Minute)
				checkStats(t, client, 21, 0, nothing)
				if err := sink.Report().Check(ids); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestRow20PoisonAndRetryAfter: a 500 may ask for patience too.
func TestRow20PoisonAndRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(faultsink.When(faultsink.Holding("poison"), faultsink.With(faultsink.Status(500), faultsink.RetryAfter(20*time.Second))))
		client := sinkClient(t, sink)
		ids := named(t, client, "good")
		flush(t, client)
		names := among(30, 29)
		good, _ := split(names, named(t, client, names...))
		time.Sleep(time.Hour)
		requests := sink.Requests()
		for i, r := range requests[1:] {
			if gap := r.At.Sub(requests[i].At); requests[i].Status == 500 && gap < 20*time.Second {
				t.Errorf("request %d came %s after a reply that asked for 20 s", r.N, gap)
			}
		}
		checkStats(t, client, 30, 0, map[sentrial.DropReason]int{sentrial.DropPoison: 1})
		if err := sink.Report().Check(append(ids, good...)); err != nil {
			t.Error(err)
		}
	})
}

// TestRow20PoisonIsLogged once, with the server's words and without the event's.
func TestRow20PoisonIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logged
		client := sinkClient(t, faultsink.New(poison500), sentrial.WithLogger(log.logger()))
		named(t, client, "good")
		flush(t, client)
		named(t, client, among(20, 4, 9, 14)...)
		time.Sleep(5 * time.Minute)
		lines := strings.Join(log.lines(), "\n")
		if strings.Count(lines, "events are being lost") != 1 || !strings.Contains(lines, "reason=poison") || strings.Contains(lines, "name") {
			t.Errorf("logged:\n%s", lines)
		}
	})
}

// TestRow20FewRequests: while the server fails at everything there is nothing to be found by asking it often.
func TestRow20FewRequests(t *testing.T) {
	for name, c := range map[string]struct {
		before []string
		most   int
	}{
		"after a success":   {[]string{"good"}, 4 + 21 + 3},
		"before any":        {nil, 15},
		"all in one batch":  {among(900), 4 + 21 + 3},
		"with many batches": {among(5000), 15},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(faultsink.When(faultsink.WithinUptime(2*time.Second, 30*time.Minute), faultsink.Status(500)))
				client := sinkClient(t, sink)
				ids := named(t, client, c.before...)
				time.Sleep(2 * time.Second)
				ids = append(ids, named(t, client, among(max(1000, len(c.before)))...)...)
				time.Sleep(30 * time.Second)
				if n := len(sink.Report().WithinUptime(2*time.Second, 32*time.Second)); n > c.most {
					t.Errorf("%d requests in 30 s, want at most %d", n, c.most)
				}
				time.Sleep(35 * time.Minute)
				checkStats(t, client, len(ids), 0, nothing)
				if err := sink.Report().Check(ids); err != nil {
					t.Error(err)
				}
				if n := len(sink.Report().WithinUptime(30*time.Minute, time.Hour)); n > 50 {
					t.Errorf("%d requests after the outage: the batches were split too often", n)
				}
			})
		})
	}
}

// TestRow20OutageWhileSearching: the server goes down when half of the search is done, and comes back for all but the event at fault.
func TestRow20OutageWhileSearching(t *testing.T) {
	for place := range 8 {
		synctest.Test(t, func(t *testing.T) {
			sink := faultsink.New(
				faultsink.Times(1, faultsink.Accept),
				faultsink.Times(4, faultsink.Status(500)),
				faultsink.When(faultsink.WithinUptime(20*time.Second, 2*time.Minute), faultsink.Status(500)),
				poison500,
			)
			client := sinkClient(t, sink)
			ids := named(t, client, "good")
			time.Sleep(12 * time.Second)
			names := among(8, place)
			good, _ := split(names, named(t, client, names...))
			time.Sleep(15 * time.Minute)
			checkStats(t, client, 8, 0, map[sentrial.DropReason]int{sentrial.DropPoison: 1})
			if err := sink.Report().Check(append(ids, good...)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestRow20OutageAfterAnAnswer: a part of the batch is acknowledged, then the server fails at everything for a while. That convicts one event at most.
func TestRow20OutageAfterAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(
			faultsink.Times(1, faultsink.Accept),
			faultsink.Times(4, faultsink.Status(500)),
			faultsink.Times(1, faultsink.Accept), // the first half
			faultsink.When(faultsink.WithinUptime(0, 3*time.Minute), faultsink.Status(500)),
		)
		client := sinkClient(t, sink)
		ids := named(t, client, "good")
		flush(t, client)
		ids = append(ids, named(t, client, among(16)...)...)
		time.Sleep(15 * time.Minute)
		if s := client.Stats(); s.Dropped[sentrial.DropPoison] > 1 || s.Queued > 0 {
			t.Errorf("got %+v", s)
		}
		if lost := sink.Report().Lost(ids); len(lost) > 1 {
			t.Errorf("%d events lost", len(lost))
		}
	})
}

// TestRow20AskedALastTime: the trouble with the event is over when it has been singled out.
func TestRow20AskedALastTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failure := faultsink.Then(faultsink.Wait(200*time.Millisecond), faultsink.Status(500)) // meanwhile others come
		once := faultsink.Times(1, failure)
		sink := faultsink.New(
			faultsink.When(faultsink.All(faultsink.Holding("poison"), faultsink.MoreThan(faultsink.Limits{Events: 1})), failure),
			func(x *faultsink.Exchange) faultsink.Step {
				if faultsink.Holding("poison")(x) {
					return once(x)
				}
				return nil
			},
		)
		client := sinkClient(t, sink)
		ids := named(t, client, "good")
		flush(t, client)
		ids = append(ids, named(t, client, among(8, 4)...)...)
		for range 200 { // there is always something else to ask about
			time.Sleep(100 * time.Millisecond)
			ids = append(ids, named(t, client, "good")...)
		}
		time.Sleep(time.Minute)
		checkStats(t, client, len(ids), 0, nothing)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
	})
}

// TestRow20YoungEventsAsWitnesses: what was recorded a moment ago is sent before its time, to learn whether the server works.
func TestRow20YoungEventsAsWitnesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := sinkClient(t, faultsink.New(poison500), sentrial.WithFlushInterval(10*time.Minute))
		named(t, client, "good")
		flush(t, client)
		named(t, client, "poison")
		go func() { _ = client.Flush(t.Context()) }()
		time.Sleep(6 * time.Second)
		named(t, client, "good")
		time.Sleep(5 * time.Second)
		checkStats(t, client, 2, 0, map[sentrial.DropReason]int{sentrial.DropPoison: 1})
	})
}

// TestRow20PoisonBesideAHang: a request that hangs proves nothing, and must not make the poisoned batch be sent again and again.
func TestRow20PoisonBesideAHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(faultsink.When(faultsink.Holding("hang"), faultsink.Hang), poison500)
		client := sinkClient(t, sink, sentrial.WithTimeout(10*time.Minute))
		named(t, client, "good")
		flush(t, client)
		named(t, client, "hang")
		time.Sleep(2 * time.Second)
		named(t, client, "poison")
		time.Sleep(5 * time.Minute)
		if n := len(sink.Requests()); n > 20 {
			t.Errorf("%d requests in five minutes", n)
		}
		named(t, client, "good")
		time.Sleep(2 * time.Minute)
		checkStats(t, client, 2, 1, map[sentrial.DropReason]int{sentrial.DropPoison: 1})
	})
}

// TestRow20SteadyTraffic: there is always something newer to send, and the server takes its time; that is no reason never to come back to the suspects.
func TestRow20SteadyTraffic(t *testing.T) {
	for _, latency := range []time.Duration{time.Millisecond, 20 * time.Millisecond, 100 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			slowly := func(s faultsink.Step) faultsink.Step { return faultsink.Then(faultsink.Wait(latency), s) }
			sink := faultsink.New(faultsink.When(faultsink.Holding("poison"), slowly(faultsink.Status(500))), faultsink.Always(slowly(faultsink.Accept)))
			client := sinkClient(t, sink)
			named(t, client, "good")
			flush(t, client)
			names := among(101, 50)
			early, _ := split(names, named(t, client, names...))
			for range 60 * 200 { // a minute
				named(t, client, "good")
				time.Sleep(5 * time.Millisecond)
			}
			if lost := sink.Report().Lost(early); len(lost) > 0 {
				t.Errorf("at a latency of %s, %d of %d events beside the poison did not arrive", latency, len(lost), len(early))
			}
			if s := client.Stats(); s.Dropped[sentrial.DropPoison] != 1 || s.Requests > 150 {
				t.Errorf("at a latency of %s: %+v", latency, s)
			}
		})
	}
}

// TestRow20FindingItAmongTraffic takes no more requests than without.
func TestRow20FindingItAmongTraffic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(poison500)
		client := sinkClient(t, sink)
		ids := named(t, client, "good")
		flush(t, client)
		names := among(1000, 444)
		around, bad := split(names, named(t, client, names...))
		for range 300 {
			ids = append(ids, named(t, client, among(5)...)...)
			time.Sleep(100 * time.Millisecond)
		}
		flush(t, client)
		checkStats(t, client, len(ids)+len(around), 0, map[sentrial.DropReason]int{sentrial.DropPoison: 1})
		if err := sink.Report().Check(append(ids, around...)); err != nil {
			t.Error(err)
		}
		about := map[string]bool{bad[0]: true}
		for _, id := range around {
			about[id] = true
		}
		requests := 0
		for _, r := range sink.Requests() {
			if about[r.IDs[0]] {
				requests++
			}
		}
		if most := 4 + 2*10 + 1; requests > most {
			t.Errorf("%d requests about the batch, want at most %d", requests, most)
		}
	})
}
