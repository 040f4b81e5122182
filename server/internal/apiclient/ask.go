package apiclient

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

// Get reads what is at path as the API sends it.
func (c *Client) Get(ctx context.Context, path string, query url.Values) (json.RawMessage, error) {
	var raw json.RawMessage
	return raw, c.get(ctx, path, query, &raw)
}

// List reads a page of the list at path.
func (c *Client) List(ctx context.Context, path string, query url.Values) (*Page, error) {
	return c.page(ctx, path, query)
}

// Reply is a whole answer, whatever it says.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// Ask reads what is at path and judges nothing.
func (c *Client) Ask(ctx context.Context, path string) (Reply, error) {
	got, err := c.do(ctx, call{method: http.MethodGet, path: path})
	return Reply{got.status, got.header, got.body}, err
}

// Failure is the error that a reply which is not 200 amounts to.
func (c *Client) Failure(r Reply) error { return c.failure(reply{r.Status, r.Header, r.Body}) }
