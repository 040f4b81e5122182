package apiclient

import (
	"context"
	"fmt"
	"net/http"
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
	if err := c.change(ctx, call{method: http.MethodPost, path: "/v1/events", body: body}, &got); err != nil {
		return Receipt{}, err
	}
	if sum := got.Accepted + got.Duplicates + len(got.Rejected); sum != n {
		return Receipt{}, &StrangeReplyError{URL: c.base, Reason: fmt.Sprintf("it accounts for %d of %d events", sum, n)}
	}
	return got, nil
}
