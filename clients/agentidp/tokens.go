package agentidp

import (
	"context"
	"net/url"
	"strings"
	"time"
)

// Tokens issues, examines and revokes access tokens.
type Tokens struct{ c *Client }

// Token is an access token.
type Token struct {
	AccessToken Secret
	TokenType   string    // "Bearer"
	Scopes      []string  // that it has; empty = the server did not say, so those that were asked for
	ExpiresIn   int       // seconds from when it was issued; 0 = the server did not say
	ExpiresAt   time.Time // by this machine's clock, counted from before it was asked for; zero = the server did not say
}

// wireToken is a token as RFC 6749 has it.
type wireToken struct {
	AccessToken Secret `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   *int   `json:"expires_in"`
	Scope       string `json:"scope"`
}

// missing names a field without which it cannot be.
func (t *wireToken) missing() string {
	switch {
	case t.AccessToken == "" || strings.ContainsFunc(t.AccessToken.Reveal(), notHeaderText):
		return "usable access_token"
	case !strings.EqualFold(t.TokenType, "Bearer"):
		return "token_type Bearer"
	case t.ExpiresIn != nil && (*t.ExpiresIn <= 0 || *t.ExpiresIn > maxLife):
		return "sensible expires_in"
	}
	return ""
}

// maxLife is more than any token lives, in seconds, and little enough to count with.
const maxLife = 10 * 365 * 24 * 3600

// notHeaderText tells what cannot be part of a bearer token.
func notHeaderText(r rune) bool { return r <= ' ' || r > '~' }

func (t *wireToken) token(asked time.Time) *Token {
	token := &Token{AccessToken: t.AccessToken, TokenType: t.TokenType, Scopes: strings.Fields(t.Scope)}
	if t.ExpiresIn != nil {
		token.ExpiresIn = *t.ExpiresIn
		token.ExpiresAt = asked.Add(time.Duration(*t.ExpiresIn) * time.Second)
	}
	return token
}

// renewAt is when the token is replaced; zero = when it is refused.
func (t *Token) renewAt() time.Time {
	if t.ExpiresAt.IsZero() {
		return time.Time{}
	}
	life := time.Duration(t.ExpiresIn) * time.Second
	return t.ExpiresAt.Add(-min(renewBefore, life/2))
}

// Issue fetches a token with the client's ID and secret. scopes are those of the client unless some are named. The client's own calls do not use it: they
// fetch and keep one by themselves.
func (t *Tokens) Issue(ctx context.Context, scopes ...string) (*Token, error) {
	if len(scopes) == 0 {
		scopes = t.c.scopes
	}
	return t.c.issueFor(ctx, t.c.tokens.clientSecret(), scopes)
}

func (c *Client) issue(ctx context.Context, secret Secret) (*Token, error) {
	return c.issueFor(ctx, secret, c.scopes)
}

func (c *Client) issueFor(ctx context.Context, secret Secret, scopes []string) (*Token, error) {
	defer c.underWay.add(secret)()
	asked := time.Now()
	scope := strings.Join(scopes, " ")
	var got wireToken
	err := c.send(ctx, c.open, call{
		endpoint: issueToken, into: &got, missing: got.missing,
		form: url.Values{
			"grant_type": {"client_credentials"}, "client_id": {c.clientID}, "client_secret": {secret.Reveal()}, "scope": {scope},
		},
		input: map[string]any{"grant_type": "client_credentials", "client_id": c.clientID, "client_secret": secret, "scope": scope},
	})
	if err != nil {
		return nil, err
	}
	return got.token(asked), nil
}

// Introspection is what the platform says of a token, see RFC 7662.
type Introspection struct {
	Active    bool
	Scopes    []string
	ClientID  string
	Subject   string
	TokenType string
	ExpiresAt time.Time // exp; zero = not told
	IssuedAt  time.Time // iat; zero = not told
}

type wireIntrospection struct {
	Active    *bool  `json:"active"`
	Scope     string `json:"scope,omitzero"`
	ClientID  string `json:"client_id,omitzero"`
	Subject   string `json:"sub,omitzero"`
	TokenType string `json:"token_type,omitzero"`
	ExpiresAt int64  `json:"exp,omitzero"`
	IssuedAt  int64  `json:"iat,omitzero"`
}

// missing names a field without which it cannot be.
func (i *wireIntrospection) missing() string {
	if i.Active == nil {
		return "active"
	}
	return ""
}

func (i *wireIntrospection) introspection() *Introspection {
	return &Introspection{
		Active: *i.Active, Scopes: strings.Fields(i.Scope), ClientID: i.ClientID, Subject: i.Subject, TokenType: i.TokenType,
		ExpiresAt: unixTime(i.ExpiresAt), IssuedAt: unixTime(i.IssuedAt),
	}
}

func unixTime(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// Introspect tells whether a token is active and what it allows. It needs the scope tokens:read.
func (t *Tokens) Introspect(ctx context.Context, token Secret) (*Introspection, error) {
	defer t.c.underWay.add(token)()
	var got wireIntrospection
	err := t.c.do(ctx, call{
		endpoint: introspectToken, form: url.Values{"token": {token.Reveal()}}, input: map[string]any{"token": token}, into: &got, missing: got.missing,
	})
	if err != nil {
		return nil, err
	}
	return got.introspection(), nil
}

// Revoke ends a token at once. One that is no token, or none any more, is no error (RFC 7009).
func (t *Tokens) Revoke(ctx context.Context, token Secret) error {
	defer t.c.underWay.add(token)()
	err := t.c.do(ctx, call{endpoint: revokeToken, form: url.Values{"token": {token.Reveal()}}, input: map[string]any{"token": token}})
	if err == nil {
		t.c.tokens.drop(token)
	}
	return err
}
