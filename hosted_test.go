package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// hostedRun records n events in each of some sessions, ends the sessions, and gives the ids of the events.
func hostedRun(t *testing.T, client *sentrial.Client, sessions, n int) (ids []string) {
	t.Helper()
	open := make([]*sentrial.Session, sessions)
	for i := range open {
		_, open[i] = client.CreateSession(t.Context(), fmt.Sprint("session ", i))
	}
	for i := range n {
		for _, s := range open {
			ids = append(ids, trackAny(t.Context(), s, i))
		}
	}
	for _, s := range open {
		s.Close(t.Context(), types.SessionResult{})
	}
	return ids
}

func TestHostedDelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted()
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		ids := hostedRun(t, client, 20, 50)
		flush(t, client)
		report := sink.Report()
		if err := report.Check(ids); err != nil {
			t.Error(err)
		}
		if len(report.ArrivalInversions()) > 0 || report.Sessions != 20 || len(report.Requests) != 20*52 {
			t.Errorf("%d inversions, %d sessions, %d requests", len(report.ArrivalInversions()), report.Sessions, len(report.Requests))
		}
		checkStats(t, client, 20*52, 0, nothing)
	})
}

// TestHostedSlowServer: sessions do not wait for each other, and events of one do.
func TestHostedSlowServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const latency = 100 * time.Millisecond
		sink := faultsink.NewHosted(faultsink.Always(faultsink.Then(faultsink.ReadBody, faultsink.Wait(latency), faultsink.Accept)))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		ids := hostedRun(t, client, 16, 8)
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := client.Flush(ctx); err != nil {
			t.Error(err)
		}
		took, alone := time.Since(began), 16*10*latency
		if took > alone/6 {
			t.Errorf("it took %v, want about an eighth of %v", took, alone)
		}
		report := sink.Report()
		if err := report.Check(ids); err != nil {
			t.Error(err)
		}
		if peak := report.PeakInFlight(); peak != 8 {
			t.Errorf("%d requests at once, want 8", peak)
		}
	})
}

// TestHostedRepeats: what becomes of an event when something goes wrong with the request that creates its session, that records it, or that ends its session.
func TestHostedRepeats(t *testing.T) {
	lost, resent := true, false
	for _, c := range []struct {
		name      string
		step      faultsink.Step
		uncertain bool // of an event; all else is sent again
	}{
		{"reply lost after the commit", faultsink.LoseReply, lost},
		{"reset after the body", faultsink.ResetAfterBody, lost},
		{"no answer", faultsink.Hang, lost},
		{"reply cut", faultsink.Cut(faultsink.Accept), lost},
		{"garbage", faultsink.Garbage, lost},
		{"endless", faultsink.Endless, lost},
		{"no id", faultsink.Answer(200, "application/json", `{"ok":true}`), lost},
		{"502", faultsink.Status(502), lost},
		{"504", faultsink.CommitThen(faultsink.Status(504)), lost},
		{"500", faultsink.Status(500), resent},
		{"503", faultsink.Status(503), resent},
		{"429", faultsink.Status(429, faultsink.RetryAfter(7*time.Second)), resent},
		{"408", faultsink.Status(408), resent},
		{"401", faultsink.Status(401), resent},
		{"403", faultsink.Status(403), resent},
		{"404 of an ingress", faultsink.Answer(404, "text/html", "<h1>404</h1>"), resent},
		{"405", faultsink.Status(405), resent},
		{"418", faultsink.Status(418), resent},
		{"portal", faultsink.Portal, resent},
		{"redirect", faultsink.Redirect(307), resent},
	} {
		for what, kind := range map[string]faultsink.Condition{"creating": faultsink.Creating, "recording": faultsink.Recording, "ending": faultsink.Ending} {
			t.Run(c.name+" "+what, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var once sync.Once
					first := func(*faultsink.Exchange) (yes bool) {
						once.Do(func() { yes = true })
						return yes
					}
					sink := faultsink.NewHosted(faultsink.When(faultsink.All(kind, first), c.step))
					var drops []sentrial.Drop
					client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithOnDrop(func(d sentrial.Drop) { drops = append(drops, d) }))
					ids := hostedRun(t, client, 1, 3)
					time.Sleep(5 * time.Minute)
					synctest.Wait()
					if what == "recording" && c.uncertain {
						checkStats(t, client, 4, 0, map[sentrial.DropReason]int{sentrial.DropUncertain: 1})
						if len(drops) != 1 || drops[0].EventID != ids[0] || drops[0].Reason != sentrial.DropUncertain || drops[0].Err == nil {
							t.Errorf("told of %+v, want %s", drops, ids[0])
						}
					} else {
						checkStats(t, client, 5, 0, nothing)
						if len(drops) > 0 {
							t.Errorf("told of %+v", drops)
						}
					}
					report := sink.Report()
					if n := report.StoredDuplicates(); n > 0 {
						t.Errorf("%d events stored twice", n)
					}
					if what == "recording" && c.uncertain {
						ids = ids[1:]
					}
					if missing := report.Lost(ids); len(missing) > 0 {
						t.Errorf("missing %v", missing)
					}
					if n := len(report.ArrivalInversions()) + len(report.Crowded()) + len(report.EarlyRetries()); n > 0 {
						t.Errorf("%d events out of order or early", n)
					}
				})
			})
		}
	}
}

