package mcpmeta

import (
	"context"

	"github.com/sentrial/sentrial-go"
)

// Read puts the session that meta names into ctx, with the event that the work is part of and the remote trace, as [sentrial.Client.Extract] does. recorded is true
// where the tools/call that the request makes is that event: it is recorded by who sent the request. Whatever else meta may hold, ctx stays as it is. Use it only
// where the sender is trusted: whoever writes the request chooses the session that is written to.
func Read(ctx context.Context, client *sentrial.Client, meta map[string]any) (next context.Context, recorded bool) {
	c := carrier{meta: meta}
	header := c.Get(baggage)
	if header == "" {
		return ctx, false
	}
	next = client.Extract(ctx, &c)
	if sentrial.SessionFromContext(next) == sentrial.SessionFromContext(ctx) {
		return next, false
	}
	call := c.Get(ToolCall)
	return next, call != "" && call == parentIn(header) // another one is of a call further up, which somebody passed on
}
