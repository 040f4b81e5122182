package sentinel

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/internal/platform"
)

// Client asks Sentinel. It is safe for concurrent use. There is nothing to close.
type Client struct {
	Documents *Documents
	Chat      *Chat
	core      *core
}

// Documents uploads documents and tells how far they are.
type Documents struct{ core *core }

// Chat sends messages.
type Chat struct{ core *core }

// core is what the methods share.
type core struct {
	asking *platform.Client // for what changes nothing
	acting *platform.Client // for what would be done twice
	tokens *tokens
}

// delays are those of the documentation's table.
var delays = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}

// retried are the statuses of the documentation's table that are tried again.
var retried = []int{
	http.StatusTooManyRequests,
	http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// jitter is the most that is added to a delay, as a share of it.
const jitter = 0.5

// New returns a client of the Sentinel at baseURL, such as https://sentinel.example. It needs [WithAccessToken] or [WithTokenSource].
func New(baseURL string, opts ...Option) (*Client, error) {
	cfg := config{retries: len(delays), timeout: 30 * time.Second}
	for _, opt := range opts {
		if opt != nil {
			opt.apply(&cfg)
		}
	}
	if err := errors.Join(cfg.wrong...); err != nil {
		return nil, err
	}
	if cfg.tokens == nil {
		return nil, errors.New("sentinel: there is no access token: give one by WithAccessToken, or a source of them by WithTokenSource")
	}
	core, err := newCore(baseURL, &cfg)
	if err != nil {
		return nil, err
	}
	return &Client{Documents: &Documents{core}, Chat: &Chat{core}, core: core}, nil
}

func newCore(baseURL string, cfg *config) (c *core, err error) {
	c = &core{tokens: cfg.tokens}
	client := impatient(cfg.httpClient, cfg.timeout)
	if c.asking, err = platform.New(c.config(baseURL, cfg, client, true)); err != nil {
		return nil, err
	}
	c.acting, err = platform.New(c.config(baseURL, cfg, client, false))
	return c, err
}

// config is that of the requests which may be repeated whatever became of them, or of the others.
func (c *core) config(baseURL string, cfg *config, client *http.Client, harmless bool) platform.Config {
	return platform.Config{
		Name: "sentinel", BaseURL: baseURL, HTTPClient: client,
		Retry: platform.RetryPolicy{
			Attempts: 1 + cfg.retries, Statuses: slices.Clone(retried), Delays: slices.Clone(delays), Jitter: jitter, RetryAfter: true,
			Unsent: true, Network: harmless, Garbled: harmless,
		},
		Authorize: c.tokens.authorize,
		Refused:   c.tokens.refused,
		Fail:      c.fail,
		Network:   func(err error, attempts int) error { return noReply(err, attempts, !harmless) },
	}
}

// CloseIdleConnections closes connections that nobody uses, also those of an http.Client that was given.
func (c *Client) CloseIdleConnections() { c.core.asking.CloseIdleConnections() }

// impatient is a copy of c, or a client of one's own, that gives up on a platform which is silent for longer than limit.
func impatient(c *http.Client, limit time.Duration) *http.Client {
	own := http.Client{Transport: httpx.NewTransport()}
	if c != nil {
		own = *c
	}
	if own.Transport == nil {
		own.Transport = http.DefaultTransport
	}
	own.Transport = &silence{next: own.Transport, limit: limit}
	return &own
}
