package agentidp_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/agentidp"
	"github.com/sentrial/sentrial-go/clients/agentidp/agentidptest"
)

// A token is kept until a minute before it expires, or for half of its life if that is longer away.
func TestWhenATokenIsRenewed(t *testing.T) {
	for life, renewed := range map[time.Duration]time.Duration{time.Hour: 59 * time.Minute, 2 * time.Minute: time.Minute, time.Minute: 30 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			idp, c := inMemory(t, agentidptest.WithTokenLifetime(life))
			ask := func() {
				t.Helper()
				if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
					t.Fatal(err)
				}
			}
			ask()
			time.Sleep(renewed - time.Millisecond)
			ask()
			same(t, "tokens before", idp.Count("tokens.issue"), 1)
			time.Sleep(time.Millisecond)
			ask()
			ask()
			same(t, "tokens after", idp.Count("tokens.issue"), 2)
			same(t, "requests", idp.Count("agents.get"), 4)
		})
	}
}

// However many need a token at once, one is fetched: at the beginning, when it has expired, and when all are refused in mid-flight.
func TestOneRefreshForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		idp, c := inMemory(t)
		slowly := func(op string, _ int) agentidptest.Fault {
			if op != "tokens.issue" {
				return nil
			}
			return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				time.Sleep(time.Second)
				next.ServeHTTP(w, r)
			}
		}
		idp.Fault(slowly)
		all := func(what string, tokens int) {
			t.Helper()
			var wg sync.WaitGroup
			for range 100 {
				wg.Go(func() {
					if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
						t.Errorf("%s: %v", what, err)
					}
				})
			}
			wg.Wait()
			same(t, what+": tokens", idp.Count("tokens.issue"), tokens)
		}
		all("at first", 1)
		all("with a token", 1)
		time.Sleep(time.Hour)
		all("expired", 2)
		idp.ExpireTokens()
		all("refused", 3)
		c.ClearTokenCache()
		all("cleared", 4)
	})
}

// The tokens expire while a hundred requests are under way on real connections.
func TestTokensExpireInMidFlight(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
		t.Fatal(err)
	}
	var arrived sync.WaitGroup
	var expire sync.Once
	var waiting atomic.Int64
	arrived.Add(100)
	idp.Fault(func(op string, _ int) agentidptest.Fault {
		if op != "agents.get" || waiting.Add(1) > 100 {
			return nil
		}
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			arrived.Done()
			arrived.Wait() // all have the token
			expire.Do(idp.ExpireTokens)
			next.ServeHTTP(w, r)
		}
	})
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	same(t, "tokens", idp.Count("tokens.issue"), 2)
	same(t, "requests", idp.Count("agents.get"), 201)
}

// One caller's cancellation fails that caller alone, also if it was the first; when nobody waits any more the fetch ends.
func TestACallersCancellationIsItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		idp, c := inMemory(t)
		ended := make(chan struct{}, 1)
		idp.Fault(func(op string, n int) agentidptest.Fault {
			if op != "tokens.issue" {
				return nil
			}
			return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				select {
				case <-time.After(10 * time.Second):
					next.ServeHTTP(w, r)
				case <-r.Context().Done():
					ended <- struct{}{}
				}
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := c.Agents.Get(ctx, idp.ClientID()); !errors.Is(err, context.Canceled) {
				t.Errorf("the one that gave up: %v", err)
			}
		})
		synctest.Wait() // it is the first
		for range 10 {
			wg.Go(func() {
				if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
					t.Errorf("another one: %v", err)
				}
			})
		}
		time.Sleep(time.Second)
		cancel()
		wg.Wait()
		same(t, "tokens", idp.Count("tokens.issue"), 1)

		c.ClearTokenCache()
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.Agents.Get(ctx, idp.ClientID()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("alone: %v", err)
		}
		<-ended
	})
}

