package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/types"
)

// closeSlack is how far past its deadline Close may return.
const closeSlack = 100 * time.Millisecond

// deadlines are what callers give to Close; each says how long that is.
var deadlines = map[string]struct {
	after time.Duration
	ctx   func(context.Context) (context.Context, context.CancelFunc)
}{
	"expired": {0, func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithDeadline(ctx, time.Now())
	}},
	"a moment": {time.Millisecond, func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, time.Millisecond)
	}},
	"seconds": {3 * time.Second, func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, 3*time.Second)
	}},
	"cancelled": {2 * time.Second, func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(2*time.Second, cancel)
		return ctx, cancel
	}},
	"none": {10 * time.Second, context.WithCancel},
}

// watched is a transport that knows when requests begin.
type watched struct {
	http.RoundTripper

	mu   sync.Mutex
	last time.Time
}

func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.last = time.Now()
	w.mu.Unlock()
	return w.RoundTripper.RoundTrip(r)
}

// checkNothingSentSince looks for requests later than that.
func (w *watched) checkNothingSentSince(t *testing.T, then time.Time) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last.After(then) {
		t.Errorf("a request began %v after Close had returned", w.last.Sub(then))
	}
}

// TestRow62CloseInTrouble: whatever the server does, Close returns by its deadline, tells exactly how many events the server lacks, and nothing is sent any more.
func TestRow62CloseInTrouble(t *testing.T) {
	troubles := map[string]faultsink.Step{
		"hang": faultsink.Hang, "hang, unread": faultsink.HangUnread, "endless reply": faultsink.Endless, "reset": faultsink.Reset, "503": faultsink.Status(503),
		"Retry-After": faultsink.Status(429, faultsink.RetryAfter(time.Hour)), "401": faultsink.Status(401), "portal": faultsink.Portal,
		"slow reply": faultsink.Slowly(time.Minute, faultsink.Status(503)),
	}
	for trouble, step := range troubles {
		for deadline, d := range deadlines {
			t.Run(trouble+", "+deadline, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					sink := faultsink.New(faultsink.Sequence(faultsink.Accept), faultsink.Always(step))
					server := memhttp.New(t, sink)
					wire := &watched{RoundTripper: server.Transport()}
					client := newClient(t, wire, sentrial.WithAPIURL(server.URL()), sentrial.WithTimeout(time.Hour), sentrial.WithBatchBytes(8<<10))
					ids := record(t, client, 10)
					flush(t, client)
					ids = append(ids, record(t, client, 500)...)
					time.Sleep(1500 * time.Millisecond)
					ctx, cancel := d.ctx(t.Context())
					defer cancel()
					began := time.Now()
					err := client.Close(ctx)
					ended := time.Now()
					if took := ended.Sub(began); took > d.after+closeSlack {
						t.Errorf("Close took %v, want %v", took, d.after)
					}
					checkLacks(t, client, sink, err, ids)
					time.Sleep(2 * time.Hour)
					wire.checkNothingSentSince(t, ended)
					checkLacks(t, client, sink, client.Close(t.Context()), ids)
					checkClosed(t, client)
				})
			})
		}
	}
}

// checkLacks holds the error of Close against what the sink has.
func checkLacks(t *testing.T, client *sentrial.Client, sink *faultsink.Sink, err error, ids []string) {
	t.Helper()
	lost := len(sink.Report().Lost(ids))
	incomplete := new(sentrial.IncompleteError)
	if !errors.As(err, &incomplete) {
		t.Fatalf("Close: %v, want an *IncompleteError", err)
	}
	for _, s := range []sentrial.Stats{incomplete.Stats, client.Stats()} {
		if err := lawOf(s); err != nil || int(s.Dropped[sentrial.DropClosed]) != lost || s.Queued != 0 || s.InFlight != 0 || s.QueueBytes != 0 {
			t.Errorf("%v: the server lacks %d events: %+v", err, lost, s)
		}
	}
}

// TestRow62ClosersOfAllKinds: many at once, each with a deadline of its own, during a hang.
func TestRow62ClosersOfAllKinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New(faultsink.Always(faultsink.Hang))
		client := sinkClient(t, sink, sentrial.WithTimeout(time.Hour))
		ids := record(t, client, 100)
		var all sync.WaitGroup
		for range 20 {
			for name, d := range deadlines {
				all.Go(func() {
					ctx, cancel := d.ctx(t.Context())
					defer cancel()
					began := time.Now()
					err := client.Close(ctx)
					if took := time.Since(began); took > d.after+closeSlack {
						t.Errorf("%s: Close took %v", name, took)
					}
					if !errors.As(err, new(*sentrial.IncompleteError)) {
						t.Errorf("%s: Close: %v", name, err)
					}
				})
			}
		}
		all.Wait()
		checkLacks(t, client, sink, client.Close(t.Context()), ids)
	})
}