// TestHostedUnsentIsNotUncertain: what was not written whole was not read whole.
func TestHostedUnsentIsNotUncertain(t *testing.T) {
	for name, fail := range map[string]func(r *http.Request) error{
		"refused":  func(*http.Request) error { return &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED} },
		"half way": func(r *http.Request) error { _, _ = r.Body.Read(make([]byte, 10)); return errors.New("broken") },
		"writing": func(r *http.Request) error {
			readAll(r)
			return &net.OpError{Op: "write", Err: syscall.EPIPE}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				spy, failures := new(hostedSpy), 0
				client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
					if failures++; failures%2 == 1 {
						err := fail(r)
						_ = r.Body.Close()
						return nil, err
					}
					return spy.RoundTrip(r)
				}), sentrial.WithProtocol(sentrial.ProtocolHosted))
				hostedRun(t, client, 1, 3)
				time.Sleep(5 * time.Minute)
				checkStats(t, client, 5, 0, nothing)
			})
		})
	}
}

func readAll(r *http.Request) {
	b := make([]byte, 512)
	for {
		if _, err := r.Body.Read(b); err != nil {
			return
		}
	}
}

// TestHostedOutage costs few requests, and what waits can be dropped by the overflow policy.
func TestHostedOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.When(faultsink.Within(time.Second, 31*time.Second), faultsink.Status(503)))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		a := newAgents(t, client)
		a.trackAt(4000, 100)
		a.deliver(10 * time.Minute)
		a.close()
		report := sink.Report()
		a.checkReport(report)
		if n := len(report.Within(time.Second, 31*time.Second)); n > 15 {
			t.Errorf("%d requests in the outage, want 15 at most", n)
		}
		if n := len(report.ArrivalInversions()); n > 0 {
			t.Errorf("%d events out of order", n)
		}
	})
}

func TestHostedOverflowReachesWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.When(faultsink.Within(0, time.Minute), faultsink.Status(503)))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithQueueBytes(64<<10))
		_, s := client.CreateSession(t.Context(), "s")
		time.Sleep(5 * time.Second) // the session waits for its second try
		var ids []string
		for i := range 2000 {
			ids = append(ids, trackAny(t.Context(), s, i))
		}
		time.Sleep(10 * time.Minute)
		stats := client.Stats()
		if err := lawOf(stats); err != nil || stats.Dropped[sentrial.DropOverflow] < 1000 || stats.Queued > 0 || len(stats.Refused) > 0 {
			t.Errorf("%v: %+v", err, stats)
		}
		if stored := sink.Report().Lost(ids[1900:]); len(stored) > 0 {
			t.Errorf("the latest events were lost: %v", stored)
		}
	})
}

