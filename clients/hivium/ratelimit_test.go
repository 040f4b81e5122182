package hivium_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
)

// Requests of others are seen although the client's own have meanwhile left the window.
func TestOthersBehindASlowReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		one, two := inMemory(t, h), inMemory(t, h)
		calls(t, 40, 1, one)
		time.Sleep(55 * time.Second)
		h.Fault(func(_ string, n int) hiviumtest.Fault {
			return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if n == 41 {
					time.Sleep(10 * time.Second)
				}
				next.ServeHTTP(w, r)
				time.Sleep(time.Millisecond) // so that the others are sent before the first reply
			}
		})
		var wg sync.WaitGroup
		wg.Go(func() { calls(t, 1, 1, one) })
		time.Sleep(8 * time.Second)
		calls(t, 50, 1, two)
		wg.Wait()
		calls(t, 40, 40, one)
		same(t, "refused", h.RateLimited(), 0)
	})
}

// Requests of other processes with the same key are seen in the headers.
func TestPacingBesideOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		one, two := inMemory(t, h), inMemory(t, h)
		calls(t, 40, 4, one)
		calls(t, 1, 1, two)
		began := time.Now()
		calls(t, 39, 39, two)
		same(t, "refused", h.RateLimited(), 0)
		same(t, "time", time.Since(began), time.Minute)
	})
}

// A limit that the server tells counts, unless a lower one is asked for.
func TestTheLimitThatTheServerTells(t *testing.T) {
	for _, test := range []struct {
		server, own int
		want        time.Duration // of 90 calls
	}{{10, 0, 8 * time.Minute}, {1000, 0, 0}, {1000, 15, 5 * time.Minute}, {10, 15, 8 * time.Minute}} {
		synctest.Test(t, func(t *testing.T) {
			h := hiviumtest.New(hiviumtest.WithRateLimit(test.server, time.Minute))
			var opts []hivium.Option
			if test.own > 0 {
				opts = append(opts, hivium.WithRateLimit(test.own, time.Minute))
			}
			c := inMemory(t, h, opts...)
			began := time.Now()
			calls(t, 90, 1, c)
			same(t, "refused", h.RateLimited(), 0)
			same(t, fmt.Sprintf("%+v: minutes", test), time.Since(began).Round(10*time.Second), test.want)
		})
	}
}

// When nothing remains, nothing is sent until the reset, by a client without a limit of its own either.
func TestTheResetIsWaitedFor(t *testing.T) {
	for _, opts := range [][]hivium.Option{nil, {hivium.WithRateLimit(0, 0)}} {
		synctest.Test(t, func(t *testing.T) {
			h := hiviumtest.New()
			c := inMemory(t, h, opts...)
			h.Fault(first(1, "agents.runs.list", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
				w.Header().Set("X-RateLimit-Limit", "60")
				w.Header().Set("X-RateLimit-Remaining", "0")
				w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(time.Now().Add(90*time.Second).Unix(), 10))
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"data":[]}`))
			}))
			began := time.Now()
			calls(t, 2, 1, c)
			same(t, "time", time.Since(began), 90*time.Second)
		})
	}
}

// Retry-After is for all goroutines: one that is refused keeps the others back.
func TestRetryAfterHoldsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		c := inMemory(t, h)
		h.Fault(first(1, "agents.runs.list", hiviumtest.RetryAfter(429, 30*time.Second)))
		began := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() { calls(t, 1, 1, c) })
		synctest.Wait()
		wg.Go(func() { calls(t, 10, 10, c) })
		time.Sleep(29 * time.Second)
		same(t, "requests within Retry-After", h.Count("agents.runs.list"), 1)
		wg.Wait()
		same(t, "time", time.Since(began), 30*time.Second)
	})
}

// Without pacing the replies alone say when to wait; with it the storm does not begin.
func TestA429Storm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		calls(t, 90, 90, inMemory(t, h, hivium.WithRateLimit(0, 0)))
		if h.RateLimited() == 0 {
			t.Error("nothing was refused")
		}
	})
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New(hiviumtest.WithRateLimit(1000, time.Minute))
		h.Fault(func(_ string, n int) hiviumtest.Fault {
			if n%2 == 1 && n < 60 {
				return hiviumtest.RetryAfter(429, 3*time.Second)
			}
			return nil
		})
		calls(t, 50, 5, inMemory(t, h, hivium.WithMaxRetries(30)))
	})
}
