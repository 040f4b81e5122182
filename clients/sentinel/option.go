package sentinel

import (
	"errors"
	"net/http"
	"time"
)

// Option sets up a client.
type Option interface{ apply(*config) }

type config struct {
	tokens     *tokens
	httpClient *http.Client
	timeout    time.Duration
	retries    int
	wrong      []error // what the options had wrong
}

type clientOption func(*config)

func (o clientOption) apply(c *config) { o(c) }

// WithAccessToken sends this token with every request. A 401 is final then. The last of this and [WithTokenSource] counts.
func WithAccessToken(token string) Option {
	return clientOption(func(c *config) {
		if err := checkToken(token); err != nil {
			c.wrong = append(c.wrong, err)
		}
		c.tokens = newTokens(fixed(token), true)
	})
}

// WithTokenSource asks s for the token of each request. After a 401 it is told, if it has Invalidate(), and asked once more. Package agentidp has a source.
func WithTokenSource(s TokenSource) Option {
	return clientOption(func(c *config) {
		if s == nil {
			c.wrong = append(c.wrong, errors.New("sentinel: the token source is nil"))
			return
		}
		c.tokens = newTokens(s, false)
	})
}

// WithHTTPClient sends by c, for proxies, certificates and tests. Redirects are not followed whatever it says. Default: a client of one's own.
func WithHTTPClient(client *http.Client) Option {
	return clientOption(func(c *config) { c.httpClient = client })
}

// WithMaxRetries is how many attempts may follow the first. 0 means none. Default: 3, after 1 s, 2 s and 4 s; further ones wait 4 s.
func WithMaxRetries(n int) Option { return clientOption(func(c *config) { c.retries = max(0, n) }) }

// WithTimeout is how long the platform may be silent: while it takes no more of a request, before its reply, and within it. The time that an upload's content takes
// to be read does not count. 0 means no limit but the context's. Default: 30 s.
func WithTimeout(d time.Duration) Option {
	return clientOption(func(c *config) { c.timeout = max(0, d) })
}