// TestHostedPoison: an event that the server fails at costs itself, and does not hold up its session.
func TestHostedPoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.When(faultsink.Holding("poison"), faultsink.Status(500)))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		_, s := client.CreateSession(t.Context(), "s")
		var good []string
		for i := range 10 {
			good = append(good, trackAny(t.Context(), s, i))
			if i == 4 {
				s.TrackStep(t.Context(), types.Step{Name: "poison"})
			}
		}
		time.Sleep(5 * time.Minute)
		checkStats(t, client, 11, 0, map[sentrial.DropReason]int{sentrial.DropPoison: 1})
		if err := sink.Report().Check(good); err != nil {
			t.Error(err)
		}
	})
}

// TestHostedOutageOf500 loses nothing.
func TestHostedOutageOf500(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.When(faultsink.Within(0, time.Hour), faultsink.Status(500)))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		ids := hostedRun(t, client, 3, 5)
		time.Sleep(2 * time.Hour)
		checkStats(t, client, 3*7, 0, nothing)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
	})
}

// TestHostedRefusals: an event that the server does not take costs itself.
func TestHostedRefusals(t *testing.T) {
	for status, reason := range map[int]sentrial.DropReason{400: sentrial.DropRejected, 422: sentrial.DropRejected, 409: sentrial.DropRejected, 413: sentrial.DropTooLarge} {
		synctest.Test(t, func(t *testing.T) {
			sink := faultsink.NewHosted(faultsink.When(faultsink.Holding("odd"), faultsink.Status(status)))
			client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
			_, s := client.CreateSession(t.Context(), "s")
			s.TrackStep(t.Context(), types.Step{Name: "odd"})
			good := s.TrackStep(t.Context(), types.Step{Name: "good"})
			flush(t, client)
			checkStats(t, client, 2, 0, map[sentrial.DropReason]int{reason: 1})
			if err := sink.Report().Check([]string{good}); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestHostedCopiesStayHere: a span that is still open is not announced, as its end could not replace the announcement.
func TestHostedCopiesStayHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted()
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		ctx, _ := client.CreateSession(t.Context(), "s")
		_, span := sentrial.StartStep(ctx, types.Step{Name: "long"})
		time.Sleep(time.Minute)
		if n := len(sink.Requests()); n != 1 {
			t.Errorf("%d requests, want that of the session alone", n)
		}
		span.End(nil)
		flush(t, client)
		if err := sink.Report().Check([]string{span.ID()}); err != nil {
			t.Error(err)
		}
		checkStats(t, client, 2, 0, nothing)
	})
}

// TestHostedToken: a token that has expired is replaced, and the event sent again at once.
func TestHostedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		token := faultsink.NewToken("one")
		sink := faultsink.NewHosted(faultsink.Authorize(token))
		source := &rotating{token: "one"}
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithTokenSource(source))
		ids := hostedRun(t, client, 1, 2)
		flush(t, client)
		token.Set("two")
		source.next("two")
		ids = append(ids, hostedRun(t, client, 1, 2)...)
		flush(t, client)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
		if invalidated := source.told(); invalidated != 1 {
			t.Errorf("the source was told %d times, want once", invalidated)
		}
	})
}

// rotating is a token source that gives another token when it is told that the old one was refused.
type rotating struct {
	mu               sync.Mutex
	token, following string
	invalidated      int
}

func (r *rotating) Token(context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.token, nil
}

func (r *rotating) Invalidate() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.invalidated++
	r.token = r.following
}

func (r *rotating) next(token string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.following = token
}

func (r *rotating) told() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.invalidated
}

// TestHostedClose: an event that is under way when Close has to give up may be stored or not, and is counted so. All else is left.
func TestHostedClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.When(faultsink.Recording, faultsink.Hang))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithCloseTimeout(3*time.Second))
		hostedRun(t, client, 1, 3)
		began := time.Now()
		err := client.Close(t.Context())
		var incomplete *sentrial.IncompleteError
		if !errors.As(err, &incomplete) || !strings.Contains(err.Error(), "3 events not delivered, 1 uncertain") {
			t.Errorf("Close: %v", err)
		}
		if took := time.Since(began); took > 3*time.Second+100*time.Millisecond {
			t.Errorf("Close took %v", took)
		}
		checkStats(t, client, 1, 0, map[sentrial.DropReason]int{sentrial.DropUncertain: 1, sentrial.DropClosed: 3})
	})
}

