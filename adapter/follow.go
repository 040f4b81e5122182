package adapter

import (
	"context"

	"github.com/sentrial/sentrial-go/internal/attach"
)

// Follow calls release at the start of each Flush and Close of the client, for adapters that keep a call open until they know more of it. closing says that it is
// the last time: calls that are still open are recorded as abandoned then. release must keep to the context's deadline. stop ends that and may be called more than
// once.
func (r *Recorder) Follow(release func(ctx context.Context, closing bool)) (stop func()) {
	if r == nil || r.client == nil {
		return func() {}
	}
	return attach.Follow(r.client, func(ctx context.Context) { release(ctx, attach.Closing(ctx)) })
}
