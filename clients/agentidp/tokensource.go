package agentidp

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/sentrial/sentrial-go"
)

// ClearTokenCache makes the next request fetch a token, such as after credentials were rotated.
func (c *Client) ClearTokenCache() { c.tokens.clear() }

// SetClientSecret makes further tokens be fetched with another secret, such as the one that rotating the client's own credential showed.
func (c *Client) SetClientSecret(secret Secret) { c.tokens.replace(secret) }

// TokenSource gives the client's tokens to sentrial.WithTokenSource, and to whatever else sends a bearer token. A token that Invalidate says was refused is
// fetched anew.
func (c *Client) TokenSource() sentrial.TokenSource { return &tokenSource{tokens: c.tokens} }

type tokenSource struct {
	tokens *tokenCache

	mu   sync.Mutex
	last Secret // that was given: the one that Invalidate means
}

// Format does not show the token, whatever the verb.
func (s *tokenSource) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "agentidp.TokenSource") }

func (s *tokenSource) Token(ctx context.Context) (string, error) {
	token, err := s.tokens.get(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = token
	return token.Reveal(), nil
}

func (s *tokenSource) Invalidate() {
	s.mu.Lock()
	last := s.last
	s.mu.Unlock()
	s.tokens.drop(last)
}

func (c *tokenCache) clientSecret() Secret {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.secret
}
