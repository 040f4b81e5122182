package server_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// oneKey is a store without events that has one key. Some other process may revoke it.
type oneKey struct {
	store.Store
	mu  sync.Mutex
	key store.Key
}

func (o *oneKey) KeyByPrefix(context.Context, string) (store.Key, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.key, nil
}

func (o *oneKey) revoke(at time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.key.RevokedAt = at
}

func (*oneKey) HasKeys(context.Context) (bool, error) { return true, nil }

func (*oneKey) TouchKey(context.Context, string, string, time.Time) error { return nil }

func (*oneKey) Position(context.Context) (int64, error) { return 0, nil }

func (*oneKey) Follow(context.Context, string, store.FollowQuery) (store.FollowPage, error) {
	return store.FollowPage{}, nil
}

// TestStreamOfAKeyRevokedElsewhere ends within a second, whenever in the stream's life that is, and though requests with the key have just been let through.
func TestStreamOfAKeyRevokedElsewhere(t *testing.T) {
	for after := time.Duration(0); after <= 2*time.Second; after += 90 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			text := server.NewKeyText()
			db := &oneKey{key: keyOf(text)}
			s, err := server.New(server.Config{Store: db})
			if err != nil {
				t.Fatal(err)
			}
			ended := make(chan time.Time, 1)
			go func() {
				quietly(t, s, "/v1/stream", text)
				ended <- time.Now()
			}()
			time.Sleep(after)
			same(t, "another request", quietly(t, s, "/v1/limits", text), http.StatusOK)
			revoked := time.Now()
			db.revoke(revoked)
			if waited := (<-ended).Sub(revoked); waited > time.Second {
				t.Errorf("revoked after %v the stream ended %v later", after, waited)
			}
			same(t, fmt.Sprint("a request after ", after), quietly(t, s, "/v1/limits", text), http.StatusUnauthorized)
		})
	}
}