// TestRow62CloseFromInside: called where the client itself calls code of the program, Close cannot be finished before it returns there; by its deadline it
// returns all the same.
func TestRow62CloseFromInside(t *testing.T) {
	type inside struct {
		client *sentrial.Client
		once   sync.Once
		took   chan time.Duration
	}
	closeIn := func(in *inside) {
		in.once.Do(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			began := time.Now()
			_ = in.client.Close(ctx)
			in.took <- time.Since(began)
		})
	}
	places := map[string]func(in *inside) sentrial.Option{
		"OnDrop": func(in *inside) sentrial.Option { return sentrial.WithOnDrop(func(sentrial.Drop) { closeIn(in) }) },
		"a goroutine of OnDrop": func(in *inside) sentrial.Option {
			return sentrial.WithOnDrop(func(sentrial.Drop) {
				done := make(chan struct{})
				go func() { defer close(done); closeIn(in) }()
				<-done
			})
		},
		"logger": func(in *inside) sentrial.Option {
			return sentrial.WithLogger(slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) { closeIn(in); return len(p), nil }), nil)))
		},
		"HTTP client": func(in *inside) sentrial.Option {
			return sentrial.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { closeIn(in); return nil, errNetwork })})
		},
		"token source": func(in *inside) sentrial.Option {
			return sentrial.WithTokenSource(tokenFunc(func() string { closeIn(in); return "t" }))
		},
		"redactor": func(in *inside) sentrial.Option {
			return sentrial.WithRedactor(redactFunc(func(context.Context, *types.Event) error { closeIn(in); return nil }))
		},
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				in := &inside{took: make(chan time.Duration, 1)}
				answers := newScript(t)
				answers.rest = status(http.StatusBadRequest) // there is something to drop and to log
				in.client = newClient(t, answers, place(in))
				in.client.Session("s").TrackStep(t.Context(), types.Step{Name: "n"})
				select {
				case took := <-in.took:
					checkBetween(t, "Close", took, 0, time.Second+closeSlack)
				case <-time.After(time.Hour):
					t.Fatal("Close did not return")
				}
				if s := in.client.Stats(); lawOf(s) != nil || s.Queued != 0 {
					t.Errorf("%+v", s)
				}
			})
		})
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

type tokenFunc func() string

func (f tokenFunc) Token(context.Context) (string, error) { return f(), nil }

// TestRow62LateTokens: a token that comes when Close has given up is of no use any more.
func TestRow62LateTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.New()
		server := memhttp.New(t, sink)
		wire := &watched{RoundTripper: server.Transport()}
		slow := tokenFunc(func() string { time.Sleep(time.Hour); return "t" })
		client := newClient(t, wire, sentrial.WithAPIURL(server.URL()), sentrial.WithTokenSource(slow))
		ids := record(t, client, 10)
		time.Sleep(2 * time.Second) // the token is being asked for
		checkLacks(t, client, sink, client.Close(expired(t)), ids)
		ended := time.Now()
		time.Sleep(2 * time.Hour)
		wire.checkNothingSentSince(t, ended)
		checkLacks(t, client, sink, client.Close(t.Context()), ids)
	})
}

// TestRow62CloseRacing: while many goroutines do everything that a client can do, some of them closing it, nobody hangs or panics, whatever got an id is stored
// or counted as dropped, and once Close has returned nothing is sent.
func TestRow62CloseRacing(t *testing.T) {
	for _, overflow := range []sentrial.Overflow{sentrial.DropOldest, sentrial.DropNewest, sentrial.Block} {
		for _, patient := range []bool{true, false} {
			t.Run(fmt.Sprint(overflow, patient), func(t *testing.T) {
				sink := faultsink.New(faultsink.When(faultsink.Chance(0.1, 1), faultsink.Reject(func(e faultsink.Event) bool { return e.Seq%7 == 0 }, "no_good", false)))
				race := &closeRace{t: t, wire: &gatedSink{sink: sink}}
				race.client = newClient(t, race.wire, sentrial.WithOverflow(overflow), sentrial.WithQueueBytes(256<<10), sentrial.WithBatchBytes(16<<10),
					sentrial.WithOnDrop(race.dropped), sentrial.WithFlushInterval(time.Millisecond))
				race.run(patient)
				race.check(sink)
			})
		}
	}
}

