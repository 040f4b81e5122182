package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/types"
)

// storm is the number of goroutines that flush at once.
const storm = 1000

// flushStorm runs before, then Flush, on all goroutines, and gives what each Flush returned and the longest it took.
func flushStorm(ctx context.Context, client *sentrial.Client, before func()) (errs []error, longest time.Duration) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for range storm {
		all.Go(func() {
			before()
			began := time.Now()
			err := client.Flush(ctx)
			mu.Lock()
			defer mu.Unlock()
			errs, longest = append(errs, err), max(longest, time.Since(began))
		})
	}
	all.Wait()
	return errs, longest
}

// TestRow63FlushStorm: any number of callers that flush at once cost hardly more requests than one, and none waits longer than for those.
func TestRow63FlushStorm(t *testing.T) {
	for name, latency := range map[string]time.Duration{"quick": 50 * time.Millisecond, "slow": 2 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sink := faultsink.New(faultsink.Always(faultsink.Then(faultsink.Wait(latency), faultsink.Accept)))
				client := sinkClient(t, sink)
				ids := record(t, client, 100)
				errs, longest := flushStorm(t.Context(), client, func() {})
				if err := errors.Join(errs...); err != nil || longest != latency {
					t.Errorf("a Flush took %v: %v", longest, err)
				}
				if n := len(sink.Requests()); n != 1 {
					t.Errorf("%d requests for one batch, want 1", n)
				}
				errs, longest = flushStorm(t.Context(), client, func() {})
				if err := errors.Join(errs...); err != nil || longest != 0 || len(sink.Requests()) != 1 {
					t.Errorf("with nothing to flush: %v, %v, %d requests", err, longest, len(sink.Requests()))
				}
				var mu sync.Mutex
				const rounds = 4
				for range rounds {
					errs, longest = flushStorm(t.Context(), client, func() {
						mu.Lock()
						defer mu.Unlock()
						ids = append(ids, record(t, client, 1)...)
					})
					if err := errors.Join(errs...); err != nil || longest > 3*latency {
						t.Errorf("a Flush took %v: %v", longest, err)
					}
				}
				if n := len(sink.Requests()); n > 1+3*rounds {
					t.Errorf("%d requests for %d storms, want at most three for each", n, rounds)
				}
				if err := sink.Report().Check(ids); err != nil {
					t.Error(err)
				}
				client.Close(t.Context())
			})
		})
	}
}

// TestRow63FlushStormInAnOutage: impatience does not bring more requests to a server that is down.
func TestRow63FlushStormInAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		server.rest = unreachable
		client := newClient(t, server)
		ids := record(t, client, 10)
		began := time.Now()
		for time.Since(began) < 30*time.Second {
			ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
			errs, longest := flushStorm(ctx, client, func() {})
			cancel()
			for _, err := range errs {
				if incomplete := new(sentrial.IncompleteError); !errors.As(err, &incomplete) || incomplete.Stats.Queued != 10 || !errors.Is(err, errNetwork) {
					t.Fatalf("Flush: %v", err)
				}
			}
			checkBetween(t, "the longest Flush", longest, 0, 700*time.Millisecond)
			time.Sleep(2300 * time.Millisecond)
		}
		if n := len(server.requests()); n > 6 {
			t.Errorf("%d requests in 30 s, want those of the backoff", n)
		}
		server.mu.Lock()
		server.rest = accept
		server.mu.Unlock()
		time.Sleep(time.Minute)
		checkStats(t, client, len(ids), 0, nothing)
	})
}

// TestRow63FlushStormRacing is the same on the real clock, with a server that answers at once. Each goroutine has a session of its own.
func TestRow63FlushStormRacing(t *testing.T) {
	sink := faultsink.New()
	client := newClient(t, &gatedSink{sink: sink}, sentrial.WithCloseTimeout(patience))
	ids := make([]string, storm)
	var next atomic.Int32
	errs, _ := flushStorm(t.Context(), client, func() {
		i := next.Add(1) - 1
		ids[i] = client.Session(fmt.Sprint("s", i)).TrackStep(t.Context(), types.Step{Name: "n"})
	})
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	checkStats(t, client, storm, 0, nothing)
	if err := sink.Report().Check(ids); err != nil {
		t.Error(err)
	}
}
