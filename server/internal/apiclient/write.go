package apiclient

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// Receipt is what became of the events of a batch.
type Receipt struct {
	Accepted   int         `json:"accepted"`
	Duplicates int         `json:"duplicates"`
	Rejected   []Rejection `json:"rejected"`
}

// Rejection is why an event was not stored.
type Rejection struct {
	ID      string `json:"id"` // #INDEX for an event without a usable one
	Code    string `json:"code"`
	Message string `json:"message"`
	Retry   bool   `json:"retry"`
}

// PostEvents sends a batch of n events. A reply that does not account for all of them is none of a server's.
func (c *Client) PostEvents(ctx context.Context, body []byte, n int) (Receipt, error) {
	var got Receipt
	if err := c.call(ctx, call{method: http.MethodPost, path: "/v1/events", body: body}, &got); err != nil {
		return Receipt{}, err
	}
	if sum := got.Accepted + got.Duplicates + len(got.Rejected); sum != n {
		return Receipt{}, &StrangeReplyError{URL: c.base, Reason: fmt.Sprintf("it accounts for %d of %d events", sum, n)}
	}
	return got, nil
}

// DeleteSession erases a session and its events.
func (c *Client) DeleteSession(ctx context.Context, id string) error {
	return c.call(ctx, call{method: http.MethodDelete, path: "/v1/sessions/" + url.PathEscape(id)}, nil)
}

// Erased is how much went.
type Erased struct {
	Sessions int `json:"sessions"`
	Events   int `json:"events"`
}

// DeleteUser erases every session of a user.
func (c *Client) DeleteUser(ctx context.Context, id string) (Erased, error) {
	var gone Erased
	return gone, c.call(ctx, call{method: http.MethodDelete, path: "/v1/users/" + url.PathEscape(id)}, &gone)
}
