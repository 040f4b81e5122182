// Package apiclient speaks the sentrial API for the command line, over the network or with a handler in this process.
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

// Client speaks for one project with one server. It is safe for concurrent use.
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
	return raw, c.get(ctx, "/v1/sessions/"+url.PathEscape(id), nil, &raw)
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
	return c.page(ctx, "/v1/sessions/"+url.PathEscape(session)+"/events", query)
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

// Get reads what is at path as the API sends it.
func (c *Client) Get(ctx context.Context, path string, query url.Values) (json.RawMessage, error) {
	var raw json.RawMessage
	return raw, c.get(ctx, path, query, &raw)
}

// List reads a page of the list at path.
func (c *Client) List(ctx context.Context, path string, query url.Values) (*Page, error) {
	return c.page(ctx, path, query)
}

func (c *Client) get(ctx context.Context, path string, query url.Values, into any) error {
	return c.call(ctx, call{method: http.MethodGet, path: path, query: query}, into)
}

// call is a request in the making.
type call struct {
	method, path string
	query        url.Values
	body         []byte // JSON, nil = none
}

// call asks for a reply of 200 or 204 and decodes it, unless into is nil.
func (c *Client) call(ctx context.Context, what call, into any) error {
	got, err := c.do(ctx, what)
	switch {
	case err != nil:
		return err
	case got.Status == http.StatusNoContent && into == nil:
		return nil
	case got.Status != http.StatusOK:
		return c.failure(got)
	case into == nil:
		return nil
	}
	if err := json.Unmarshal(got.Body, into); err != nil {
		return &StrangeReplyError{URL: c.base, Reason: fmt.Sprintf("it is not JSON of the expected form: %v", err)}
	}
	return nil
}

// Reply is a whole answer, whatever it says.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// Ask reads what is at path and judges nothing.
func (c *Client) Ask(ctx context.Context, path string) (Reply, error) {
	return c.do(ctx, call{method: http.MethodGet, path: path})
}

// Failure is the error that a reply which is not 200 amounts to.
func (c *Client) Failure(got Reply) error { return c.failure(got) }

func (c *Client) do(ctx context.Context, what call) (Reply, error) {
	req, err := c.request(ctx, what)
	if err != nil {
		return Reply{}, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Reply{}, c.unreachable(ctx, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	switch {
	case err != nil:
		return Reply{}, c.unreachable(ctx, err)
	case len(body) > maxReply:
		return Reply{}, &StrangeReplyError{URL: c.base, Reason: fmt.Sprintf("it is longer than %d MiB", maxReply>>20)}
	}
	return Reply{resp.StatusCode, resp.Header, body}, nil
}

func (c *Client) request(ctx context.Context, what call) (*http.Request, error) {
	target := c.base + what.path
	if len(what.query) > 0 {
		target += "?" + what.query.Encode()
	}
	var body io.Reader
	if what.body != nil {
		body = bytes.NewReader(what.body)
	}
	req, err := http.NewRequestWithContext(ctx, what.method, target, body)
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
