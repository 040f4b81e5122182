package sentinel_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

// calls are the three ways of asking.
var calls = map[string]func(context.Context, *sentinel.Client) error{
	"upload": func(ctx context.Context, c *sentinel.Client) error {
		_, err := c.Documents.Upload(ctx, "a.txt", strings.NewReader("content"))
		return err
	},
	"get": func(ctx context.Context, c *sentinel.Client) error {
		_, err := c.Documents.Get(ctx, "doc_1")
		return err
	},
	"send": func(ctx context.Context, c *sentinel.Client) error {
		_, err := c.Chat.Send(ctx, "s", "hello")
		return err
	},
}

// TestRetryTable is the table of the documentation.
func TestRetryTable(t *testing.T) {
	for status, attempts := range map[int]int{
		429: 4, 500: 4, 502: 4, 503: 4, 504: 4,
		400: 1, 401: 1, 403: 1,
		302: 1, 404: 1, 408: 1, 413: 1, 422: 1, 501: 1, // it does not name these
	} {
		for name, call := range calls {
			synctest.Test(t, func(t *testing.T) {
				platform := inMemory(t)
				platform.InjectFunc(func(*http.Request) *sentineltest.Fault { return &sentineltest.Fault{Status: status} })
				began := time.Now()
				err := call(t.Context(), clientOf(t, platform))
				failed := wantAs[*sentinel.APIError](t, err)
				if failed.Status != status || failed.Attempts != attempts || len(platform.Requests()) != attempts {
					t.Errorf("%s: status %d: %v after %d requests, want %d", name, status, err, len(platform.Requests()), attempts)
				}
				if took := time.Since(began); attempts == 4 && (took < 7*time.Second || took > 10500*time.Millisecond) || attempts == 1 && took != 0 {
					t.Errorf("%s: status %d: it took %v, want 1 s + 2 s + 4 s and up to half as much again", name, status, took)
				}
			})
		}
	}
}

func TestRetryDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		var at []time.Time
		platform.InjectFunc(func(*http.Request) *sentineltest.Fault {
			at = append(at, time.Now())
			return &sentineltest.Fault{Status: 503}
		})
		_ = calls["get"](t.Context(), clientOf(t, platform, sentinel.WithMaxRetries(4)))
		for i, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 4 * time.Second} {
			if got := at[i+1].Sub(at[i]); got < want || got > want*3/2 {
				t.Errorf("delay %d is %v, want %v and up to half as much again", i, got, want)
			}
		}
	})
}

func TestRetrySucceeds(t *testing.T) {
	for name, call := range calls {
		synctest.Test(t, func(t *testing.T) {
			platform := inMemory(t)
			client := clientOf(t, platform)
			noError(t, calls["upload"](t.Context(), client))
			platform.Inject(sentineltest.Fault{Status: 500}, sentineltest.Fault{Status: 504}, sentineltest.Fault{Status: 429, RetryAfter: "1"})
			if err := call(t.Context(), client); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		platform.Inject(sentineltest.Fault{Status: 429, RetryAfter: "20"})
		client, began := clientOf(t, platform), time.Now()
		noError(t, calls["send"](t.Context(), client))
		if took := time.Since(began); took < 20*time.Second || took > 20500*time.Millisecond {
			t.Errorf("it took %v, want the 20 s that were asked for, and up to half a second more", took)
		}
	})
}

func TestRateLimitErrorTellsHowLong(t *testing.T) {
	for header, want := range map[string]time.Duration{"7": 7 * time.Second, "": time.Second, "soon": time.Second} {
		platform, client := started(t)
		platform.Inject(sentineltest.Fault{Status: 429, RetryAfter: header})
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond) // less than the first delay, so there is no second attempt
		err := calls["send"](ctx, client)
		cancel()
		limited := wantAs[*sentinel.RateLimitError](t, err)
		if limited.RetryAfter != want || limited.Attempts != 1 || !errors.Is(err, sentinel.ErrRateLimited) {
			t.Errorf("Retry-After %q: got %v with %v, want %v", header, err, limited.RetryAfter, want)
		}
	}
}

// TestRetryDoesNotWaitInVain: no time is lost on a wait that the context will cut.
func TestRetryDoesNotWaitInVain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		platform.Inject(sentineltest.Fault{Status: 503, RetryAfter: "60"})
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		began := time.Now()
		err := calls["get"](ctx, clientOf(t, platform))
		if !errors.Is(err, sentinel.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 0 {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
	})
}

func TestRetryEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		platform.InjectFunc(func(*http.Request) *sentineltest.Fault { return &sentineltest.Fault{Status: 503} })
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, cancel)
		began := time.Now()
		err := calls["upload"](ctx, clientOf(t, platform))
		if !errors.Is(err, context.Canceled) || time.Since(began) != 500*time.Millisecond || wantAs[*sentinel.APIError](t, err).Attempts != 1 {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
	})
}

// TestLostReply: what may have been carried out is not asked for twice.
func TestLostReply(t *testing.T) {
	for _, fault := range []sentineltest.Fault{{LoseReply: true}, {CutBody: true}, {Garble: true}} {
		for name, call := range calls {
			synctest.Test(t, func(t *testing.T) {
				platform := inMemory(t)
				client := clientOf(t, platform)
				noError(t, calls["upload"](t.Context(), client))
				platform.Inject(fault)
				err := call(t.Context(), client)
				switch {
				case name == "get" && (err != nil || len(platform.Requests()) != 3):
					t.Errorf("%+v: %s: got %v after %d requests", fault, name, err, len(platform.Requests()))
				case name != "get" && (err == nil || len(platform.Requests()) != 2 || !strings.Contains(err.Error(), "may have been carried out")):
					t.Errorf("%+v: %s: got %v after %d requests", fault, name, err, len(platform.Requests()))
				}
				if name == "send" && len(platform.Messages("s")) != 2 {
					t.Errorf("%+v: the message was taken %d times", fault, len(platform.Messages("s"))/2)
				}
			})
		}
	}
}

// TestBrokenUploadIsTriedAgain: a request that did not leave as a whole harms nobody.
func TestBrokenUploadIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		platform.Inject(sentineltest.Fault{Drop: true})
		_, err := clientOf(t, platform).Documents.Upload(t.Context(), "a.bin", strings.NewReader(strings.Repeat("x", 2<<20)))
		noError(t, err)
		if len(platform.Documents()) != 1 || len(platform.Requests()) != 2 {
			t.Errorf("%d documents after %d requests", len(platform.Documents()), len(platform.Requests()))
		}
	})
}

// TestNoConnectionIsTriedAgain counts what is dialled.
func TestNoConnectionIsTriedAgain(t *testing.T) {
	for name, call := range calls {
		synctest.Test(t, func(t *testing.T) {
			var dialled atomic.Int64
			refuses := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
				dialled.Add(1)
				return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
			}}}
			client := newClient(t, "http://nowhere.example", sentinel.WithAccessToken("t"), sentinel.WithHTTPClient(refuses))
			failed := wantAs[*sentinel.NetworkError](t, call(t.Context(), client))
			if failed.Attempts != 4 || dialled.Load() != 4 || failed.Uncertain {
				t.Errorf("%s: %v after %d attempts, uncertain %v", name, failed, dialled.Load(), failed.Uncertain)
			}
		})
	}
}

func TestEveryFifthReplyIs503(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t, sentineltest.WithSteps(1))
		var n atomic.Int64
		platform.InjectFunc(func(*http.Request) *sentineltest.Fault {
			if n.Add(1)%5 == 0 {
				return &sentineltest.Fault{Status: 503}
			}
			return nil
		})
		client := clientOf(t, platform)
		for range 50 {
			doc, err := client.Documents.Upload(t.Context(), "a.txt", strings.NewReader("content"))
			noError(t, err)
			_, err = client.Documents.Wait(t.Context(), doc.ID)
			noError(t, err)
			_, err = client.Chat.Send(t.Context(), "s", "hello")
			noError(t, err)
		}
		if len(platform.Documents()) != 50 || len(platform.Messages("s")) != 100 {
			t.Errorf("%d documents and %d messages", len(platform.Documents()), len(platform.Messages("s")))
		}
	})
}

// TestStormOf429: the limit is enforced, and Retry-After leads through it.
func TestStormOf429(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t, sentineltest.WithRateLimit(10, 2*time.Second))
		client := clientOf(t, platform)
		for range 45 {
			noError(t, calls["send"](t.Context(), client))
		}
		refused := 0
		for _, r := range platform.Requests() {
			if r.Status == http.StatusTooManyRequests {
				refused++
			}
		}
		if len(platform.Messages("s")) != 90 || refused == 0 {
			t.Errorf("%d messages, %d refused", len(platform.Messages("s")), refused)
		}
	})
}

// TestStormOf429AtOnce: the same of goroutines that all begin in the same moment.
func TestStormOf429AtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t, sentineltest.WithRateLimit(10, 2*time.Second))
		client := clientOf(t, platform)
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				if err := calls["send"](t.Context(), client); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(platform.Messages("s")); n != 60 {
			t.Errorf("%d messages, want 30 with their answers", n)
		}
	})
}
