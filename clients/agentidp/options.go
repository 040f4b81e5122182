package agentidp

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Option changes what [New] makes.
type Option interface{ apply(*config) error }

type option func(*config) error

func (f option) apply(c *config) error { return f(c) }

type config struct {
	scopes  []string
	http    *http.Client
	timeout time.Duration
	retries int
}

// WithScopes asks for these scopes only. Default: all four.
func WithScopes(scopes ...string) Option {
	return option(func(c *config) error {
		for _, s := range scopes {
			if s == "" || strings.ContainsAny(s, " \t\r\n\"\\") {
				return fmt.Errorf("agentidp: the scope %q is none, expected one such as %s", s, ScopeAgentsRead)
			}
		}
		if len(scopes) == 0 {
			return fmt.Errorf("agentidp: WithScopes names no scope: leave it out to ask for all")
		}
		c.scopes = append([]string(nil), scopes...)
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

// WithTimeout bounds each attempt; the context bounds the call. 0 = no bound. Default: 30 seconds.
func WithTimeout(d time.Duration) Option {
	return option(func(c *config) error {
		if d < 0 {
			return fmt.Errorf("agentidp: the timeout %v is negative, expected 0 for none or more", d)
		}
		c.timeout = d
		return nil
	})
}

// WithMaxRetries sets how often a request is sent again. 0 = never. Default: 3.
func WithMaxRetries(n int) Option {
	return option(func(c *config) error {
		if n < 0 {
			return fmt.Errorf("agentidp: %d retries are fewer than none", n)
		}
		c.retries = n
		return nil
	})
}
