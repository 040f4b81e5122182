package adapter

import (
	"context"

	"github.com/sentrial/sentrial-go/internal/attach"
)

type apartKey struct{}

// Apart gives ctx for a call that is known to be another one than the open call around it, such as that of a tool inside a tool: it does not join that call, but
// becomes an event of its own inside it.
func (r *Recorder) Apart(ctx context.Context) context.Context {
	if r == nil || r.client == nil || ctx == nil {
		return ctx
	}
	ctx = r.placed(ctx)
	return context.WithValue(ctx, apartKey{}, ctx)
}

// isApart holds until another event is opened: what is inside that one may be part of it.
func isApart(ctx context.Context) bool {
	from, ok := ctx.Value(apartKey{}).(context.Context)
	return ok && attach.SamePlace(ctx, from)
}
