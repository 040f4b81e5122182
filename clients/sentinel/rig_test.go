package sentinel_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
	"github.com/sentrial/sentrial-go/internal/memhttp"
)

// inMemory is a platform without a network, which works in bubbles.
func inMemory(t *testing.T, opts ...sentineltest.Option) *sentineltest.Server {
	t.Helper()
	return sentineltest.New(opts...)
}

// clientOf asks h over pipes.
func clientOf(t *testing.T, h http.Handler, opts ...sentinel.Option) *sentinel.Client {
	t.Helper()
	server := memhttp.New(t, h)
	token := "canary-token"
	if platform, ok := h.(*sentineltest.Server); ok {
		token = platform.Token()
	}
	return newClient(t, server.URL(), append([]sentinel.Option{sentinel.WithAccessToken(token), sentinel.WithHTTPClient(server.Client())}, opts...)...)
}

func newClient(t *testing.T, url string, opts ...sentinel.Option) *sentinel.Client {
	t.Helper()
	client, err := sentinel.New(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// started is a platform with a listener, and its client.
func started(t *testing.T, opts ...sentineltest.Option) (*sentineltest.Server, *sentinel.Client) {
	t.Helper()
	platform := sentineltest.Start(t, opts...)
	return platform, newClient(t, platform.URL(), sentinel.WithAccessToken(platform.Token()))
}

// wantAs finds an error of type E.
func wantAs[E error](t *testing.T, err error) E {
	t.Helper()
	var found E
	ok := errors.As(err, &found)
	if !ok {
		t.Fatalf("got %T %v, want a %T", err, err, found)
	}
	return found
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stream is a reader that is nothing but a reader.
type stream struct{ io.Reader }

// tokens is a source that gives one token until it is invalidated, and then another one.
type tokens struct {
	mu          sync.Mutex
	all         []string
	asked       atomic.Int64
	invalidated atomic.Int64
}

func (s *tokens) Token(context.Context) (string, error) {
	s.asked.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) == 0 {
		return "", errors.New("no more tokens")
	}
	return s.all[0], nil
}

func (s *tokens) Invalidate() {
	s.invalidated.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) > 0 {
		s.all = s.all[1:]
	}
}
