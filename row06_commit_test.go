package sentrial_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// sentTwice tells whether the sink got events that it had stored before.
func sentTwice(r faultsink.Report) bool { return r.Duplicates > 0 }

// TestRow06ReplyLost: one request in five is committed, and its reply never comes.
func TestRow06ReplyLost(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		return faultsink.New(faultsink.When(faultsink.Chance(0.2, 8), faultsink.LoseReply))
	}, sentTwice)
}

// TestRow07CommitThen5xx: one request in five is committed and answered as if it had failed.
func TestRow07CommitThen5xx(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		return faultsink.New(
			faultsink.When(faultsink.Chance(0.1, 25), faultsink.CommitThen(faultsink.Status(500))),
			faultsink.When(faultsink.Chance(0.1, 2), faultsink.CommitThen(faultsink.Status(504))),
		)
	}, sentTwice)
}

// TestRow07CommitThen500ForAMinute: a server that stores everything and says 500 to all of it makes the client look for an event that is to blame. There is
// none, and none is blamed.
func TestRow07CommitThen500ForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outage := faultsink.WithinUptime(500*time.Millisecond, time.Minute)
		sink := faultsink.New(faultsink.When(outage, faultsink.CommitThen(faultsink.Status(500))))
		exactlyOnce(t, fewEvents, sink, sinkClient(t, sink, sentrial.WithBatchBytes(16<<10)))
	})
}

// TestRow08CutReply: one reply in five ends in its middle, after a commit or without.
func TestRow08CutReply(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		return faultsink.New(
			faultsink.When(faultsink.Chance(0.1, 25), faultsink.Cut(faultsink.Accept)), faultsink.When(faultsink.Chance(0.1, 2), faultsink.Cut(faultsink.Garbage)),
		)
	}, sentTwice)
}

// TestRow08Garbage: a reply that says it is JSON and is not, or is another, acknowledges nothing, whether or not the events were stored.
func TestRow08Garbage(t *testing.T) {
	for name, reply := range map[string]string{
		"cut JSON": `{"accepted":20,"duplicates":0,"rejec`, "empty": "", "null": "null", "list": "[]", "text": `"ok"`, "number": "20", "object": "{}", "status": `{"status":"ok"}`,
		"too few": `{"accepted":19,"duplicates":0,"rejected":[]}`, "too many": `{"accepted":21,"duplicates":0,"rejected":[]}`,
		"negative": `{"accepted":21,"duplicates":-1,"rejected":[]}`, "fraction": `{"accepted":19.5,"duplicates":0.5,"rejected":[]}`, "text for a number": `{"accepted":"20"}`,
		"overflow": `{"accepted":9223372036854775807,"duplicates":9223372036854775807,"rejected":[]}`, "beyond int64": `{"accepted":1e30,"duplicates":-1e30}`,
		"two values": `{"accepted":20}{"accepted":20}`, "text behind": `{"accepted":20}, or so`, "deep": strings.Repeat("[", 20_000), "binary": "\x1f\x8b\x08\x00\x00",
		"error": `{"error":{"code":"unavailable","message":"try later"}}`, "results of a 207": `{"results":[]}`, "another's": `{"items":[1,2,3],"accepted":null}`,
	} {
		for _, committed := range []bool{true, false} {
			t.Run(fmt.Sprint(name, ", committed ", committed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					answer := faultsink.Answer(http.StatusOK, "application/json", reply)
					if committed {
						answer = faultsink.CommitThen(answer)
					}
					sink := faultsink.New(faultsink.Times(2, answer))
					client := sinkClient(t, sink)
					ids := record(t, client, 20)
					time.Sleep(3 * time.Second / 2)
					if s := client.Stats(); s.Delivered != 0 || s.Queued != 20 || s.LastError == nil {
						t.Errorf("after the reply: %+v", s)
					}
					time.Sleep(time.Minute)
					checkStats(t, client, 20, 0, nothing)
					if r := sink.Report(); r.Check(ids) != nil || len(r.Requests) != 3 || (r.Duplicates > 0) != committed {
						t.Errorf("%d requests, %d duplicates: %v", len(r.Requests), r.Duplicates, r.Check(ids))
					}
				})
			})
		}
	}
}

// TestRow08GarbageNowAndThen is the whole load of the table.
func TestRow08GarbageNowAndThen(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		return faultsink.New(
			faultsink.When(faultsink.Chance(0.1, 25), faultsink.Garbage), faultsink.When(faultsink.Chance(0.1, 2), faultsink.CommitThen(faultsink.Garbage)),
		)
	}, sentTwice)
}

// TestRow10Reset: one connection in five is cut before the request was read, or after that.
func TestRow10Reset(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		return faultsink.New(
			faultsink.When(faultsink.Chance(0.1, 25), faultsink.Reset), faultsink.When(faultsink.Chance(0.1, 2), faultsink.ResetAfterBody),
		)
	}, func(r faultsink.Report) bool { return repliesOf(r, 0) > 0 })
}

// TestRow10ResetOfTCP is one of each kind over sockets, where a reset is more than an end.
func TestRow10ResetOfTCP(t *testing.T) {
	for name, step := range map[string]faultsink.Step{"before the body": faultsink.Reset, "after the body": faultsink.ResetAfterBody, "after the commit": faultsink.LoseReply} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sink := faultsink.New(faultsink.Sequence(faultsink.Accept, step, step))
			client := newClient(t, nil, sentrial.WithAPIURL(faultsink.Start(t, sink).URL()), sentrial.WithHTTPClient(nil))
			ids := record(t, client, 100)
			flush(t, client)
			ids = append(ids, record(t, client, 2000)...)
			flush(t, client)
			checkStats(t, client, len(ids), 0, nothing)
			if err := sink.Report().Check(ids); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestRow14OutageOfADay: the reply to a batch is lost, and when the server is back its memory of idempotency keys is gone. What knows the events is their ids.
func TestRow14OutageOfADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const outage = 25 * time.Hour
		sink := faultsink.New(faultsink.Sequence(faultsink.LoseReply), faultsink.When(faultsink.WithinUptime(0, outage), faultsink.Status(503, faultsink.RetryAfter(5*time.Minute))))
		server := memhttp.New(t, sink)
		client := newClient(t, server.Transport(), sentrial.WithAPIURL(server.URL()))
		ids := record(t, client, 50)
		time.Sleep(outage / 2)
		server.CloseConnections() // as a restart does
		ids = append(ids, record(t, client, 50)...)
		time.Sleep(outage/2 + 6*time.Minute)
		r := sink.Report()
		if err := r.Check(ids); err != nil || r.Duplicates != 50 {
			t.Errorf("%d duplicates, want 50: %v", r.Duplicates, err)
		}
		checkStats(t, client, 100, 0, nothing)
		if s := client.Stats(); s.Duplicates != 50 {
			t.Errorf("the client counts %d duplicates", s.Duplicates)
		}
		if n := len(r.Requests); n > int(outage/(5*time.Minute))+10 {
			t.Errorf("%d requests in %v", n, outage)
		}
	})
}
