package sentinel_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/sentinel"
	"github.com/sentrial/sentrial-go/clients/sentinel/sentineltest"
)

func TestRefusedTokenIsReplacedOnce(t *testing.T) {
	for name, call := range calls {
		platform := sentineltest.Start(t)
		source := &tokens{all: []string{"stale", platform.Token()}}
		client := newClient(t, platform.URL(), sentinel.WithTokenSource(source))
		err := call(t.Context(), client)
		if name == "get" {
			if !errors.Is(err, sentinel.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if source.asked.Load() != 2 || source.invalidated.Load() != 1 || len(platform.Requests()) != 2 {
			t.Errorf("%s: asked %d times, invalidated %d, %d requests", name, source.asked.Load(), source.invalidated.Load(), len(platform.Requests()))
		}
	}
}

func TestRefusedTokenIsNotReplacedTwice(t *testing.T) {
	platform := sentineltest.Start(t)
	source := &tokens{all: []string{"stale", "stale-too", platform.Token()}}
	err := calls["send"](t.Context(), newClient(t, platform.URL(), sentinel.WithTokenSource(source)))
	refused := wantAs[*sentinel.AuthError](t, err)
	if refused.Attempts != 2 || refused.Status != 401 || !errors.Is(err, sentinel.ErrUnauthorized) || len(platform.Requests()) != 2 {
		t.Errorf("got %v after %d requests", err, len(platform.Requests()))
	}
}

func TestRefusedTokenThatStaysIsFinal(t *testing.T) {
	platform := sentineltest.Start(t)
	err := calls["send"](t.Context(), newClient(t, platform.URL(), sentinel.WithTokenSource(same("stale"))))
	if refused := wantAs[*sentinel.AuthError](t, err); refused.Attempts != 2 || len(platform.Requests()) != 2 {
		t.Errorf("got %v after %d requests", err, len(platform.Requests()))
	}
}

func TestRefusedTokenWithoutAnother(t *testing.T) {
	platform := sentineltest.Start(t)
	client := newClient(t, platform.URL(), sentinel.WithTokenSource(&tokens{all: []string{"stale"}}))
	err := calls["send"](t.Context(), client)
	if !errors.Is(err, sentinel.ErrUnauthorized) || !strings.Contains(err.Error(), "was refused, and the token source has no other: no more tokens") || len(platform.Requests()) != 1 {
		t.Errorf("got %v after %d requests", err, len(platform.Requests()))
	}
}

type same string

func (s same) Token(context.Context) (string, error) { return string(s), nil }

func TestAccessTokenIsFinal(t *testing.T) {
	platform, client := started(t)
	platform.Forbid(platform.Token())
	err := calls["send"](t.Context(), client)
	if wantAs[*sentinel.AuthError](t, err).Status != 403 || !errors.Is(err, sentinel.ErrForbidden) || !strings.Contains(err.Error(), "check the permissions") {
		t.Errorf("got %v", err)
	}
	platform.Expire(platform.Token())
	err = calls["send"](t.Context(), client)
	if wantAs[*sentinel.AuthError](t, err).Status != 401 || !strings.Contains(err.Error(), "fresh access token") || len(platform.Requests()) != 2 {
		t.Errorf("got %v after %d requests", err, len(platform.Requests()))
	}
}

// TestStreamDropsTheRefusedToken: it cannot be sent again, the next one can.
func TestStreamDropsTheRefusedToken(t *testing.T) {
	platform := sentineltest.Start(t)
	source := &tokens{all: []string{"stale", platform.Token()}}
	client := newClient(t, platform.URL(), sentinel.WithTokenSource(source))
	_, err := client.Documents.Upload(t.Context(), "a.txt", stream{strings.NewReader("content")})
	_ = wantAs[*sentinel.AuthError](t, err)
	_, err = client.Documents.Upload(t.Context(), "a.txt", stream{strings.NewReader("content")})
	noError(t, err)
}

// TestManyMeetAnExpiredToken: the source hears of it once.
func TestManyMeetAnExpiredToken(t *testing.T) {
	platform := sentineltest.Start(t)
	source := &tokens{all: []string{platform.Issue(0), platform.Issue(0)}}
	client := newClient(t, platform.URL(), sentinel.WithTokenSource(source))
	noError(t, calls["upload"](t.Context(), client))
	platform.Expire(source.all[0])
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if _, err := client.Documents.Get(t.Context(), "doc_1"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := source.invalidated.Load(); n != 1 {
		t.Errorf("the source was told %d times", n)
	}
}

// TestManyMeetAnExpiredTokenOfASlowSource: until it has forgotten the old token, nobody is given that again.
func TestManyMeetAnExpiredTokenOfASlowSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t)
		source := &slowToForget{tokens{all: []string{"stale", platform.Token()}}}
		client := clientOf(t, platform, sentinel.WithTokenSource(source))
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if err := calls["send"](t.Context(), client); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := source.invalidated.Load(); n != 1 {
			t.Errorf("the source was told %d times", n)
		}
	})
}

type slowToForget struct{ tokens }

func (s *slowToForget) Invalidate() {
	time.Sleep(time.Second)
	s.tokens.Invalidate()
}

func TestTokenExpiresInMidFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		platform := inMemory(t, sentineltest.WithSteps(20))
		source := &tokens{all: []string{platform.Issue(30 * time.Second), platform.Issue(time.Hour)}}
		client := clientOf(t, platform, sentinel.WithTokenSource(source))
		doc, err := client.Documents.Upload(t.Context(), "a.txt", strings.NewReader("content"))
		noError(t, err)
		_, err = client.Documents.Wait(t.Context(), doc.ID)
		noError(t, err)
		if source.invalidated.Load() != 1 {
			t.Errorf("the source was told %d times", source.invalidated.Load())
		}
	})
}

func TestTokenSourceIsNotAskedBeyondTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := clientOf(t, inMemory(t), sentinel.WithTokenSource(slow{}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for range 2 { // the second one waits for its turn
			wg.Go(func() {
				if err := calls["send"](ctx, client); !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

type slow struct{}

func (slow) Token(ctx context.Context) (string, error) {
	<-ctx.Done()
	return "", context.Cause(ctx)
}

func TestTokenOfASourceIsChecked(t *testing.T) {
	for _, token := range []string{"", "two words", "line\n"} {
		platform := sentineltest.Start(t)
		err := calls["send"](t.Context(), newClient(t, platform.URL(), sentinel.WithTokenSource(same(token))))
		if err == nil || len(platform.Requests()) != 0 || token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%q: %v", token, err)
		}
	}
}
