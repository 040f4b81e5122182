package sentrial_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/types"
)

var gzipOption = []sentrial.Option{sentrial.WithCompression(sentrial.CompressionGzip)}

// TestRow18TooLarge: above a limit of the server's there is a 413. Nothing is lost for it, each size is refused once, and the requests are not much smaller than
// they could be.
func TestRow18TooLarge(t *testing.T) {
	for name, c := range map[string]struct {
		limits faultsink.Limits
		opts   []sentrial.Option
		events int
		most   int // requests, those refused included
	}{
		"count":         {faultsink.Limits{Events: 100}, nil, manyEvents, 2*manyEvents/100 + 10},
		"count of one":  {faultsink.Limits{Events: 1}, nil, 500, 550},
		"wire":          {faultsink.Limits{WireBytes: 40_000}, nil, fewEvents, 2*fewEvents*240/40_000 + 10},
		"wire, gzip":    {faultsink.Limits{WireBytes: 4_000}, gzipOption, fewEvents, 120},
		"decoded, gzip": {faultsink.Limits{DecodedBytes: 40_000}, gzipOption, fewEvents, 2*fewEvents*240/40_000 + 10},
		"all":           {faultsink.Limits{Events: 300, WireBytes: 50_000, DecodedBytes: 50_000}, nil, fewEvents, 2*fewEvents*240/50_000 + 10},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen sizes
				sink := faultsink.New(seen.note, faultsink.Limit(c.limits))
				r := exactlyOnce(t, c.events, sink, sinkClient(t, sink, c.opts...))
				if n := len(r.Requests); n > c.most || repliesOf(r, 413) == 0 {
					t.Errorf("%d requests, %d of them refused; want at most %d and some refused", n, repliesOf(r, 413), c.most)
				}
				seen.checkLearned(t, r)
			})
		})
	}
}

// sizes is a rule that decides nothing and notes how large each request is.
type sizes struct {
	mu  sync.Mutex
	all map[int]requestSize // by number of the request
}

type requestSize struct{ events, decoded int64 }

func (s *sizes) note(x *faultsink.Exchange) faultsink.Step {
	_, decoded := x.Sizes()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[int]requestSize{}
	}
	s.all[x.N()] = requestSize{int64(len(x.Events())), decoded}
	return nil
}

// checkLearned: no request has as many events and as many bytes as one that had been refused before it began, give or take what JSON makes of the same bytes.
func (s *sizes) checkLearned(t *testing.T, r faultsink.Report) {
	t.Helper()
	for _, refused := range r.Requests {
		for _, later := range r.Requests[refused.N:] {
			a, b := s.all[refused.N], s.all[later.N]
			if refused.Status == 413 && later.At.After(refused.Replied) && b.events >= a.events && b.decoded >= a.decoded+a.decoded/100 {
				t.Errorf("request %d had %v, which is no less than %v of request %d: that was refused", later.N, b, a, refused.N)
			}
		}
	}
}

// TestRow18LimitIsLowered while the client is at work, as when another proxy takes over.
func TestRow18LimitIsLowered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen sizes
		before, after := faultsink.Limit(faultsink.Limits{Events: 500}), faultsink.Limit(faultsink.Limits{Events: 40})
		sink := faultsink.New(seen.note, func(x *faultsink.Exchange) faultsink.Step {
			if x.Uptime() < 1500*time.Millisecond {
				return before(x)
			}
			return after(x)
		})
		r := exactlyOnce(t, 3*fewEvents, sink, sinkClient(t, sink))
		if n := repliesOf(r, 413); n < 4 || n > 15 {
			t.Errorf("%d requests were refused, want 4 to 15", n)
		}
		seen.checkLearned(t, r)
	})
}

// TestRow18OneEventTooLarge: an event that exceeds a limit alone is lost, with the reason, and nothing else is; whoever answers, and however early.
func TestRow18OneEventTooLarge(t *testing.T) {
	limits := faultsink.Limits{WireBytes: 20_000}
	for name, limit := range map[string]faultsink.Rule{
		"server": faultsink.Limit(limits),
		"proxy":  faultsink.When(faultsink.MoreThan(limits), faultsink.Answer(http.StatusRequestEntityTooLarge, "text/html", "<h1>413 Request Entity Too Large</h1>")),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(limit)
				r, large := tooLarge(t, sink, memhttp.New(t, sink))
				if n := len(r.Requests); n > 220 {
					t.Errorf("%d requests to deliver 2,000 events and refuse %d", n, large)
				}
			})
		})
	}
	t.Run("before the body", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			sink := faultsink.New()
			tooLarge(t, sink, memhttp.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.ContentLength > limits.WireBytes {
					http.Error(w, "too large", http.StatusRequestEntityTooLarge)
					return
				}
				sink.ServeHTTP(w, r)
			})))
		})
	})
}

// tooLarge records 2,000 events to a server that takes 20,000 bytes, ten of them larger.
func tooLarge(t *testing.T, sink *faultsink.Sink, server *memhttp.Server) (report faultsink.Report, large int) {
	t.Helper()
	var drops dropped
	client := newClient(t, server.Transport(), sentrial.WithAPIURL(server.URL()), sentrial.WithOnDrop(drops.add))
	var kept, lost []string
	for i := range 2000 {
		step := types.Step{Name: "step", Input: fmt.Sprint(i)}
		if i%200 == 77 {
			step.Input = strings.Repeat("large ", 4000)
			lost = append(lost, client.Session("s").TrackStep(t.Context(), step))
		} else {
			kept = append(kept, client.Session("s").TrackStep(t.Context(), step))
		}
		time.Sleep(time.Millisecond)
	}
	flush(t, client)
	synctest.Wait()
	checkStats(t, client, len(kept), 0, map[sentrial.DropReason]int{sentrial.DropTooLarge: len(lost)})
	drops.check(t, sentrial.DropTooLarge, lost...)
	for _, d := range drops.all() {
		if api := new(sentrial.APIError); !errors.As(d.Err, &api) || api.Status != http.StatusRequestEntityTooLarge {
			t.Errorf("the reason given is %v", d.Err)
		}
	}
	report = sink.Report()
	if err := report.Check(kept); err != nil {
		t.Error(err)
	}
	return report, len(lost)
}
