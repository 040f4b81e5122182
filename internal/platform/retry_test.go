package platform_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/platform"
)

// times are when requests came, counted from the first.
type times struct {
	began time.Time
	at    []time.Duration
}

func (s *times) note() {
	if s.began.IsZero() {
		s.began = time.Now()
	}
	s.at = append(s.at, time.Since(s.began))
}

func (s *times) String() string {
	var b strings.Builder
	for _, d := range s.at {
		b.WriteString(d.String() + " ")
	}
	return strings.TrimSpace(b.String())
}

func TestRetries(t *testing.T) {
	ok := func(w http.ResponseWriter) { answer(w, 200, `{"id":"1"}`) }
	status := func(status int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { answer(w, status, `{}`) }
	}
	after := func(status int, value string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.Header().Set("Retry-After", value); answer(w, status, `{}`) }
	}
	cutOf := func(status int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.Header().Set("Content-Length", "1000"); answer(w, status, `{"id":`) }
	}
	cut := cutOf(200)
	lost := func(http.ResponseWriter) { panic(http.ErrAbortHandler) }
	page := func(w http.ResponseWriter) { _, _ = w.Write([]byte("<html>")) }
	type handler = func(http.ResponseWriter)
	for _, c := range []struct {
		name    string
		replies []handler
		times   string
		fails   bool
	}{
		{"the first", []handler{ok}, "0s", false},
		{"the last", []handler{status(503), status(500), status(429), ok}, "0s 1s 3s 7s", false},
		{"none", []handler{status(503), status(503), status(504), status(502), ok}, "0s 1s 3s 7s", true},
		{"another status", []handler{status(400), ok}, "0s", true},
		{"a redirect", []handler{status(302), ok}, "0s", true},
		{"Retry-After", []handler{after(429, "30"), ok}, "0s 30s", false},
		{"Retry-After sooner", []handler{after(429, "0"), ok}, "0s 1s", false},
		{"Retry-After nonsense", []handler{after(429, "soon"), ok}, "0s 1s", false},
		{"Retry-After too long", []handler{after(503, "86400"), ok}, "0s 5m0s", false},
		{"cut", []handler{cut, ok}, "0s 1s", false},
		{"cut, of a status that is final", []handler{cutOf(403), ok}, "0s", true},
		{"lost", []handler{lost, lost, ok}, "0s 1s 3s", false},
		{"garbled", []handler{page, ok}, "0s 1s", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			var seen times
			client := inMemory(t, platform.Config{Retry: policy}, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				seen.note()
				c.replies[len(seen.at)-1](w)
			})
			q := get("/", new(thing))
			q.Method, q.JSON = http.MethodPost, map[string]int{"a": 1}
			_, err := client.Do(t.Context(), q)
			if seen.String() != c.times || (err != nil) != c.fails {
				t.Errorf("%s: requests at %s, want %s; error %v", c.name, &seen, c.times, err)
			}
		})
	}
}

func TestWhatMayNotBeRepeatedIsNot(t *testing.T) {
	for name, edit := range map[string]func(*platform.Config, *platform.Request){
		"the request": func(_ *platform.Config, q *platform.Request) { q.Retry = false },
		"the policy":  func(cfg *platform.Config, _ *platform.Request) { cfg.Retry = platform.RetryPolicy{} },
	} {
		requests, cfg, q := 0, platform.Config{Retry: policy}, get("/", new(thing))
		edit(&cfg, &q)
		c := onLoopback(t, cfg, func(w http.ResponseWriter, _ *http.Request) { requests++; answer(w, 503, `{}`) })
		if _, err := c.Do(t.Context(), q); err == nil || requests != 1 {
			t.Errorf("%s: %d requests, %v", name, requests, err)
		}
	}
}

func TestWaitsEndWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := inMemory(t, platform.Config{Retry: policy}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "60")
			answer(w, 503, `{}`)
		})
		began := time.Now()
		short, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if _, err := c.Do(short, get("/", nil)); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "status 503") || time.Since(began) != 0 {
			t.Errorf("after %v: %v; want to be told at once that there is no time for another attempt", time.Since(began), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Second, cancel)
		if _, err := c.Do(ctx, get("/", nil)); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "status 503") || time.Since(began) != 20*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

func TestASlowReplyIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen times
		c := inMemory(t, platform.Config{Retry: policy, Timeout: 5 * time.Second}, func(w http.ResponseWriter, r *http.Request) {
			if seen.note(); len(seen.at) == 1 {
				<-r.Context().Done()
				return
			}
			answer(w, 200, `{"id":"1"}`)
		})
		if _, err := c.Do(t.Context(), get("/", new(thing))); err != nil || seen.String() != "0s 6s" {
			t.Errorf("requests at %s, %v", &seen, err)
		}
	})
}

func TestErrorsKnowTheAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failed, broke []int
		cfg := platform.Config{
			Retry:   policy,
			Fail:    func(_ *httpx.Response, n int) error { failed = append(failed, n); return errors.New("failed") },
			Network: func(err error, n int) error { broke = append(broke, n); return err },
		}
		c := inMemory(t, cfg, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/lost" {
				panic(http.ErrAbortHandler)
			}
			answer(w, 500, `{}`)
		})
		_, _ = c.Do(t.Context(), get("/", nil))
		_, _ = c.Do(t.Context(), get("/lost", nil))
		if len(failed) != 4 || failed[3] != 4 || len(broke) != 4 || broke[3] != 4 {
			t.Errorf("failed %v, no reply %v", failed, broke)
		}
	})
}

// What an attempt left behind is not part of what the next one returns.
func TestAttemptsDoNotMix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		c := inMemory(t, platform.Config{Retry: policy}, func(w http.ResponseWriter, _ *http.Request) {
			if requests++; requests == 1 {
				answer(w, 200, `{"token":"old"}`)
				return
			}
			answer(w, 200, `{"id":"1"}`)
		})
		var got thing
		if _, err := c.Do(t.Context(), get("/", &got)); err != nil || got != (thing{ID: "1"}) {
			t.Errorf("got %q with token %q, %v", got.ID, got.Token.Reveal(), err)
		}
	})
}

func TestJitter(t *testing.T) {
	for header, want := range map[string]time.Duration{"": 4 * time.Second, "60": time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			var seen times
			p := policy
			p.Jitter, p.Attempts = 0.5, 50
			c := inMemory(t, platform.Config{Retry: p}, func(w http.ResponseWriter, _ *http.Request) {
				seen.note()
				w.Header().Set("Retry-After", header)
				answer(w, 500, `{}`)
			})
			_, _ = c.Do(t.Context(), get("/", nil))
			least, most := time.Hour, time.Duration(0)
			for i := 4; i < len(seen.at); i++ {
				d := seen.at[i] - seen.at[i-1]
				least, most = min(least, d), max(most, d)
			}
			if least < want || most > want+2*time.Second || least == most {
				t.Errorf("Retry-After %q: delays from %v to %v, want %v and up to 2 s more", header, least, most, want)
			}
		})
	}
}

// The status of a reply says that it is none, also of one that was cut short.
func TestAFailureThatIsCutShort(t *testing.T) {
	var seen []int
	cfg := platform.Config{After: func(r *httpx.Response) { seen = append(seen, r.Status) }}
	c := onLoopback(t, cfg, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		answer(w, map[string]int{"/a": 403, "/b": 200}[r.URL.Path], `{"error":`)
	})
	if reply, err := c.Do(t.Context(), get("/a", new(thing))); err == nil || err.Error() != "things: status 403: Forbidden" || reply.Status != 403 {
		t.Errorf("got %v", err)
	}
	var cut *httpx.CutError
	if _, err := c.Do(t.Context(), get("/b", new(thing))); !errors.As(err, &cut) {
		t.Errorf("got %v", err)
	}
	if len(seen) != 2 || seen[0] != 403 || seen[1] != 200 {
		t.Errorf("After saw %v", seen)
	}
}
