package sentrial

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// TokenSource gives the bearer token of each request, in place of an API key: for keys that expire, or that an identity provider hands out. It is asked once per
// request, from one goroutine at a time, and should answer from a cache of its own. One that has Invalidate() is told when the server did not accept the token
// that it gave last (401), and is then asked again. Invalidate is called by
// the sender and must not wait.
//
// An error, an empty token and one that cannot be part of a header count as a failed request: the events are kept and tried again.
type TokenSource interface {
	Token(ctx context.Context) (string, error)
}

// WithTokenSource makes every request carry a token of s instead of an API key. Default: the key of WithAPIKey or SENTRIAL_API_KEY.
func WithTokenSource(s TokenSource) Option {
	return clientOption(func(c *config) {
		c.tokens = nil
		if s != nil {
			c.tokens = newTokens(s)
		}
	})
}

// tokens asks a TokenSource, one goroutine at a time, and remembers what it gave lately: to tell a refused token from one that was replaced meanwhile, and to
// keep all of them out of errors.
type tokens struct {
	source TokenSource
	turn   chan struct{} // capacity 1: held while the source is asked

	mu     sync.Mutex
	recent []string // the latest last
	spent  string   // the one that the source was told of since it was asked last
}

// recentTokens is more than can be under way at once.
const recentTokens = 2 * maxUnderway

func newTokens(s TokenSource) *tokens { return &tokens{source: s, turn: make(chan struct{}, 1)} }

// next asks for the token of a request.
func (t *tokens) next(ctx context.Context) (token string, err error) {
	select {
	case t.turn <- struct{}{}:
	case <-ctx.Done():
		return "", fmt.Errorf("sentrial: waiting for the token source: %w", context.Cause(ctx))
	}
	defer func() { <-t.turn }()
	if token, err = t.ask(ctx); err != nil {
		return "", fmt.Errorf("sentrial: the token source failed: %w", err)
	}
	switch {
	case token == "":
		return "", errors.New("sentrial: the token source gave an empty token")
	case strings.ContainsFunc(token, notHeaderText):
		return "", errors.New("sentrial: the token source gave a token with characters other than visible ASCII")
	}
	t.note(token)
	if ctx.Err() != nil { // Close does not wait for a source, and nothing is sent once it has returned
		return "", fmt.Errorf("sentrial: the token source took too long: %w", context.Cause(ctx))
	}
	return token, nil
}

func (t *tokens) ask(ctx context.Context) (token string, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %s", jsonenc.PanicText(v))
		}
	}()
	return t.source.Token(ctx)
}

// latest is the token given last; t.mu is held.
func (t *tokens) latest() string {
	if len(t.recent) == 0 {
		return ""
	}
	return t.recent[len(t.recent)-1]
}

func (t *tokens) note(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.spent = ""; token == t.latest() {
		return
	}
	if len(t.recent) == recentTokens {
		t.recent = slices.Delete(t.recent, 0, 1)
	}
	t.recent = append(t.recent, token)
}

// refused tells the source that the server did not accept token, unless it has given another one since or was told already.
func (t *tokens) refused(token string) {
	t.mu.Lock()
	news := token == t.latest() && token != t.spent
	if news {
		t.spent = token
	}
	t.mu.Unlock()
	if news {
		t.invalidate()
	}
}

func (t *tokens) invalidate() {
	defer func() { _ = recover() }() // what the source does wrong shows in its next token
	if source, ok := t.source.(interface{ Invalidate() }); ok {
		source.Invalidate()
	}
}

// seen are the tokens that a server may repeat.
func (t *tokens) seen() []string {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.recent)
}
