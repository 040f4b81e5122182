package agentidp

import (
	"context"
	"errors"
)

// renewal is in the context of a call that must know whether an attempt was refused with 401: that one did nothing.
type renewal struct{ made bool }

type renewalKey struct{}

// end sends a request that ends something. That it was ended already is no error if an earlier attempt of the call may have done so: its reply was lost.
func (c *Client) end(ctx context.Context, q call, already error) error {
	renewed := &renewal{}
	err := c.do(context.WithValue(ctx, renewalKey{}, renewed), q)
	acted := 1
	if renewed.made {
		acted = 2
	}
	var e *Error
	if errors.Is(err, already) && errors.As(err, &e) && e.Attempts > acted {
		return nil
	}
	return err
}
