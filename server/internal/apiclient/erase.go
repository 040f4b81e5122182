package apiclient

import "context"

// DeleteSession erases a session and its events.
func (c *Client) DeleteSession(ctx context.Context, id string) error {
	return c.delete(ctx, "/v1/sessions/"+segment(id), nil)
}

// Erased is how much went.
type Erased struct {
	Sessions int `json:"sessions"`
	Events   int `json:"events"`
}

// DeleteUser erases every session of a user.
func (c *Client) DeleteUser(ctx context.Context, id string) (Erased, error) {
	var gone Erased
	return gone, c.delete(ctx, "/v1/users/"+segment(id), &gone)
}
