package hivium_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// calls makes n calls by that many goroutines, and fails the test if one fails.
func calls(t *testing.T, n, goroutines int, clients ...*hivium.Client) {
	t.Helper()
	work := make(chan int, n)
	for i := range n {
		work <- i
	}
	close(work)
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for i := range work {
				if _, err := clients[i%len(clients)].Runs.List(t.Context(), hivium.ListRuns{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// slow answers after a while that differs from request to request, half of it before the platform counts the request and half of it after.
func slow(_ string, n int) hiviumtest.Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		half := time.Duration(n*7919%1500) * time.Millisecond
		time.Sleep(half)
		next.ServeHTTP(w, r)
		time.Sleep(half)
	}
}

// TestPacing makes 200 calls in the time that they need, and no request too many.
func TestPacing(t *testing.T) {
	for _, goroutines := range []int{1, 7, 200} {
		for name, faults := range map[string]hiviumtest.Faults{"at once": nil, "slow": slow} {
			t.Run(fmt.Sprint(goroutines, " ", name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					h := hiviumtest.New()
					h.Fault(faults)
					c := inMemory(t, h)
					began := time.Now()
					calls(t, 200, goroutines, c)
					same(t, "refused", h.RateLimited(), 0)
					same(t, "requests", h.Count("agents.runs.list"), 200)
					if took := time.Since(began); took < 3*time.Minute || faults == nil && took > 184*time.Second {
						t.Errorf("200 calls took %v", took)
					}
				})
			})
		}
	}
}

// TestPacingWithoutHeaders: the client's own count suffices.
func TestPacingWithoutHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		h.Fault(slow)
		s := memhttp.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			reply := httptest.NewRecorder()
			h.ServeHTTP(reply, r)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(reply.Code)
			_, _ = w.Write(reply.Body.Bytes())
		}))
		c, err := hivium.New(h.APIKey(), hivium.WithBaseURL(s.URL()), hivium.WithHTTPClient(s.Client()))
		if err != nil {
			t.Fatal(err)
		}
		calls(t, 200, 7, c)
		same(t, "refused", h.RateLimited(), 0)
	})
}

// TestPacingForReal makes more calls than fit in a window over a real connection.
func TestPacingForReal(t *testing.T) {
	h := hiviumtest.Start(t, hiviumtest.WithRateLimit(60, 2*time.Second))
	c := connect(t, h, hivium.WithRateLimit(60, 2*time.Second))
	began := time.Now()
	calls(t, 61, 4, c)
	if took := time.Since(began); took < 2*time.Second {
		t.Errorf("61 calls took %v", took)
	}
	same(t, "refused", h.RateLimited(), 0)
	same(t, "requests", h.Count("agents.runs.list"), 61)
}

// Whoever came first goes first, also those that come again and again.
func TestPacingIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		c := inMemory(t, h, hivium.WithRateLimit(1, time.Second))
		calls(t, 1, 1, c)
		var mu sync.Mutex
		var order []int
		var wg sync.WaitGroup
		for i := range 30 {
			wg.Go(func() {
				if _, err := c.Runs.List(t.Context(), hivium.ListRuns{}); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
			})
			synctest.Wait()
		}
		wg.Wait()
		if !slices.IsSorted(order) || len(order) != 30 {
			t.Errorf("they went in the order %v", order)
		}
	})
}

// The wait for a turn ends with the context: at once if it is known that it will, and for those at the end of the queue too.
func TestPacingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		c := inMemory(t, h, hivium.WithRateLimit(1, time.Minute))
		calls(t, 1, 1, c)
		began := time.Now()
		soon, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		_, err := c.Runs.List(soon, hivium.ListRuns{})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 0 {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if _, err := c.Runs.List(ctx, hivium.ListRuns{}); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			})
		}
		time.Sleep(10 * time.Second)
		stop()
		wg.Wait()
		same(t, "time", time.Since(began), 10*time.Second)
		same(t, "requests", h.Count("agents.runs.list"), 1)
		calls(t, 1, 1, c)
		same(t, "time", time.Since(began), time.Minute)
	})
}

// A call whose context ends while it waits to be tried again tells of what was sent: its key goes on where it ended.
func TestARetryThatHasNoTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		c := inMemory(t, h, hivium.WithRateLimit(1, time.Minute))
		h.Fault(first(1, "contacts.create", hiviumtest.LostReply()))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		_, err := c.Contacts.Create(ctx, carla)
		var e *hivium.Error
		if !errors.As(err, &e) || e.Code != hivium.CodeNetwork || e.IdempotencyKey == "" || e.Attempts != 1 || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		if _, err := c.Contacts.Create(t.Context(), carla, hivium.WithIdempotencyKey(e.IdempotencyKey)); err != nil {
			t.Error(err)
		}
		page, err := c.Contacts.List(t.Context(), hivium.ListContacts{})
		if err != nil || len(page.Data) != 1 {
			t.Errorf("there are %+v, %v", page, err)
		}
	})
}

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

// A request counts from when it is sent until a window after its reply: nobody knows when the server saw it.
func TestRequestsWithoutAReplyCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		c := inMemory(t, h, hivium.WithRateLimit(2, time.Minute), hivium.WithMaxRetries(0))
		h.Fault(func(_ string, n int) hiviumtest.Fault {
			if n > 2 {
				return nil
			}
			return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				time.Sleep(10 * time.Second)
				hiviumtest.NoReply()(w, r, next)
			}
		})
		began := time.Now()
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if _, err := c.Runs.List(t.Context(), hivium.ListRuns{}); !errors.Is(err, hivium.ErrNetwork) {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		calls(t, 1, 1, c)
		wg.Wait()
		same(t, "time", time.Since(began), 70*time.Second)
	})
}
