package sentrial_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// TestRow63HostedFlushStorm: any number of callers that flush at once make no request that would not be made anyway.
func TestRow63HostedFlushStorm(t *testing.T) {
	for name, latency := range map[string]time.Duration{"quick": 10 * time.Millisecond, "slow": time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.NewHosted(faultsink.Always(faultsink.Then(faultsink.ReadBody, faultsink.Wait(latency), faultsink.Accept)))
				client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
				ids := hostedRun(t, client, 8, 8)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				errs, longest := flushStorm(ctx, client, func() {})
				if err := errors.Join(errs...); err != nil || longest > 2*10*latency {
					t.Errorf("a Flush took %v: %v", longest, err)
				}
				report := sink.Report()
				if err := report.Check(ids); err != nil || len(report.Requests) != 8*10 {
					t.Errorf("%d requests, want 80: %v", len(report.Requests), err)
				}
			})
		})
	}
}

// TestRow63HostedFlushStormInAnOutage: impatience does not bring more requests to a server that is down.
func TestRow63HostedFlushStormInAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink := faultsink.NewHosted(faultsink.When(faultsink.WithinUptime(0, 30*time.Second), faultsink.Status(503)))
		client := sinkClient(t, sink, sentrial.WithProtocol(sentrial.ProtocolHosted))
		ids := hostedRun(t, client, 8, 8)
		for range 10 {
			ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
			_, longest := flushStorm(ctx, client, func() {})
			cancel()
			checkBetween(t, "the longest Flush", longest, 0, 700*time.Millisecond)
			time.Sleep(2300 * time.Millisecond)
		}
		if n := len(sink.Report().WithinUptime(0, 30*time.Second)); n > 6 {
			t.Errorf("%d requests in 30 s, want those of the backoff", n)
		}
		time.Sleep(time.Minute)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
	})
}
