package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	maxIntrospection = 64 << 10 // bytes of a reply
	// clockSkew is how far the provider's clock may be ahead: a token is good from when it was made (nbf), and shown at once.
	clockSkew = 30 * time.Second
)

// identityProvider knows what tokens are good, and who we are there.
type identityProvider struct {
	cfg  Introspection
	http *http.Client
	own  ownToken
	now  func() time.Time
}

func newIdentityProvider(cfg Introspection, now func() time.Time) *identityProvider {
	client := &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: mostIntrospected,
	}}
	if cfg.HTTPClient != nil {
		own := *cfg.HTTPClient
		client = &own
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &identityProvider{cfg: cfg, http: client, own: ownToken{turn: make(chan struct{}, 1)}, now: now}
}

// introspection is the reply of RFC 7662, as far as it matters here.
type introspection struct {
	Active    *bool           `json:"active"`
	Scope     string          `json:"scope"`
	ClientID  string          `json:"client_id"`
	Subject   string          `json:"sub"`
	TokenType string          `json:"token_type"`
	Audience  json.RawMessage `json:"aud"` // a text or several
	Confirm   json.RawMessage `json:"cnf"` // what the sender must prove besides (RFC 8705, RFC 9449)
	ExpiresAt *float64        `json:"exp"`
	NotBefore *float64        `json:"nbf"`
}

// ask asks about a token. A token of ours that is refused is replaced once.
func (p *identityProvider) ask(ctx context.Context, token string) (*store.Key, error) {
	for again := true; ; again = false {
		var reply introspection
		var own string
		authorize := func(r *http.Request) (err error) {
			own, err = p.authorize(r)
			return err
		}
		status, err := p.post(ctx, p.cfg.URL, url.Values{"token": {token}, "token_type_hint": {"access_token"}}, authorize, &reply)
		switch {
		case status == http.StatusUnauthorized && again && own != "" && p.own.drop(ctx, own) == nil:
			continue
		case err != nil:
			return nil, fmt.Errorf("introspection: %w", err)
		case reply.Active == nil:
			return nil, errors.New("introspection: the reply does not say whether the token is active")
		}
		return p.key(&reply), nil
	}
}

// post sends a form and reads the JSON of a 200. What the other side says in its errors is not repeated: it may hold the token.
func (p *identityProvider) post(ctx context.Context, to string, form url.Values, authorize func(*http.Request) error, into any) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, errors.New("the endpoint cannot be asked")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	if err := authorize(r); err != nil {
		return 0, err
	}
	reply, err := p.http.Do(r)
	if err != nil {
		return 0, inner(err)
	}
	defer reply.Body.Close()
	media, _, _ := mime.ParseMediaType(reply.Header.Get("Content-Type"))
	body, err := io.ReadAll(io.LimitReader(reply.Body, maxIntrospection+1))
	switch {
	case reply.StatusCode != http.StatusOK:
		return reply.StatusCode, fmt.Errorf("status %d", reply.StatusCode)
	case err != nil:
		return reply.StatusCode, errors.New("the reply was cut short")
	case media != "application/json" && !strings.HasSuffix(media, "+json") || len(body) > maxIntrospection || json.Unmarshal(body, into) != nil:
		return reply.StatusCode, errors.New("the reply is not the JSON that was expected")
	}
	return reply.StatusCode, nil
}

// inner is an error of the connection without the URL.
func inner(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		return failed.Err
	}
	return err
}

// authorize shows who asks, and returns the token that it did so by.
func (p *identityProvider) authorize(r *http.Request) (own string, err error) {
	switch {
	case p.cfg.ClientID == "":
	case p.cfg.TokenURL == "":
		r.SetBasicAuth(url.QueryEscape(p.cfg.ClientID), url.QueryEscape(p.cfg.ClientSecret))
	default:
		if own, err = p.own.get(r.Context(), p.fetch); err != nil {
			return "", err
		}
		r.Header.Set("Authorization", "Bearer "+own)
	}
	return own, nil
}

// key is what an active token stands for: an agent that writes into the project, or does what its scopes name of ours. No token is an admin.
func (p *identityProvider) key(i *introspection) *store.Key {
	has := strings.Fields(i.Scope)
	now := p.now()
	switch {
	case !*i.Active || i.NotBefore != nil && unixTime(*i.NotBefore).After(now.Add(clockSkew)):
		return nil
	case !i.isBearer() || !i.isFor(p.cfg.Audience):
		return nil
	case slices.ContainsFunc(p.cfg.Require, func(scope string) bool { return !slices.Contains(has, scope) }):
		return nil
	}
	key := &store.Key{ID: "idp:" + agentName(i), Project: p.cfg.Project}
	for _, scope := range []scope{scopeWrite, scopeRead} {
		if slices.Contains(has, string(scope)) {
			key.Scopes = append(key.Scopes, string(scope))
		}
	}
	if len(key.Scopes) == 0 {
		key.Scopes = []string{string(scopeWrite)}
	}
	if i.ExpiresAt != nil {
		key.ExpiresAt = unixTime(*i.ExpiresAt)
	}
	return key
}

// isBearer tells whether showing the token is all that it takes: neither is it a refresh token, nor one that its owner must prove to own.
func (i *introspection) isBearer() bool {
	kinds := []string{"", "bearer", "access_token"}
	return slices.Contains(kinds, strings.ToLower(i.TokenType)) && (len(i.Confirm) == 0 || string(i.Confirm) == "null")
}

// isFor tells whether the token was made for that audience; "" = any.
func (i *introspection) isFor(audience string) bool {
	var one string
	var several []string
	if json.Unmarshal(i.Audience, &one) != nil {
		_ = json.Unmarshal(i.Audience, &several) // what is neither is nobody
	}
	return audience == "" || one == audience || slices.Contains(several, audience)
}

// unixTime reads seconds since 1970; what is no time is the nearest one.
func unixTime(seconds float64) time.Time {
	const last = 253402300799 // the end of the year 9999
	return time.Unix(int64(min(max(seconds, 1), last)), 0)
}

// agentName is whose token it is, as the log shows it and requests are counted by.
func agentName(i *introspection) string {
	name := i.ClientID
	if name == "" {
		name = i.Subject
	}
	if len(name) <= 120 && validID(name) {
		return name
	}
	hash := sha256.Sum256([]byte(name))
	return hex.EncodeToString(hash[:8])
}