// A cleared cache is not filled by a fetch that began before.
func TestClearingWhileATokenIsFetched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		idp, c := inMemory(t)
		idp.Fault(func(op string, n int) agentidptest.Fault {
			return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				time.Sleep(time.Second)
				next.ServeHTTP(w, r)
			}
		})
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = c.TokenSource().Token(t.Context()) })
		synctest.Wait()
		c.ClearTokenCache()
		wg.Wait()
		if _, err := c.TokenSource().Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		same(t, "tokens", idp.Count("tokens.issue"), 2)
	})
}

// While the platform cannot issue tokens the old one goes on as long as it lives, and calls do not wait for attempts all the time; what it refuses it refuses.
func TestATokenThatCannotBeRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		idp, c := inMemory(t)
		if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
			t.Fatal(err)
		}
		answers := func(status int) {
			idp.Fault(func(op string, _ int) agentidptest.Fault {
				if op == "tokens.issue" {
					return agentidptest.Status(status)
				}
				return nil
			})
		}
		goesOn := func(what string, tokens int) {
			t.Helper()
			if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			same(t, what+": attempts", idp.Count("tokens.issue"), tokens)
		}
		time.Sleep(59*time.Minute + time.Second)
		answers(503)
		goesOn("503", 5)
		began := time.Now()
		goesOn("503 again", 5)
		same(t, "waited", time.Since(began), time.Duration(0))
		answers(429)
		time.Sleep(10 * time.Second)
		goesOn("429", 9)
		answers(403)
		time.Sleep(10 * time.Second)
		if _, err := c.Agents.Get(t.Context(), idp.ClientID()); !errors.Is(err, agentidp.ErrForbidden) {
			t.Errorf("403: %v", err)
		}
		answers(503)
		goesOn("503 once more", 14)
		time.Sleep(time.Minute)
		if _, err := c.Agents.Get(t.Context(), idp.ClientID()); !errors.Is(err, agentidp.ErrInternal) {
			t.Errorf("when it has expired: %v", err)
		}
	})
}

// A 401 is answered by one more request with a new token, whatever the request.
func TestARefusedTokenIsRenewedOnce(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	register(t, c, "a@b.c")
	idp.ExpireTokens()
	register(t, c, "b@b.c") // which is not retried otherwise
	same(t, "tokens", idp.Count("tokens.issue"), 2)
	same(t, "requests", idp.Count("agents.register"), 3)
	idp.Fault(first(1000, "agents.get", agentidptest.Status(http.StatusUnauthorized)))
	if _, err := c.Agents.Get(t.Context(), "x"); !errors.Is(err, agentidp.ErrUnauthorized) {
		t.Errorf("refused for ever: %v", err)
	}
	same(t, "requests that are refused", idp.Count("agents.get"), 2)
}

func TestInvalidateMeansTheTokenThatWasGiven(t *testing.T) {
	idp := agentidptest.Start(t)
	c := connect(t, idp)
	source := c.TokenSource()
	invalidate := source.(interface{ Invalidate() }).Invalidate
	invalidate()
	old, _ := source.Token(t.Context())
	if again, err := source.Token(t.Context()); err != nil || again != old {
		t.Errorf("it is not kept: %v", err)
	}
	invalidate()
	if _, err := c.Agents.Get(t.Context(), idp.ClientID()); err != nil { // which fetches another one
		t.Fatal(err)
	}
	invalidate()
	if next, err := source.Token(t.Context()); err != nil || next == old {
		t.Errorf("got the old one, %v", err)
	}
	same(t, "tokens", idp.Count("tokens.issue"), 2)
}

type panickingTransport struct{}

func (panickingTransport) RoundTrip(*http.Request) (*http.Response, error) { panic("out of order") }

// A transport that panics fails the call: the fetch is on a goroutine of its own, where a panic would end the program.
func TestATransportThatPanics(t *testing.T) {
	client, err := agentidp.New("https://idp.example", "id", "secret", agentidp.WithHTTPClient(&http.Client{Transport: panickingTransport{}}))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := client.TokenSource().Token(t.Context()); err == nil || !strings.Contains(err.Error(), "out of order") {
			t.Errorf("the error is %v", err)
		}
	}
}
