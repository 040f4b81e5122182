package sentrial

import (
	"context"
	"slices"
	"sync"

	"github.com/sentrial/sentrial-go/internal/attach"
	"github.com/sentrial/sentrial-go/internal/jsonenc"
)

// followers are what holds events of a client back for a while, such as a bridge that waits for the rest of a trace. They let go of them when it is flushed or closed.
type followers struct {
	mu   sync.Mutex
	list []*follower
}

type follower struct{ release func(context.Context) }

func follow(client any, release func(context.Context)) (stop func()) {
	c := attached(client)
	if c == nil {
		return func() {}
	}
	f := &follower{release}
	c.followers.add(f)
	return func() { c.followers.remove(f) }
}

func (f *followers) add(one *follower) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, one)
}

func (f *followers) remove(one *follower) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = slices.DeleteFunc(f.list, func(other *follower) bool { return other == one })
}

func (f *followers) all() []*follower {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.list)
}

// release lets everything that follows the client hand over what it holds.
func (c *Client) release(ctx context.Context) {
	for _, f := range c.followers.all() {
		c.releaseOne(ctx, f)
	}
}

// releaseLast is release for a client that takes nothing afterwards.
func (c *Client) releaseLast(ctx context.Context) { c.release(attach.WithClosing(ctx)) }

func (c *Client) releaseOne(ctx context.Context, f *follower) {
	defer func() {
		if v := recover(); v != nil {
			c.warnOnce("release", "sentrial: what follows the client panicked", "panic", jsonenc.PanicText(v))
		}
	}()
	f.release(ctx)
}