// TestHostedInject says once that it cannot.
func TestHostedInject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := new(logged)
		spy := new(hostedSpy)
		client := newClient(t, spy, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithLogger(log.logger()))
		ctx, _ := client.CreateSession(t.Context(), "s")
		for range 3 {
			header := http.Header{}
			if sentrial.Inject(ctx, header); len(header) > 0 {
				t.Errorf("Inject wrote %v", header)
			}
		}
		synctest.Wait()
		if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], "Inject") {
			t.Errorf("logged %q, want one line", lines)
		}
	})
}

// TestHostedReads are not there.
func TestHostedReads(t *testing.T) {
	spy, client := hostedClient(t)
	client.Session("s").TrackStep(t.Context(), types.Step{Name: "n"})
	_, err := client.GetSession(t.Context(), "s")
	errs := []error{err}
	for _, err := range client.ListSessions(t.Context(), sentrial.SessionQuery{}) {
		errs = append(errs, err)
	}
	for _, err := range client.Events(t.Context(), "s") {
		errs = append(errs, err)
	}
	if len(errs) != 3 || slices.ContainsFunc(errs, func(err error) bool { return !errors.Is(err, sentrial.ErrUnsupported) }) {
		t.Errorf("got %v, want ErrUnsupported three times", errs)
	}
	flush(t, client)
	if r := spy.last(t); r.Method != http.MethodPost {
		t.Errorf("%s %s was sent", r.Method, r.URL)
	}
}

// TestHostedOwnTrouble: where others are served meanwhile, the trouble is the session's own. It waits longer and longer, and nobody else does.
func TestHostedOwnTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slowly := faultsink.Then(faultsink.ReadBody, faultsink.Wait(2*time.Second), faultsink.Status(503))
		sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Creating, faultsink.Holding(`"bad"`), faultsink.Within(0, time.Minute)), slowly))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		client.CreateSession(t.Context(), "bad")
		_, good := client.CreateSession(t.Context(), "good")
		var ids []string
		for range 600 {
			ids = append(ids, trackAny(t.Context(), good, len(ids)))
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(2 * time.Second)
		report := sink.Report()
		if missing := report.Lost(ids); len(missing) > 0 {
			t.Errorf("%d events of another session are late", len(missing))
		}
		if n := repliesOf(report, 503); n < 4 || n > 8 {
			t.Errorf("%d requests failed in a minute, want about six: 2 s each, and a wait that grows", n)
		}
		time.Sleep(time.Minute)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
	})
}

// TestHostedOutageFreesLanes: events that were in hand when the server went down can be dropped for newer ones.
func TestHostedOutageFreesLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.When(faultsink.All(faultsink.Recording, faultsink.Within(0, time.Minute)), faultsink.Status(503)))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted), sentrial.WithQueueBytes(64<<10), sentrial.WithOverflow(sentrial.DropOldest))
		_, s := client.CreateSession(t.Context(), "s")
		for i := range 250 { // most of the queue
			trackAny(t.Context(), s, i)
		}
		time.Sleep(3 * time.Second)
		var ids []string
		for i := range 1000 {
			ids = append(ids, trackAny(t.Context(), s, i))
		}
		if stats := client.Stats(); len(stats.Refused) > 0 || stats.Dropped[sentrial.DropOverflow] == 0 || lawOf(stats) != nil {
			t.Errorf("%+v", stats)
		}
		time.Sleep(5 * time.Minute)
		if missing := sink.Report().Lost(ids[len(ids)-150:]); len(missing) > 0 {
			t.Errorf("%d of the latest 150 events had to go", len(missing))
		}
	})
}
