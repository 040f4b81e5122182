package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
)

// tokenSource gives the sink's current token, from a cache that only Invalidate empties.
type tokenSource struct {
	t     *testing.T
	issue func() (string, error)

	mu               sync.Mutex
	cached           string
	issued, told     int
	asking, mostAtOn atomic.Int32
}

func (s *tokenSource) Token(ctx context.Context) (string, error) {
	s.mostAtOn.Store(max(s.mostAtOn.Load(), s.asking.Add(1)))
	defer s.asking.Add(-1)
	if ctx.Err() != nil {
		s.t.Error("asked with a context that is done")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cached != "" {
		return s.cached, nil
	}
	s.issued++
	token, err := s.issue()
	s.cached = token
	return token, err
}

func (s *tokenSource) Invalidate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told++
	s.cached = ""
}

// TestRow23ExpiredToken: each time the token expires the source is asked for another one, once, and nothing waits for it.
func TestRow23ExpiredToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		token := faultsink.NewToken("token-0")
		source := &tokenSource{t: t, issue: func() (string, error) { return token.Get(), nil }}
		sink := faultsink.New(faultsink.Authorize(token))
		client := sinkClient(t, sink, sentrial.WithTokenSource(source), sentrial.WithAPIKey("unused-key"))
		var ids []string
		for i := range 50 {
			token.Set(fmt.Sprintf("token-%d", i))
			ids = append(ids, named(t, client, among(100)...)...)
			flush(t, client)
		}
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
		checkStats(t, client, len(ids), 0, nothing)
		if source.issued != 50 || source.told != 49 || len(sink.Requests()) != 99 {
			t.Errorf("%d tokens issued, Invalidate called %d times, %d requests; want 50, 49, 99", source.issued, source.told, len(sink.Requests()))
		}
		if _, err := client.GetSession(t.Context(), "s"); !errors.Is(err, sentrial.ErrNotFound) {
			t.Errorf("reading: %v", err) // this server has nothing to read, but took the token
		}
	})
}

// TestRow23ManyRequestsOneRefresh: eight requests are under way when the token expires.
func TestRow23ManyRequestsOneRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		token := faultsink.NewToken("first")
		source := &tokenSource{t: t, issue: func() (string, error) { return token.Get(), nil }}
		slow := func(s faultsink.Step) faultsink.Step { return faultsink.Then(faultsink.Wait(3*time.Second), s) }
		sink := faultsink.New(faultsink.Times(8, slow(faultsink.Status(401))), faultsink.Authorize(token), faultsink.Always(slow(faultsink.Accept)))
		client := sinkClient(t, sink, sentrial.WithTokenSource(source))
		var ids []string
		for range 8 {
			ids = append(ids, named(t, client, among(1000)...)...)
		}
		time.Sleep(2 * time.Second)
		token.Set("second")
		flush(t, client)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
		if peak := sink.Report().PeakInFlight(); peak < 4 || source.told != 1 || source.issued != 2 || source.mostAtOn.Load() != 1 {
			t.Errorf("%d requests at once, Invalidate called %d times, %d tokens issued, %d asked at once; want several, 1, 2, 1", peak, source.told, source.issued, source.mostAtOn.Load())
		}
	})
}

// TestRow23ExpiresAgain while the batch that brought it to light is still waiting: that is another expiry.
func TestRow23ExpiresAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &tokenSource{t: t, issue: func() (string, error) { return "token", nil }}
		sink := faultsink.New(faultsink.Sequence(faultsink.Status(401), faultsink.Status(503), faultsink.Status(401)))
		client := sinkClient(t, sink, sentrial.WithTokenSource(source))
		ids := named(t, client, among(3)...)
		flush(t, client) // a minute's wait would be too long for it
		if err := sink.Report().Check(ids); err != nil || source.told != 2 {
			t.Errorf("Invalidate was called %d times, want 2; %v", source.told, err)
		}
	})
}

// TestRow23TokensAreKeptOutOfErrors: of all that may be under way, not of the latest only.
func TestRow23TokensAreKeptOutOfErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int64
		source := sourceFunc(func(context.Context) (string, error) { return fmt.Sprintf("secret-%04d", n.Add(1)), nil })
		server := newScript(t)
		server.rest = func(r *sent) (*http.Response, error) {
			select {
			case <-time.After(2 * time.Second):
			case <-r.Context().Done():
			}
			return reply(r, 503, fmt.Sprintf(`{"error":{"code":"busy","message":"you said %s"}}`, r.Header.Get("Authorization"))), nil
		}
		client := newClient(t, server, sentrial.WithTokenSource(source))
		for range 5 {
			record(t, client, 1000)
		}
		for range 100 {
			time.Sleep(50 * time.Millisecond)
			if err := client.Stats().LastError; err != nil && strings.Contains(err.Error(), "secret") {
				t.Fatal(err)
			}
		}
		if n.Load() < 4 {
			t.Errorf("%d requests were under way", n.Load())
		}
	})
}

