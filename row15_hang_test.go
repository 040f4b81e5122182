package sentrial_test

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// TestRow15OneHang: a request that gets no answer delays its own batch only, whether it is the first one or a later one.
func TestRow15OneHang(t *testing.T) {
	for name, c := range map[string]struct{ hang, events int }{"the first": {1, fewEvents}, "a later one": {4, manyEvents}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const timeout = 25 * time.Second
				sink := faultsink.New(faultsink.When(func(x *faultsink.Exchange) bool { return x.N() == c.hang }, faultsink.Hang))
				a := newAgents(t, sinkClient(t, sink, sentrial.WithTimeout(timeout)))
				a.track(c.events)
				time.Sleep(3 * time.Second)
				hung := sink.Report().Requests[c.hang-1]
				if s := a.client.Stats(); s.Queued != uint64(len(hung.IDs)) || s.InFlight != s.Queued || s.Queued == 0 || !hung.Done.IsZero() {
					t.Errorf("%d events are in the request that hangs; %d are queued, %d in flight", len(hung.IDs), s.Queued, s.InFlight)
				}
				a.deliver(10 * time.Minute)
				a.check(sink)
				checkBetween(t, "gave up after", sink.Report().Requests[c.hang-1].Done.Sub(hung.At), timeout, timeout)
			})
		})
	}
}

// TestRow15AllHang: for a minute no request gets an answer, from before or after it was read.
func TestRow15AllHang(t *testing.T) {
	for name, hang := range map[string]faultsink.Step{"read": faultsink.Hang, "committed": faultsink.CommitThen(faultsink.Hang), "not read": faultsink.HangUnread} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const timeout = 10 * time.Second
				sink := faultsink.New(faultsink.When(faultsink.WithinUptime(2*time.Second, time.Minute), hang))
				server := memhttp.New(t, sink)
				watch := &stopwatch{next: server.Transport()}
				a := newAgents(t, newClient(t, watch, sentrial.WithAPIURL(server.URL()), sentrial.WithTimeout(timeout)))
				a.trackAt(fewEvents, fewEvents/4)
				a.deliver(10 * time.Minute)
				if name != "not read" { // the sink does not see then that a client has given up
					a.check(sink)
				} else if err := sink.Report().Check(a.ids); err != nil {
					t.Error(err)
				}
				if watch.most < 2 || watch.most > 8 || watch.longest != timeout {
					t.Errorf("%d requests at once, the longest took %v; want 2 to 8, %v", watch.most, watch.longest, timeout)
				}
				if n := len(sink.Report().WithinUptime(2*time.Second, 32*time.Second)); n > mostAsked {
					t.Errorf("%d requests in half a minute", n)
				}
			})
		})
	}
}

// stopwatch measures requests up to the end of their replies.
type stopwatch struct {
	next http.RoundTripper

	mu             sync.Mutex
	underway, most int
	longest        time.Duration
	read           int // bytes of the longest reply
}

func (w *stopwatch) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.underway++
	w.most = max(w.most, w.underway)
	w.mu.Unlock()
	body := &timedBody{watch: w, began: time.Now()}
	reply, err := w.next.RoundTrip(r)
	if err != nil {
		body.end()
		return nil, err
	}
	body.ReadCloser, reply.Body = reply.Body, body
	return reply, nil
}

type timedBody struct {
	io.ReadCloser
	watch *stopwatch
	began time.Time
	read  int
	once  sync.Once
}

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read += n
	return n, err
}

func (b *timedBody) Close() error {
	b.once.Do(b.end)
	return b.ReadCloser.Close()
}

func (b *timedBody) end() {
	b.watch.mu.Lock()
	defer b.watch.mu.Unlock()
	b.watch.underway--
	b.watch.longest, b.watch.read = max(b.watch.longest, time.Since(b.began)), max(b.watch.read, b.read)
}

// TestRow16SlowReply: replies come byte by byte. Within the timeout that is all right; the timeout is for the whole.
func TestRow16SlowReply(t *testing.T) {
	for name, c := range map[string]struct {
		interval time.Duration
		timely   bool
	}{"in time": {100 * time.Millisecond, true}, "too slow": {time.Second, false}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const timeout = 20 * time.Second
				sink := faultsink.New(faultsink.When(faultsink.Chance(0.2, 8), faultsink.Slowly(c.interval, faultsink.Accept)))
				server := memhttp.New(t, sink)
				watch := &stopwatch{next: server.Transport()}
				r := exactlyOnce(t, fewEvents, sink, newClient(t, watch, sentrial.WithAPIURL(server.URL()), sentrial.WithTimeout(timeout), sentrial.WithBatchBytes(16<<10)))
				if (r.Duplicates == 0) != c.timely || (watch.longest < timeout) != c.timely || watch.longest < time.Second {
					t.Errorf("%d events sent again, longest request %v", r.Duplicates, watch.longest)
				}
				if watch.longest > timeout {
					t.Errorf("a request took %v, want at most %v", watch.longest, timeout)
				}
			})
		})
	}
}

// TestRow16SlowReplies is the whole load of the table.
func TestRow16SlowReplies(t *testing.T) {
	underFault(t, func() *faultsink.Sink {
		return faultsink.New(faultsink.When(faultsink.Chance(0.2, 8), faultsink.Slowly(100*time.Millisecond, faultsink.Accept)))
	}, func(r faultsink.Report) bool {
		return slices.ContainsFunc(r.Requests, func(q faultsink.Request) bool { return q.Done.Sub(q.At) > time.Second })
	})
}

// TestRow16EndlessReply: of a reply without end a client reads 1 MiB at most, whatever its status, and waits no longer than the timeout.
func TestRow16EndlessReply(t *testing.T) {
	const timeout = 10 * time.Second
	long := strings.Repeat(" ", 2<<20)
	for name, endless := range map[string]faultsink.Step{
		"success": faultsink.Endless,
		"error":   faultsink.Answer(http.StatusServiceUnavailable, "application/json", long),
		"crash":   faultsink.Answer(http.StatusInternalServerError, "application/json", long),
		"barred":  faultsink.Answer(http.StatusForbidden, "application/json", long),
		"portal":  faultsink.Answer(http.StatusOK, "text/html", long),
		"slow":    faultsink.Slowly(time.Second, faultsink.Answer(http.StatusOK, "application/json", long)),
		"bomb":    faultsink.With(faultsink.Answer(http.StatusOK, "application/json", gzipped(t, long)), faultsink.Set("Content-Encoding", "gzip")),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(faultsink.Sequence(faultsink.Accept, endless))
				server := memhttp.New(t, sink)
				watch := &stopwatch{next: server.Transport()}
				a := newAgents(t, newClient(t, watch, sentrial.WithAPIURL(server.URL()), sentrial.WithTimeout(timeout)))
				a.trackAt(500, 200)
				a.deliver(10 * time.Minute)
				a.check(sink)
				if watch.read > 1<<20+1 || watch.longest > timeout { // one byte more tells that there is more
					t.Errorf("%d bytes of a reply were read, in %v; want at most 1 MiB, in %v", watch.read, watch.longest, timeout)
				}
				if watch.read < 1<<20 && watch.longest < timeout {
					t.Errorf("the longest reply was %d bytes and took %v: that is not endless", watch.read, watch.longest)
				}
			})
		})
	}
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
