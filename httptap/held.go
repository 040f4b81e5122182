package httptap

import (
	"context"
	"net/http"
	"slices"
	"sync"

	sentrial "github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/attach"
)

// maxHeld bounds how many calls of a client wait to be tried again. Further ones are recorded as the failures they are.
const maxHeld = 1000

// maxHeldBytes bounds what was asked in them.
const maxHeldBytes = 64 << 20

// heldCalls are calls that failed and may be tried again. Only clients that have some are in it, so that it keeps none from being collected.
type heldCalls struct {
	mu      sync.Mutex
	clients map[*sentrial.Client]*clientCalls
}

type clientCalls struct {
	calls    map[callKey][]*call
	count    int
	bytes    int64
	unfollow func()
}

var held = heldCalls{clients: map[*sentrial.Client]*clientCalls{}}

// put is false when the call cannot wait.
func (h *heldCalls) put(c *call) bool {
	client := c.tap.client
	if !c.key.known || attach.Closed(client) {
		return false
	}
	h.mu.Lock()
	mine := h.of(client)
	if mine.count >= maxHeld || mine.bytes+c.size() > maxHeldBytes {
		h.mu.Unlock()
		return false
	}
	mine.calls[c.key] = append(mine.calls[c.key], c)
	mine.count++
	mine.bytes += c.size()
	h.mu.Unlock()
	if attach.Closed(client) { // meanwhile, and Close may have looked before
		return !h.remove(c)
	}
	return true
}

// of has the client's Flush and Close release what waits, while anything does.
func (h *heldCalls) of(client *sentrial.Client) *clientCalls {
	mine := h.clients[client]
	if mine == nil {
		mine = &clientCalls{calls: map[callKey][]*call{}}
		mine.unfollow = attach.Follow(client, func(ctx context.Context) { h.release(ctx, client) })
		h.clients[client] = mine
	}
	return mine
}

// take gives the waiting call that the request is another attempt of, which waits no longer then.
func (h *heldCalls) take(client *sentrial.Client, key callKey, req *http.Request) *call {
	if !key.known {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	mine := h.clients[client]
	if mine == nil || mine.calls[key] == nil {
		return nil
	}
	c := likeliest(mine.calls[key], req)
	if c != nil {
		h.drop(client, c)
	}
	return c
}

// remove is true for whoever ends the wait.
func (h *heldCalls) remove(c *call) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.drop(c.tap.client, c)
}

func (h *heldCalls) drop(client *sentrial.Client, c *call) bool {
	mine := h.clients[client]
	if mine == nil {
		return false
	}
	i := slices.Index(mine.calls[c.key], c)
	if i < 0 {
		return false
	}
	if mine.calls[c.key] = slices.Delete(mine.calls[c.key], i, i+1); len(mine.calls[c.key]) == 0 {
		delete(mine.calls, c.key)
	}
	mine.bytes -= c.size()
	if mine.count--; mine.count == 0 {
		delete(h.clients, client)
		mine.unfollow()
	}
	return true
}

// size is about what a call holds while it waits.
func (c *call) size() int64 { return min(c.key.length, int64(c.tap.limit)) }

// release records what waits, when the client is flushed or closed. That may have to wait for room in the client's queue, but no longer than ctx allows.
func (h *heldCalls) release(ctx context.Context, client *sentrial.Client) {
	calls, done := h.all(client), make(chan struct{})
	go func() {
		defer close(done)
		for _, c := range calls {
			c.giveUp()
		}
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// all gives those that wait, without what is being recorded right now: one of its hooks may be what flushes.
func (h *heldCalls) all(client *sentrial.Client) (all []*call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if mine := h.clients[client]; mine != nil {
		for _, calls := range mine.calls {
			for _, c := range calls {
				if !c.recording.Load() {
					all = append(all, c)
				}
			}
		}
	}
	return all
}
