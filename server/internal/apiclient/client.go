// Package apiclient speaks the sentrial API, over the network or with a handler in this process.
package apiclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxReply bounds what one reply may hold: a page is cut by the server long before.
const maxReply = 256 << 20

// Client speaks for one project of one server. It is safe for concurrent use.
type Client struct {
	base    string
	key     string
	project string
	http    *http.Client
}

// Config of a Client.
type Config struct {
	BaseURL   string            // http or https, without the /v1 path
	APIKey    string            // "" = none is sent
	Project   string            // "" = the key's or the server's default
	Transport http.RoundTripper // nil = http.DefaultTransport
	Timeout   time.Duration     // of one request; 0 = 30 s
}

// New checks the URL and returns a client. It does not connect.
func New(cfg Config) (*Client, error) {
	u, err := url.Parse(strings.TrimSpace(cfg.BaseURL))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("URL %q: expected http://HOST:PORT or https://HOST", cfg.BaseURL)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("URL of %s: expected no user, query or fragment; a key goes into --api-key", u.Host)
	}
	if !headerSafe(cfg.APIKey) || !headerSafe(cfg.Project) {
		return nil, errors.New("the API key and the project may hold printable ASCII only")
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	return &Client{
		base:    strings.TrimRight(u.String(), "/"),
		key:     cfg.APIKey,
		project: cfg.Project,
		http: &http.Client{
			Transport: cfg.Transport,
			Timeout:   cfg.Timeout,
			// The key must not follow a redirect to somewhere else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// headerSafe reports whether s can travel in a header.
func headerSafe(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7e })
}

// Session reads one session as the API sends it.
func (c *Client) Session(ctx context.Context, id string) (json.RawMessage, error) {
	var raw json.RawMessage
	return raw, c.get(ctx, "/v1/sessions/"+segment(id), nil, &raw)
}

// Page is one page of a list, its items as the API sent them.
type Page struct {
	Data       []json.RawMessage `json:"data"`
	NextCursor string            `json:"next_cursor,omitzero"` // "" at the end
}

// Sessions reads a page of the list of sessions.
func (c *Client) Sessions(ctx context.Context, query url.Values) (*Page, error) {
	return c.page(ctx, "/v1/sessions", query)
}

// Events reads a page of a session's events.
func (c *Client) Events(ctx context.Context, session string, query url.Values) (*Page, error) {
	return c.page(ctx, "/v1/sessions/"+segment(session)+"/events", query)
}

func (c *Client) page(ctx context.Context, path string, query url.Values) (*Page, error) {
	page := &Page{}
	if err := c.get(ctx, path, query, page); err != nil {
		return nil, err
	}
	switch {
	case page.Data == nil:
		return nil, &StrangeReplyError{URL: c.base, Reason: "the list has no data"}
	case page.NextCursor != "" && page.NextCursor == query.Get("cursor"):
		return nil, &StrangeReplyError{URL: c.base, Reason: "the list goes on where it began"} // and would for ever
	}
	return page, nil
}

func (c *Client) get(ctx context.Context, path string, query url.Values, into any) error {
	got, err := c.do(ctx, call{method: http.MethodGet, path: path, query: query})
	if err != nil {
		return err
	}
	if got.status != http.StatusOK {
		return c.failure(got)
	}
	return c.decode(got, into)
}

func (c *Client) decode(got reply, into any) error {
	if err := json.Unmarshal(got.body, into); err != nil {
		return &StrangeReplyError{URL: c.base, Reason: fmt.Sprintf("it is not JSON of the expected form: %v", err)}
	}
	return nil
}

// call is a request to make.
type call struct {
	method, path string
	query        url.Values
	body         []byte // JSON, nil = none
}

// reply is a whole answer.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (c *Client) do(ctx context.Context, what call) (reply, error) {
	req, err := c.request(ctx, what)
	if err != nil {
		return reply{}, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return reply{}, c.unreachable(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	switch {
	case err != nil:
		return reply{}, c.unreachable(ctx, err)
	case len(body) > maxReply:
		return reply{}, &StrangeReplyError{URL: c.base, Reason: fmt.Sprintf("it is longer than %d MiB", maxReply>>20)}
	}
	return reply{resp.StatusCode, resp.Header, body}, nil
}

func (c *Client) request(ctx context.Context, what call) (*http.Request, error) {
	target := c.base + what.path
	if len(what.query) > 0 {
		target += "?" + what.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, what.method, target, bytes.NewReader(what.body))
	if err != nil {
		return nil, err
	}
	if what.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Sentrial-Version", "1")
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	if c.project != "" {
		req.Header.Set("X-Sentrial-Project", c.project)
	}
	return req, nil
}

// unreachable tells our own cancellation from a network that failed.
func (c *Client) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if inURL, ok := errors.AsType[*url.Error](err); ok { // its text repeats the whole URL
		err = inURL.Err
	}
	return &UnreachableError{URL: c.base, Err: err}
}
