package apiclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// post sends a document and reads the reply into into.
func (c *Client) post(ctx context.Context, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode the request: %w", err)
	}
	return c.change(ctx, call{method: http.MethodPost, path: path, body: text}, into)
}

// delete removes what is at path. into takes what the server tells of it, nil = nothing.
func (c *Client) delete(ctx context.Context, path string, into any) error {
	return c.change(ctx, call{method: http.MethodDelete, path: path}, into)
}

func (c *Client) change(ctx context.Context, what call, into any) error {
	got, err := c.do(ctx, what)
	switch {
	case err != nil:
		return err
	case got.status/100 != 2:
		return c.failure(got)
	case into == nil:
		return nil
	}
	return c.decode(got, into)
}

// NewKey says what key to make.
type NewKey struct {
	Name      string   `json:"name,omitzero"`
	Scopes    []string `json:"scopes"`
	ExpiresIn string   `json:"expires_in,omitzero"` // a duration such as 90d, "" = never
}

// CreateKey makes a key of the project and returns it as the API sends it, its text included.
func (c *Client) CreateKey(ctx context.Context, key NewKey) (json.RawMessage, error) {
	var raw json.RawMessage
	return raw, c.post(ctx, "/v1/keys", key, &raw)
}

// Keys reads the list of the project's keys.
func (c *Client) Keys(ctx context.Context) (*Page, error) { return c.page(ctx, "/v1/keys", nil) }

// RevokeKey ends a key.
func (c *Client) RevokeKey(ctx context.Context, id string) error {
	return c.delete(ctx, "/v1/keys/"+segment(id), nil)
}
