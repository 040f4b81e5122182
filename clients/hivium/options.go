package hivium

import (
	"fmt"
	"net/http"
	"time"
)

// Option changes what [New] makes.
type Option interface{ apply(*config) error }

type option func(*config) error

func (f option) apply(c *config) error { return f(c) }

type config struct {
	baseURL string
	http    *http.Client
	timeout time.Duration
	retries int
	limit   int // 0 = what the document and the replies say, unpaced = none
	window  time.Duration
}

// WithBaseURL asks another server. Default: [DefaultBaseURL].
func WithBaseURL(url string) Option {
	return option(func(c *config) error {
		c.baseURL = url
		return nil
	})
}

// WithHTTPClient sends by h, which is not changed. Redirects are not followed whatever it says. Default: a client of its own, with the proxy of the environment.
func WithHTTPClient(h *http.Client) Option {
	return option(func(c *config) error {
		c.http = h
		return nil
	})
}

// WithTimeout bounds each attempt, without the wait for its turn; the context bounds the call. 0 = no bound. Default: 30 seconds.
func WithTimeout(d time.Duration) Option {
	return option(func(c *config) error {
		if d < 0 {
			return fmt.Errorf("hivium: the timeout %v is negative, expected 0 for none or more", d)
		}
		c.timeout = d
		return nil
	})
}

// WithMaxRetries sets how often a request is sent again. 0 = never. Default: 3.
func WithMaxRetries(n int) Option {
	return option(func(c *config) error {
		if n < 0 {
			return fmt.Errorf("hivium: %d retries are fewer than none", n)
		}
		c.retries = n
		return nil
	})
}

// WithRateLimit lets the client make at most n requests in any window of that length, even if the platform would take more: processes that share a key share its
// limit. n = 0 lets it go until a reply says to wait. Default: what X-RateLimit-Limit says, and 60 until then, in a minute.
func WithRateLimit(n int, window time.Duration) Option {
	return option(func(c *config) error {
		if n < 0 || n > 0 && window <= 0 {
			return fmt.Errorf("hivium: %d requests in %v are no rate, expected such as 60 in %v", n, window, time.Minute)
		}
		if c.limit = n; n == 0 {
			c.limit = unpaced
		}
		c.window = window
		return nil
	})
}
