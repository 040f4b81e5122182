package hivium

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/sentrial/sentrial-go/internal/platform"
)

// DefaultBaseURL is where the platform is.
const DefaultBaseURL = "https://sentinel.hivium.app"

// Client is a client of one workspace.
type Client struct {
	Contacts      *Contacts
	Conversations *Conversations
	Messages      *Messages
	Runs          *Runs

	platform *platform.Client
}

// New returns a client that shows this API key, such as sk_live_... Nothing is sent yet.
func New(apiKey string, opts ...Option) (*Client, error) {
	if err := checkKey(apiKey); err != nil {
		return nil, err
	}
	cfg := config{baseURL: DefaultBaseURL, timeout: 30 * time.Second, retries: 3, window: time.Minute}
	for _, o := range opts {
		if o == nil {
			continue
		}
		if err := o.apply(&cfg); err != nil {
			return nil, err
		}
	}
	c := new(Client)
	if err := c.connect(platform.Secret(apiKey), &cfg); err != nil {
		return nil, err
	}
	c.Contacts, c.Conversations, c.Messages, c.Runs = &Contacts{c}, &Conversations{c}, &Messages{c}, &Runs{c}
	return c, nil
}

// checkKey finds what cannot be in a header. Its errors do not show the key.
func checkKey(key string) error {
	switch {
	case key == "":
		return errors.New("hivium: the API key is empty, expected one that begins with sk_")
	case !visible(key):
		return errors.New("hivium: the API key has spaces or characters that keys do not have: was it copied whole, and nothing else?")
	}
	return nil
}

func (c *Client) connect(key platform.Secret, cfg *config) (err error) {
	pace := newPacer(cfg.limit, cfg.window)
	fails := failures{key}
	c.platform, err = platform.New(platform.Config{
		Name: "hivium", BaseURL: cfg.baseURL, HTTPClient: paced(cfg.http, pace), Timeout: cfg.timeout,
		Authorize: func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+key.Reveal())
			return nil
		},
		Before: pace.wait,
		Fail:   fails.refused, Network: fails.broken,
		Retry: platform.RetryPolicy{
			Attempts: 1 + cfg.retries, Statuses: repeatable(), Network: true, Garbled: true, RetryAfter: true,
			Delays: []time.Duration{time.Second, 2 * time.Second, 4 * time.Second},
		},
	})
	return err
}

// repeatable are the statuses that the document lets a client try again: 429 and every 5xx.
func repeatable() []int {
	statuses := []int{http.StatusTooManyRequests}
	for status := http.StatusInternalServerError; status < 600; status++ {
		statuses = append(statuses, status)
	}
	return statuses
}

// CloseIdleConnections closes connections that nobody uses, also those of the client of [WithHTTPClient].
func (c *Client) CloseIdleConnections() { c.platform.CloseIdleConnections() }

// OpenAPI gives the platform's description of itself for machines, as it is.
func (c *Client) OpenAPI(ctx context.Context) (json.RawMessage, error) {
	var got json.RawMessage
	if err := c.do(ctx, call{endpoint: getOpenAPI, into: &got}); err != nil {
		return nil, err
	}
	return got, nil
}

// call is one request.
type call struct {
	endpoint
	id     string // in the path; "" = there is none
	query  url.Values
	json   any
	header http.Header
	once   bool // repeating does harm, whatever the endpoint says
	input  any
	into   any
	output any // what is recorded
}

func (c *Client) do(ctx context.Context, q call) error {
	path, err := q.fill(q.id)
	if err != nil {
		return err
	}
	request := platform.Request{
		Tool: q.tool, Method: q.method, Path: path, Query: q.query, Header: q.header, JSON: q.json, Retry: q.repeat && !q.once,
		Input: q.input, Output: q.output, Into: q.into,
	}
	if reply, ok := q.into.(required); ok {
		request.Missing = reply.missing
	}
	_, err = c.platform.Do(ctx, request)
	return err
}

// required is a reply that cannot do without some fields: missing names one that it has not.
type required interface{ missing() string }

// result is got, or nothing beside an error.
func result[T any](got *T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return got, nil
}
