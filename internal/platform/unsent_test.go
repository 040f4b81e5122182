package platform_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/internal/platform"
)

func TestUnsent(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{io.EOF, false},
		{&net.OpError{Op: "read", Err: io.EOF}, false},
		{fmt.Errorf("so: %w", &net.OpError{Op: "dial", Err: io.EOF}), true},
		{&net.OpError{Op: "proxyconnect", Err: io.EOF}, true},
		{fmt.Errorf("so: %w", &platform.UnsentError{Err: io.EOF}), true},
	} {
		if got := platform.Unsent(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
	if err := error(&platform.UnsentError{Err: io.EOF}); err.Error() != "EOF" || !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
}

// failsWith is a transport.
type failsWith struct {
	err   error
	times int
}

func (f *failsWith) RoundTrip(*http.Request) (*http.Response, error) {
	f.times++
	return nil, f.err
}

func TestWhatDidNotLeaveIsTriedAgain(t *testing.T) {
	for _, c := range []struct {
		err   error
		times int
	}{{io.EOF, 1}, {&platform.UnsentError{Err: io.EOF}, 4}} {
		synctest.Test(t, func(t *testing.T) {
			transport := &failsWith{err: c.err}
			p := client(t, platform.Config{
				BaseURL: "http://things.example", HTTPClient: &http.Client{Transport: transport},
				Retry: platform.RetryPolicy{Attempts: 4, Unsent: true, Delays: []time.Duration{time.Second}},
			})
			if _, err := p.Do(t.Context(), platform.Request{Method: "POST", Path: "/things", Retry: true}); !errors.Is(err, io.EOF) || transport.times != c.times {
				t.Errorf("%T: got %v after %d attempts, want %d", c.err, err, transport.times, c.times)
			}
		})
	}
}

// TestOnceHearsOfTheToken: what cannot be sent again drops a refused token all the same, for whatever comes next.
func TestOnceHearsOfTheToken(t *testing.T) {
	auth, requests := &withToken{renewals: 1}, 0
	p := onLoopback(t, platform.Config{Authorize: auth.authorize, Refused: auth.refused}, func(w http.ResponseWriter, _ *http.Request) {
		requests++
		answer(w, 401, `{}`)
	})
	body := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("once")), nil }
	if _, err := p.Do(t.Context(), platform.Request{Method: "POST", Path: "/things", Body: body, Once: true}); err == nil || auth.token != 1 || requests != 1 {
		t.Errorf("got %v with token %d after %d requests", err, auth.token, requests)
	}
}
