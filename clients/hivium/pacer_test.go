package hivium_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
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
