package sentrial_test

import (
	"errors"
	"fmt"
	"math/bits"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow19OneBadEvent: a server that answers 400 or 422 for the whole batch loses one event by it, and nobody waits.
func TestRow19OneBadEvent(t *testing.T) {
	for _, status := range []int{400, 422} {
		for _, place := range []int{0, 512, 999} {
			t.Run(fmt.Sprintf("%d, event %d", status, place), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var drops dropped
					sink := faultsink.New(faultsink.When(faultsink.Holding("poison"), faultsink.Status(status)))
					client := sinkClient(t, sink, sentrial.WithOnDrop(drops.add))
					names := among(1000, place)
					good, bad := split(names, named(t, client, names...))
					start := time.Now()
					flush(t, client)
					checkBetween(t, "finding it took", time.Since(start), 0, 0)
					synctest.Wait() // OnDrop runs by itself
					checkStats(t, client, len(good), 0, map[sentrial.DropReason]int{sentrial.DropRejected: 1})
					drops.check(t, sentrial.DropRejected, bad...)
					if api := new(sentrial.APIError); !errors.As(drops.all()[0].Err, &api) || api.Status != status {
						t.Errorf("the reason given is %v", drops.all()[0].Err)
					}
					if err := sink.Report().Check(good); err != nil {
						t.Error(err)
					}
					if n, most := len(sink.Requests()), 2*bits.Len(999)+1; n > most {
						t.Errorf("%d requests, want at most %d", n, most)
					}
				})
			})
		}
	}
}

// TestRow19RejectedByID: the server names the events that it refuses, for good or for now.
func TestRow19RejectedByID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var drops dropped
		sink := faultsink.New(
			faultsink.Sequence(faultsink.Reject(faultsink.Marked("later"), "busy", true)),
			faultsink.Always(faultsink.Reject(faultsink.Marked("poison"), "validation_error", false)),
		)
		client := sinkClient(t, sink, sentrial.WithOnDrop(drops.add))
		names := among(100, 10, 90)
		names[0], names[99] = "later", "later"
		good, bad := split(names, named(t, client, names...))
		flush(t, client) // the first reply takes the bad ones, for it knows only of those to come later
		checkStats(t, client, 100, 0, nothing)
		if lost := sink.Report().Lost(append(good, bad...)); len(lost) > 0 {
			t.Errorf("%d events lost", len(lost))
		}
		good, bad = split(names, named(t, client, names...))
		flush(t, client)
		checkStats(t, client, 198, 0, map[sentrial.DropReason]int{sentrial.DropRejected: 2})
		synctest.Wait()
		drops.check(t, sentrial.DropRejected, bad...)
		if lost := sink.Report().Lost(good); len(lost) > 0 {
			t.Errorf("%d events lost", len(lost))
		}
	})
}

// TestRow21PartialSuccess: of a 207 only what may succeed is sent again, and what is refused is told by its id.
func TestRow21PartialSuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var drops dropped
		kinds := []int{200, 400, 429, 503, 201, 408, 500, 422}
		sink := faultsink.New(faultsink.Sequence(faultsink.MultiStatus(func(i int, _ faultsink.Event) int { return kinds[i%len(kinds)] })))
		client := sinkClient(t, sink, sentrial.WithOnDrop(drops.add))
		ids := named(t, client, among(800)...)
		flush(t, client)
		var good, bad, again []string
		for i, id := range ids {
			switch kinds[i%len(kinds)] {
			case 400, 422:
				bad = append(bad, id)
				continue
			case 408, 429, 500, 503:
				again = append(again, id)
			}
			good = append(good, id)
		}
		checkStats(t, client, len(good), 0, map[sentrial.DropReason]int{sentrial.DropRejected: len(bad)})
		synctest.Wait()
		drops.check(t, sentrial.DropRejected, bad...)
		report := sink.Report()
		if err := report.Check(good); err != nil {
			t.Error(err)
		}
		checkIDs(t, "sent again", report.Requests[1].IDs, again)
	})
}

// TestRow25IdempotencyConflict: events under a key that the server knows already go under another one, and no key is ever used for two batches.
func TestRow25IdempotencyConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(
			faultsink.Sequence(faultsink.Status(409), faultsink.LoseReply, faultsink.Status(409), faultsink.Reject(faultsink.Marked("poison"), "busy", true)),
			faultsink.When(faultsink.All(faultsink.MoreThan(faultsink.Limits{Events: 1}), faultsink.Chance(0.3, 25)), faultsink.Status(409)),
			faultsink.When(faultsink.Chance(0.3, 52), faultsink.LoseReply),
			faultsink.When(faultsink.Chance(0.3, 77), faultsink.Reject(faultsink.Marked("good"), "busy", true)),
			faultsink.Limit(faultsink.Limits{Events: 30}),
		)
		client := sinkClient(t, sink)
		var ids []string
		for range 60 {
			ids = append(ids, named(t, client, among(40, 3)...)...)
			time.Sleep(time.Second)
		}
		time.Sleep(10 * time.Minute)
		report := sink.Report()
		if err := report.Check(ids); err != nil {
			t.Error(err)
		}
		checkStats(t, client, len(ids), 0, nothing)
	})
}
