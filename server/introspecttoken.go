package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ownToken is the bearer token by which the server asks the identity provider.
type ownToken struct {
	turn  chan struct{} // capacity 1: held while the token is read or fetched; made by the identity provider
	text  string
	until time.Time // of this process's clock; zero = until it is refused
}

// take waits for the token, as long as ctx.
func (o *ownToken) take(ctx context.Context) error {
	select {
	case o.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the server's own token: %w", ctx.Err())
	}
}

// get gives the token that there is, or one that is fetched now.
func (o *ownToken) get(ctx context.Context, fetch func(context.Context) (string, time.Time, error)) (string, error) {
	if err := o.take(ctx); err != nil {
		return "", err
	}
	defer func() { <-o.turn }()
	if o.text != "" && (o.until.IsZero() || time.Now().Before(o.until)) {
		return o.text, nil
	}
	text, until, err := fetch(ctx)
	if err != nil {
		return "", fmt.Errorf("the server's own token: %w", err)
	}
	o.text, o.until = text, until
	return text, nil
}

// drop forgets that token, unless it was replaced already: of many questions that it is refused for, one gets another.
func (o *ownToken) drop(ctx context.Context, text string) error {
	if err := o.take(ctx); err != nil {
		return err
	}
	defer func() { <-o.turn }()
	if o.text == text {
		o.text = ""
	}
	return nil
}

// fetch gets a token by client credentials.
func (p *identityProvider) fetch(ctx context.Context) (string, time.Time, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {p.cfg.ClientID}, "client_secret": {p.cfg.ClientSecret}}
	if p.cfg.Scope != "" {
		form.Set("scope", p.cfg.Scope)
	}
	var got struct {
		AccessToken string  `json:"access_token"`
		TokenType   string  `json:"token_type"`
		ExpiresIn   float64 `json:"expires_in"`
	}
	asked := time.Now()
	if _, err := p.post(ctx, p.cfg.TokenURL, form, func(*http.Request) error { return nil }, &got); err != nil {
		return "", time.Time{}, err
	}
	if !mayBeToken(got.AccessToken) || !strings.EqualFold(got.TokenType, "Bearer") {
		return "", time.Time{}, errors.New("the reply has no bearer token")
	}
	if got.ExpiresIn <= 0 {
		return got.AccessToken, time.Time{}, nil
	}
	life := time.Duration(min(got.ExpiresIn, 1e6)) * time.Second
	return got.AccessToken, asked.Add(life - min(time.Minute, life/2)), nil
}
