package agentidp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/internal/platform"
)

// Client is a client of one AgentIdP, with the identity of one agent.
type Client struct {
	Agents      *Agents
	Credentials *Credentials
	Tokens      *Tokens
	Audit       *Audit

	clientID string
	scopes   []string
	tokens   *tokenCache
	underWay *underWay        // behind a pointer, as tokens: who prints the client does not see it
	open     *platform.Client // for requests that carry the client's secret
	closed   *platform.Client // for those that carry a token
}

// New returns a client that proves by the credential of an agent who it is: clientID is the agent's ID, a UUID, clientSecret one of its secrets. Nothing is sent yet.
func New(baseURL, clientID, clientSecret string, opts ...Option) (*Client, error) {
	switch {
	case clientID == "":
		return nil, errors.New("agentidp: the client ID is empty, expected the agent's ID")
	case clientSecret == "":
		return nil, errors.New("agentidp: the client secret is empty, expected one that Credentials.Generate or Rotate showed")
	}
	cfg := config{scopes: AllScopes(), timeout: 30 * time.Second, retries: 3}
	for _, o := range opts {
		if o == nil {
			continue
		}
		if err := o.apply(&cfg); err != nil {
			return nil, err
		}
	}
	c := &Client{clientID: clientID, scopes: cfg.scopes, underWay: &underWay{forms: map[Secret]int{}}}
	c.tokens = newTokenCache(Secret(clientSecret), c.issue)
	if err := c.connect(baseURL, &cfg); err != nil {
		return nil, err
	}
	c.Agents, c.Credentials, c.Tokens, c.Audit = &Agents{c}, &Credentials{c}, &Tokens{c}, &Audit{c}
	return c, nil
}

func (c *Client) connect(baseURL string, cfg *config) (err error) {
	shared := platform.Config{
		Name: "agentidp", BaseURL: baseURL, HTTPClient: cfg.http, Timeout: cfg.timeout,
		Fail: c.failed, Network: c.broken,
		Retry: platform.RetryPolicy{
			Attempts: 1 + cfg.retries, Statuses: []int{408, 429, 500, 502, 503, 504}, Network: true, Garbled: true,
			Delays: []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, Jitter: 0.5, RetryAfter: true,
		},
	}
	if c.open, err = platform.New(shared); err != nil {
		return err
	}
	shared.HTTPClient = c.open.HTTPClient()
	shared.Authorize, shared.Refused = c.authorize, c.refused
	c.closed, err = platform.New(shared)
	return err
}

// ClientID is the ID of the agent that the client acts for.
func (c *Client) ClientID() string { return c.clientID }

// CloseIdleConnections closes connections that nobody uses, also those of the client of [WithHTTPClient].
func (c *Client) CloseIdleConnections() { c.open.CloseIdleConnections() }

// call is one request with a token.
type call struct {
	endpoint
	ids     []string
	query   url.Values
	json    any
	form    url.Values
	input   any
	into    any
	missing func() string // names a field that into should have
}

func (c *Client) do(ctx context.Context, q call) error { return c.send(ctx, c.closed, q) }

func (c *Client) send(ctx context.Context, by *platform.Client, q call) error {
	path, err := platform.Path(q.path, q.ids...)
	if err != nil {
		return &Error{Code: CodeInvalidID, Message: err.Error()}
	}
	request := platform.Request{
		Tool: q.tool, Method: q.method, Path: path, Query: q.query, JSON: q.json, Retry: q.repeat,
		Input: q.input, Output: q.into, Into: q.into, Missing: q.missing,
	}
	if q.form != nil {
		request.Body, request.Length = formBody(q.form)
		request.ContentType = "application/x-www-form-urlencoded"
	}
	_, err = by.Do(ctx, request)
	return err
}

// authorize gives a request the token.
func (c *Client) authorize(ctx context.Context, r *http.Request) error {
	token, err := c.tokens.get(ctx)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token.Reveal())
	return nil
}

// refused drops the token that was not accepted.
func (c *Client) refused(ctx context.Context, r *http.Request) bool {
	if renewed, ok := ctx.Value(renewalKey{}).(*renewal); ok {
		renewed.made = true
	}
	c.tokens.drop(Secret(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")))
	return true
}