// TestRow23TokenThatIsNeverAccepted: the client asks again once, then once a minute, and keeps all.
func TestRow23TokenThatIsNeverAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logged
		token := faultsink.NewToken("the-good-one")
		var wrong atomic.Bool
		wrong.Store(true)
		source := &tokenSource{t: t, issue: func() (string, error) {
			if wrong.Load() {
				return "secret-but-wrong", nil
			}
			return token.Get(), nil
		}}
		sink := faultsink.New(faultsink.Authorize(token))
		sink.Watch("secret-but-wrong")
		client := sinkClient(t, sink, sentrial.WithTokenSource(source), sentrial.WithLogger(log.logger()))
		ids := named(t, client, among(100)...)
		time.Sleep(30*time.Minute + 30*time.Second)
		if n := len(sink.Requests()); n < 20 || n > 32 {
			t.Errorf("%d requests in half an hour, want one a minute", n)
		}
		if s := client.Stats(); !errors.Is(s.LastError, sentrial.ErrUnauthorized) || s.Queued != 100 {
			t.Errorf("got %+v", s)
		}
		if lines := log.lines(); len(lines) != 1 || strings.Contains(lines[0], "secret") {
			t.Errorf("logged %q", lines)
		}
		wrong.Store(false)
		time.Sleep(2 * time.Minute)
		if err := sink.Report().Check(ids); err != nil {
			t.Error(err)
		}
		checkStats(t, client, 100, 0, nothing)
	})
}

// TestRow23SourceInTrouble: an error, a panic, nonsense or silence of the source keeps the events, and makes no request.
func TestRow23SourceInTrouble(t *testing.T) {
	for name, token := range map[string]func(context.Context) (string, error){
		"error":      func(context.Context) (string, error) { return "", errNetwork },
		"panic":      func(context.Context) (string, error) { panic("no token") },
		"empty":      func(context.Context) (string, error) { return "", nil },
		"line break": func(context.Context) (string, error) { return "secret\r\nX-Evil: 1", nil },
		"silence": func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var fixed atomic.Bool
				source := sourceFunc(func(ctx context.Context) (string, error) {
					if fixed.Load() {
						return "good", nil
					}
					return token(ctx)
				})
				sink := faultsink.New(faultsink.Authorize(faultsink.NewToken("good")))
				client := sinkClient(t, sink, sentrial.WithTokenSource(source), sentrial.WithTimeout(5*time.Second))
				ids := named(t, client, among(10)...)
				time.Sleep(time.Minute)
				s := client.Stats()
				if len(sink.Requests()) != 0 || s.Requests != 0 || s.Queued != 10 || !strings.Contains(s.LastError.Error(), "token source") || strings.Contains(s.LastError.Error(), "secret") {
					t.Errorf("%d requests, %+v", len(sink.Requests()), s)
				}
				fixed.Store(true)
				time.Sleep(time.Minute)
				if err := sink.Report().Check(ids); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

type sourceFunc func(context.Context) (string, error)

func (f sourceFunc) Token(ctx context.Context) (string, error) { return f(ctx) }

// TestRow24ForbiddenForEver: a status that only a person can change opens the circuit: everything is kept, one request a minute asks, one line is logged.
func TestRow24ForbiddenForEver(t *testing.T) {
	for _, status := range []int{401, 403, 404, 501} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log logged
				sink := faultsink.New(faultsink.When(faultsink.WithinUptime(10*time.Second, 2*time.Hour), faultsink.Status(status)))
				client := sinkClient(t, sink, sentrial.WithLogger(log.logger()))
				ids := named(t, client, among(10)...)
				for range 2 * 60 * 60 / 5 { // two hours, ten events every five seconds
					time.Sleep(5 * time.Second)
					ids = append(ids, named(t, client, among(10)...)...)
				}
				if n := len(sink.Report().WithinUptime(10*time.Second, 2*time.Hour)); n < 90 || n > 121 {
					t.Errorf("%d requests in two hours, want one a minute", n)
				}
				time.Sleep(3 * time.Minute)
				if err := sink.Report().Check(ids); err != nil {
					t.Error(err)
				}
				checkStats(t, client, len(ids), 0, nothing)
				if lines := log.lines(); len(lines) != 1 || !strings.Contains(lines[0], fmt.Sprint(status)) {
					t.Errorf("logged %q", lines)
				}
			})
		})
	}
}
