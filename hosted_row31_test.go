package sentrial_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// TestRow31HostedOneMegabit: on a link of 1 Mbit/s, all connections together, everything comes as fast as the link carries it.
func TestRow31HostedOneMegabit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const perSecond, size, events = 125_000, 4 << 10, 384
		sink := faultsink.NewHosted()
		server := memhttp.New(t, throttled(sink, perSecond))
		h := newHostedAgents(t, sink, sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(server.Client()))
		for range events {
			h.trackLarge(size)
		}
		began := time.Now()
		h.deliver(time.Hour)
		if took, ideal := time.Since(began), size*events*time.Second/perSecond; took > 2*ideal {
			t.Errorf("it took %v, which is more than twice %v", took, ideal)
		}
		if _, uncertain := h.check(); len(uncertain) > 0 {
			t.Errorf("%d events are uncertain", len(uncertain))
		}
	})
}

// roughHosted is a program on the hosted wire behind a rough link.
func roughHosted(t *testing.T, link *roughLink, timeout time.Duration) *hostedAgents {
	sink := faultsink.NewHosted()
	server := memhttp.New(t, sink)
	return newHostedAgents(t, sink, sentrial.WithAPIURL(server.URL()), sentrial.WithHTTPClient(link.client(t, server.Transport())), sentrial.WithTimeout(timeout))
}

// TestRow32HostedSilentBlackhole: for a minute nothing comes through, and nobody tells. What was under way then is uncertain, a handful of events more for those that ask
// whether it is over, and nothing else is.
func TestRow32HostedSilentBlackhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 10 * time.Second
		link := newRoughLink(10*time.Millisecond, 1<<30)
		h := roughHosted(t, link, timeout)
		h.trackAt(200, 100)
		link.silent.Store(true)
		h.trackAt(500, 100)
		time.Sleep(time.Minute - 5*time.Second)
		delivered := h.client.Stats().Delivered
		link.silent.Store(false)
		time.Sleep(2 * time.Minute)
		if now := h.client.Stats().Delivered; now == delivered {
			t.Error("nothing was delivered in the two minutes after it")
		}
		h.deliver(time.Hour)
		if _, uncertain := h.check(); len(uncertain) == 0 || len(uncertain) > 8+8 {
			t.Errorf("%d events are uncertain, want 1 to 16", len(uncertain))
		}
	})
}

// TestRow33HostedLatencySlicerResets: latency, slices, and connections that are cut anywhere. Every event is there once or uncertain.
func TestRow33HostedLatencySlicerResets(t *testing.T) {
	for name, life := range map[string]int{"short lives": 4 << 10, "longer lives": 40 << 10} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				link := newRoughLink(300*time.Millisecond, life)
				h := roughHosted(t, link, 30*time.Second)
				h.trackAt(rowEvents, 100)
				h.deliver(10 * time.Hour)
				h.close()
				report, uncertain := h.sink.Report(), h.uncertain()
				h.checkStored(report, uncertain)
				if link.cuts == 0 || len(uncertain) == 0 || len(uncertain) > link.cuts {
					t.Errorf("%d connections were cut, %d events are uncertain", link.cuts, len(uncertain))
				}
			})
		})
	}
}
