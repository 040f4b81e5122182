package platform

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// maxBody is how much of a reply is read unless [Config.MaxBody] says otherwise.
const maxBody = 8 << 20

// Config says how a platform is asked. Functions that are nil are not called.
type Config struct {
	Name    string // of the platform, in front of the names of its tool calls and of errors: "agentidp"
	BaseURL string // http or https, absolute, with a path or without; no user, query or fragment

	HTTPClient *http.Client  // nil = one of its own. Redirects are not followed whatever it says.
	Timeout    time.Duration // of one attempt; 0 = none but the context's
	UserAgent  string        // "" = "sentrial-go"
	MaxBody    int64         // of a reply, in bytes; 0 = 8 MiB. A longer one is not understood.
	Retry      RetryPolicy

	// Authorize sets the header of an attempt. Its error ends the call as it is.
	Authorize func(ctx context.Context, r *http.Request) error
	// Refused hears of a 401 to that request, once a call. It drops the token that was refused, and tells whether to try again with another one.
	Refused func(ctx context.Context, r *http.Request) bool
	// Before may wait before an attempt. Its error ends the call: as it is, or behind the failure of the attempt before.
	Before func(ctx context.Context) error
	// After sees every reply, of any status. One that was cut short has no body.
	After func(r *httpx.Response)

	// Fail makes the error of a reply that is no success. nil = an error with status and message.
	Fail func(r *httpx.Response, attempts int) error
	// Network makes the error of no reply, a success cut short (*httpx.CutError), or one that is not understood (*ReplyError). It should wrap err. nil = err with
	// the platform's name.
	Network func(err error, attempts int) error
}

// Client asks a platform. It is safe for concurrent use, and has nothing to close: idle connections end by themselves.
type Client struct {
	cfg  Config
	base *url.URL
	http *http.Client
}

// New returns a client, or an error that says what is wrong with the base URL.
func New(cfg Config) (*Client, error) {
	base, err := baseURL(cfg.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Name, err)
	}
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = &http.Client{Transport: httpx.NewTransport()}
	}
	cfg.MaxBody = cmp.Or(cfg.MaxBody, maxBody)
	cfg.UserAgent = cmp.Or(cfg.UserAgent, "sentrial-go")
	return &Client{cfg: cfg, base: base, http: httpx.NoRedirect(cfg.HTTPClient)}, nil
}

// HTTPClient gives what the client sends by, for another Client that shares its connections.
func (c *Client) HTTPClient() *http.Client { return c.cfg.HTTPClient }

// CloseIdleConnections closes connections that nobody uses, also those of a client that was given.
func (c *Client) CloseIdleConnections() { c.cfg.HTTPClient.CloseIdleConnections() }

// baseURL reads the URL that paths are appended to. Errors leave out what may be a secret.
func baseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	const want = "expected one such as https://platform.example"
	switch {
	case text == "":
		return nil, fmt.Errorf("the base URL is empty, %s", want)
	case err != nil: // its text has all of the URL
		return nil, fmt.Errorf("the base URL cannot be read, %s", want)
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, fmt.Errorf("the base URL %q is not an absolute http or https URL, %s", httpx.PublicURL(u), want)
	case u.User != nil:
		return nil, fmt.Errorf("the base URL %q has a user or password, give the credentials by themselves", httpx.PublicURL(u))
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("the base URL %q has a query or fragment, leave it out", httpx.PublicURL(u))
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, nil
}
