package sentinel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/platform"
)

// TokenSource gives access tokens. It is asked once for each request, from one goroutine at a time, and should answer from a cache of its own. One that has
// Invalidate() is told of a token that was refused. It is the same as sentrial.TokenSource.
type TokenSource = sentrial.TokenSource

// fixed is a source of one token. It is a function so that printing a client does not show the token.
func fixed(token string) TokenSource {
	return sourceFunc(func(context.Context) (string, error) { return token, nil })
}

type sourceFunc func(context.Context) (string, error)

func (f sourceFunc) Token(ctx context.Context) (string, error) { return f(ctx) }

// tokens asks a source, one goroutine at a time, and remembers what it gave lately: to tell a refused token from one that was replaced meanwhile, and to keep all
// of them out of errors.
type tokens struct {
	source TokenSource
	final  bool          // there is only the one
	turn   chan struct{} // capacity 1: held while the source is asked, or told

	mu     sync.Mutex
	recent []platform.Secret // the latest last
	spent  platform.Secret   // the one that the source was told of
}

// recentTokens is how many are kept out of errors.
const recentTokens = 16

func newTokens(s TokenSource, final bool) *tokens {
	return &tokens{source: s, final: final, turn: make(chan struct{}, 1)}
}

// next asks for the token of an attempt.
func (t *tokens) next(ctx context.Context) (string, error) {
	if err := t.take(ctx); err != nil {
		return "", err
	}
	defer t.give()
	token, err := t.source.Token(ctx)
	switch {
	case err != nil && t.lost():
		return "", fmt.Errorf("%w: the access token was refused, and the token source has no other: %w", ErrUnauthorized, err)
	case err != nil:
		return "", fmt.Errorf("sentinel: the token source failed: %w", err)
	}
	if err := checkToken(token); err != nil {
		return "", err
	}
	t.note(platform.Secret(token))
	return token, nil
}

// take waits for the turn to talk to the source.
func (t *tokens) take(ctx context.Context) error {
	select {
	case t.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("sentinel: waiting for the token source: %w", context.Cause(ctx))
	}
}

func (t *tokens) give() { <-t.turn }

func checkToken(token string) error {
	if token == "" {
		return errors.New("sentinel: the access token is empty")
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("sentinel: the access token has characters other than visible ASCII: give it without white space and without Bearer")
	}
	return nil
}

func (t *tokens) note(token platform.Secret) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if token == t.latest() {
		return
	}
	if len(t.recent) == recentTokens {
		t.recent = slices.Delete(t.recent, 0, 1)
	}
	t.recent = append(t.recent, token)
}

// latest is the token given last; t.mu is held.
func (t *tokens) latest() platform.Secret {
	if len(t.recent) == 0 {
		return ""
	}
	return t.recent[len(t.recent)-1]
}

// scrub takes the tokens out of a text that came from elsewhere.
func (t *tokens) scrub(text string) string {
	t.mu.Lock()
	recent := slices.Clone(t.recent)
	t.mu.Unlock()
	return platform.Scrub(text, recent...)
}
