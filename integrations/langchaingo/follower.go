package langchaingo

import (
	"context"
	"sync"
)

// follower lets a handler hear of Flush and Close while something of it is open, for what will never tell that it is over.
type follower struct {
	mu   sync.Mutex
	open int
	stop func()
}

func (f *follower) begun(h *Handler) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open++; f.open == 1 {
		f.stop = h.recorder.Follow(h.release)
	}
}

func (f *follower) ended() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open--; f.open == 0 {
		f.stop()
	}
}

// release ends what cannot be going on: what this goroutine has left, and what belongs to a context that is over, which does not say how it ended: contexts end after
// what succeeded, too. When the client closes, that is everything.
func (h *Handler) release(_ context.Context, closing bool) {
	h.settle(spotHere(), none, ending{})
	for _, o := range takeAll(func(o *operation) bool { return o.handler == h && (closing || o.ctx.Err() != nil) }) {
		o.finish(ending{})
	}
}
