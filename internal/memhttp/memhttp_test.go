package memhttp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func echo(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }

func post(ctx context.Context, s *memhttp.Server, body string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL()+"/v1/events", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	reply, err := s.Client().Do(req)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	read, err := io.ReadAll(reply.Body)
	return string(read), err
}

func TestServesConcurrentRequests(t *testing.T) {
	s := memhttp.New(t, http.HandlerFunc(echo))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			body := strings.Repeat("0123456789", 50_000)
			got, err := post(t.Context(), s, body)
			if err != nil || got != body {
				t.Errorf("got %d bytes and error %v, want %d bytes back", len(got), err, len(body))
			}
		})
	}
	wg.Wait()
}

// In a bubble the clock moves only when every goroutine waits for something of the bubble:
// one wait outside, as for a socket, and the hour below would be a real one.
func TestWaitsOnTheFakeClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memhttp.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Hour)
			echo(w, r)
		}))
		began := time.Now()
		if got, err := post(t.Context(), s, "late"); err != nil || got != "late" {
			t.Errorf("got %q, %v", got, err)
		}
		if took := time.Since(began); took != time.Hour {
			t.Errorf("took %v on the fake clock, want exactly 1h", took)
		}
	})
}

func TestTimeoutCancelsTheHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cancelled := make(chan time.Time, 1)
		s := memhttp.New(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			cancelled <- time.Now()
		}))
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if _, err := post(ctx, s, "x"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want the deadline's", err)
		}
		if at := <-cancelled; at.Sub(began) != 30*time.Second {
			t.Errorf("the handler was cancelled after %v, want 30s", at.Sub(began))
		}
	})
}

func TestCloseConnectionsCutsAReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s *memhttp.Server
		s = memhttp.New(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Cut") != "" {
				s.CloseConnections()
				<-r.Context().Done()
			}
		}))
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL(), strings.NewReader("x"))
		req.Header.Set("Cut", "yes")
		if reply, err := s.Client().Do(req); err == nil {
			reply.Body.Close()
			t.Error("a reply came over a connection that was cut")
		}
		if _, err := post(t.Context(), s, "x"); err != nil {
			t.Errorf("the next request failed: %v", err)
		}
	})
}

func TestClosedAfterTheTest(t *testing.T) {
	var s *memhttp.Server
	t.Run("inner", func(t *testing.T) {
		s = memhttp.New(t, http.HandlerFunc(echo))
		if _, err := post(t.Context(), s, "x"); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := post(t.Context(), s, "x"); !errors.Is(err, net.ErrClosed) {
		t.Errorf("error %v, want net.ErrClosed", err)
	}
}

func TestEndOfTestCancelsHandlers(t *testing.T) {
	ended := make(chan struct{})
	var wg sync.WaitGroup
	t.Run("inner", func(t *testing.T) {
		began := make(chan struct{})
		s := memhttp.New(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			defer close(ended)
			close(began)
			<-r.Context().Done()
			<-time.After(20 * time.Millisecond) // a handler that is slow to end
		}))
		wg.Go(func() { _, _ = post(context.Background(), s, "never read") })
		<-began
	})
	wg.Wait()
	select {
	case <-ended:
	default:
		t.Error("the test ended before the handler did")
	}
}

func TestAddressesCanBeParsed(t *testing.T) {
	seen := make(chan string, 1)
	s := memhttp.New(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen <- r.RemoteAddr }))
	if _, err := post(t.Context(), s, ""); err != nil {
		t.Fatal(err)
	}
	if host, _, err := net.SplitHostPort(<-seen); err != nil || host != "127.0.0.1" {
		t.Errorf("the handler saw host %q, error %v", host, err)
	}
}
