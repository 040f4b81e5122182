package server

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// hostedClient returns the client that a request of our SDK comes from. Of one without the header Sentrial-Client nothing is known.
func hostedClient(r *http.Request) (store.Client, error) {
	id := r.Header.Get("Sentrial-Client")
	if id == "" {
		return store.Client{}, nil
	}
	if !validID(id) {
		return store.Client{}, invalid("Sentrial-Client %q: expected %s", shorten(id), idForm)
	}
	client := store.Client{ID: id}
	product, _, _ := strings.Cut(r.UserAgent(), " ")
	if sdk, version, ok := strings.Cut(product, "/"); ok && validID(sdk) && validID(version) {
		client.SDK, client.Version = sdk, version
	}
	return client, nil
}

// clock gives the times of events that have none of their own.
type clock struct {
	mu   sync.Mutex
	last time.Time
}

// maxStepBack is how far a clock that is being set may go back without events being listed in the wrong order. One that was far ahead is
// followed at once.
const maxStepBack = time.Second

// tick returns now, or the last tick while now is a little before it.
func (c *clock) tick(now time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if back := c.last.Sub(now); back <= 0 || back > maxStepBack {
		c.last = now
	}
	return c.last
}