// closeRace is a program that closes its client in the middle of its work.
type closeRace struct {
	t      *testing.T
	client *sentrial.Client
	wire   *gatedSink

	mu    sync.Mutex
	ids   []string
	drops map[string]sentrial.DropReason
}

func (r *closeRace) dropped(d sentrial.Drop) {
	r.mu.Lock()
	if r.drops == nil {
		r.drops = map[string]sentrial.DropReason{}
	}
	r.drops[d.EventID] = d.Reason
	r.mu.Unlock()
	_ = r.client.Stats()
	r.track(r.client.Session("drops")) // it may record, too
}

func (r *closeRace) track(s *sentrial.Session) (accepted bool) {
	id := s.TrackStep(r.t.Context(), types.Step{Name: "n", Input: "some text"})
	if id != "" {
		r.mu.Lock()
		r.ids = append(r.ids, id)
		r.mu.Unlock()
	}
	return id != ""
}

func (r *closeRace) run(patient bool) {
	var all sync.WaitGroup
	repeat := func(goroutines int, work func() (more bool)) {
		for range goroutines {
			all.Go(func() {
				for range 100_000 { // far more than it takes
					if !work() {
						return
					}
				}
			})
		}
	}
	ctx, session := r.client.CreateSession(r.t.Context(), "s")
	repeat(4, func() bool { return r.track(session) })
	repeat(2, func() bool {
		_, span := sentrial.StartTool(ctx, types.ToolCall{ToolName: "t"})
		defer span.End(nil)
		return r.track(session)
	})
	repeat(2, func() bool { return !errors.Is(r.client.Flush(ctx), sentrial.ErrClosed) })
	repeat(2, func() bool {
		s := r.client.Stats()
		if err := lawOf(s); err != nil {
			r.t.Error(err)
		}
		return s.Refused[sentrial.DropClosed] == 0
	})
	repeat(1, func() bool {
		_, inner := r.client.CreateSession(ctx, "inner")
		inner.Close(ctx, types.SessionResult{})
		_, err := r.client.GetSession(expired(r.t), "s")
		return !errors.Is(err, sentrial.ErrClosed)
	})
	for range 3 {
		all.Go(func() {
			for r.client.Stats().Accepted < 500 {
				runtime.Gosched()
			}
			ctx := r.t.Context()
			if !patient {
				ctx = expired(r.t)
			}
			_ = r.client.Close(ctx)
			if errors.Is(r.client.Flush(ctx), sentrial.ErrClosed) { // not so while another Close is at work
				r.wire.shut()
			}
		})
	}
	all.Wait()
}

func (r *closeRace) check(sink *faultsink.Sink) {
	r.t.Helper()
	_ = r.client.Close(r.t.Context())
	s := r.client.Stats()
	if err := lawOf(s); err != nil || s.Queued != 0 {
		r.t.Errorf("%v: %+v", err, s)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var dropped uint64
	for _, n := range s.Dropped {
		dropped += n
	}
	report := sink.Report()
	lost := report.Lost(r.ids)
	if uint64(len(lost)) > dropped || uint64(report.Unique()) < s.Delivered {
		r.t.Errorf("%d events are lost and %d stored, %d count as dropped and %d as delivered", len(lost), report.Unique(), dropped, s.Delivered)
	}
	allTold := uint64(len(r.drops)) == dropped // a Close without time does not wait for that
	for _, id := range lost {
		if allTold && r.drops[id] == "" {
			r.t.Errorf("%s was accepted, not stored and not dropped", id)
			break
		}
	}
	r.wire.check(r.t)
	if len(slices.Compact(slices.Sorted(slices.Values(r.ids)))) != len(r.ids) {
		r.t.Error("an id was given twice")
	}
}

// gatedSink is a transport to a sink without a network, which notes what comes after it was shut. As net/http does, it sends nothing for who has given up.
type gatedSink struct {
	sink   http.Handler
	closed atomic.Bool
	late   atomic.Int32
}

func (g *gatedSink) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if g.closed.Load() {
		g.late.Add(1)
	}
	w := httptest.NewRecorder()
	g.sink.ServeHTTP(w, r)
	return w.Result(), nil
}

func (g *gatedSink) shut() { g.closed.Store(true) }

func (g *gatedSink) check(t *testing.T) {
	t.Helper()
	if n := g.late.Load(); n > 0 {
		t.Errorf("%d requests after Close", n)
	}
}
