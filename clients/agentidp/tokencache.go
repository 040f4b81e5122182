package agentidp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// renewBefore is how long before its end a token is replaced, or half of its life if that is shorter.
const renewBefore = time.Minute

// renewPause is how long a token that could not be replaced goes on before that is tried again: not every call must wait for the attempts.
const renewPause = 10 * time.Second

// tokenCache has the client's token, and fetches another one for all who wait for it at once.
type tokenCache struct {
	fetch func(ctx context.Context, secret Secret) (*Token, error)

	mu     sync.Mutex
	secret Secret
	token  *Token
	until  time.Time // when token is replaced; zero = when it is refused
	flight *flight   // under way, nil if none is
	old    Secret    // the token before: a late reply may repeat it
}

// flight is one fetch.
type flight struct {
	done    chan struct{}
	token   *Token // once done is closed, as err
	err     error
	cancel  context.CancelFunc
	waiting int // guarded by tokenCache.mu
}

func newTokenCache(secret Secret, fetch func(context.Context, Secret) (*Token, error)) *tokenCache {
	return &tokenCache{secret: secret, fetch: fetch}
}

// get gives the token, or waits for the one that is being fetched, until ctx ends: that ends the wait of this caller alone.
func (c *tokenCache) get(ctx context.Context) (Secret, error) {
	token, f := c.look(ctx)
	if f == nil {
		return token, nil
	}
	select {
	case <-f.done:
	case <-ctx.Done():
		c.leave(f)
		return "", &Error{Code: CodeNetwork, Message: "waiting for a token: " + ctx.Err().Error(), cause: ctx.Err()}
	}
	if f.err != nil {
		return c.spare(f.err)
	}
	return f.token.AccessToken, nil
}

// spare gives the token that should have been replaced, as long as it lives: that the platform is down for a moment is no reason to stop. What the platform
// refuses, it refuses.
func (c *tokenCache) spare(err error) (Secret, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if unsaid(err) && c.token != nil && time.Now().Before(c.token.ExpiresAt) {
		return c.token.AccessToken, nil
	}
	return "", err
}

// unsaid tells that the platform did not say no.
func unsaid(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.HTTPStatus < 400 || e.HTTPStatus >= 500 || e.HTTPStatus == http.StatusTooManyRequests)
}

// look gives the token if it is good, else the fetch to wait for.
func (c *tokenCache) look(ctx context.Context) (Secret, *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != nil && (c.until.IsZero() || time.Now().Before(c.until)) {
		return c.token.AccessToken, nil
	}
	if c.flight == nil {
		c.flight = c.start(ctx)
	}
	c.flight.waiting++
	return "", c.flight
}

// start fetches beside the callers: it has what the first one's context says, and ends when nobody waits any more.
func (c *tokenCache) start(ctx context.Context) *flight {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), cancel: cancel}
	secret := c.secret
	go func() {
		defer cancel()
		defer close(f.done)
		f.token, f.err = c.fetchSafely(ctx, secret)
		c.land(f)
	}()
	return f
}

// fetchSafely makes an error of a panic in the program's own transport: on this goroutine nobody else could stop it.
func (c *tokenCache) fetchSafely(ctx context.Context, secret Secret) (token *Token, err error) {
	defer func() {
		if v := recover(); v != nil {
			token, err = nil, &Error{Code: CodeNetwork, Message: fmt.Sprintf("the HTTP client panicked: %v", v)}
		}
	}()
	return c.fetch(ctx, secret)
}

// land keeps what was fetched, unless the cache was cleared meanwhile.
func (c *tokenCache) land(f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flight != f {
		return
	}
	c.flight = nil
	switch {
	case f.err == nil:
		c.forget()
		c.token, c.until = f.token, f.token.renewAt()
	case unsaid(f.err) && c.token != nil && !c.until.IsZero():
		c.until = earlier(time.Now().Add(renewPause), c.token.ExpiresAt)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// leave ends a fetch that nobody waits for.
func (c *tokenCache) leave(f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.cancel()
	if c.flight == f {
		c.flight = nil
	}
}

// clear makes the next caller fetch a token. Those who wait for one already get that.
func (c *tokenCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget()
	c.flight = nil
}

func (c *tokenCache) forget() {
	if c.token != nil {
		c.old = c.token.AccessToken
	}
	c.token = nil
}

// drop forgets that token, unless it was replaced already.
func (c *tokenCache) drop(token Secret) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != nil && c.token.AccessToken == token {
		c.forget()
	}
}

// replace makes further tokens be fetched with that secret.
func (c *tokenCache) replace(secret Secret) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.secret, c.flight = secret, nil // at once: nobody may begin with the old one in between
	c.forget()
}

// secrets gives what must not show.
func (c *tokenCache) secrets() []Secret {
	c.mu.Lock()
	defer c.mu.Unlock()
	secrets := []Secret{c.secret, c.old}
	if c.token != nil {
		secrets = append(secrets, c.token.AccessToken)
	}
	return secrets
}
