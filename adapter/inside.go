package adapter

import (
	"context"

	"github.com/sentrial/sentrial-go/internal/attach"
)

// Inside gives ctx as one that is inside the call: for a call that is sent once more, whose next attempt has a context of its own.
func (c *LLM) Inside(ctx context.Context) context.Context {
	if !c.Recorded() || c.joined {
		return ctx
	}
	return attach.Inside(ctx, c.ctx)
}
