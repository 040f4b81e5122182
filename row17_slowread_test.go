package sentrial_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// TestRow17SlowReading: a server that takes requests in slowly makes nobody wait but itself. Bodies that cannot be sent within the timeout are made smaller until
// they can.
func TestRow17SlowReading(t *testing.T) {
	for name, c := range map[string]struct {
		perKiB, timeout time.Duration
		timely          bool // also full batches, which are 200 KiB of JSON here, can be sent within the timeout
	}{
		"a whole batch fits the timeout": {10 * time.Millisecond, 30 * time.Second, true},
		"half a batch does":              {100 * time.Millisecond, 14 * time.Second, false},
		"a third does":                   {280 * time.Millisecond, 30 * time.Second, false},
		"a sixth does":                   {60 * time.Millisecond, 2 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(faultsink.Always(faultsink.ReadSlowly(1<<10, c.perKiB, faultsink.Accept)))
				a := newAgents(t, sinkClient(t, sink, sentrial.WithTimeout(c.timeout)))
				a.track(fewEvents)
				a.deliver(time.Hour)
				a.checkReport(patient(a, sink))
				if s := a.client.Stats(); (s.Retries == 0) != c.timely {
					t.Errorf("%d of %d requests were repeated", s.Retries, s.Requests)
				}
			})
		})
	}
}

// TestRow17SharedLink: the slow thing is the link, so that requests under way at once slow each other down. It is used for what gets through, most of the time.
func TestRow17SharedLink(t *testing.T) {
	for _, perSecond := range []int{8 << 10, 64 << 10} {
		t.Run(fmt.Sprint(perSecond, " bytes per second"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const volume = fewEvents * 240 // bytes, about
				sink := faultsink.New()
				server := memhttp.New(t, throttled(sink, perSecond))
				a := newAgents(t, newClient(t, server.Transport(), sentrial.WithAPIURL(server.URL())))
				a.track(fewEvents)
				began := time.Now()
				a.deliver(time.Hour)
				if took, ideal := time.Since(began), volume*time.Second/time.Duration(perSecond); took > 4*ideal {
					t.Errorf("it took %v, which is more than four times %v", took, ideal)
				}
				a.checkReport(patient(a, sink))
			})
		})
	}
}

// patient is the report of a sink that cannot tell a client that has given up sending from one that sends nonsense.
func patient(a *agents, sink *faultsink.Sink) faultsink.Report {
	a.close()
	report := sink.Report()
	report.Malformed = slices.DeleteFunc(report.Malformed, func(what string) bool { return strings.HasSuffix(what, io.ErrUnexpectedEOF.Error()) })
	return report
}

// throttled lets through this many bytes of requests per second, of all of them together.
func throttled(next http.Handler, perSecond int) http.Handler {
	link := make(chan struct{}, 1)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = &throttledBody{r.Body, link, perSecond}
		next.ServeHTTP(w, r)
	})
}

type throttledBody struct {
	io.ReadCloser
	link      chan struct{} // held by whoever reads
	perSecond int
}

func (b *throttledBody) Read(p []byte) (int, error) {
	b.link <- struct{}{}
	defer func() { <-b.link }()
	n, err := b.ReadCloser.Read(p[:min(len(p), 1<<10)])
	time.Sleep(time.Duration(n) * time.Second / time.Duration(b.perSecond))
	return n, err
}
