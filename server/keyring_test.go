package server_test

import (
	"context"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// keyOf is an admin's key of that text.
func keyOf(text string) store.Key {
	return store.Key{ID: "key_1", Project: "p", Prefix: text[:13], Hash: sha256.Sum256([]byte(text)), Scopes: []string{"admin"}}
}

// quietly asks for a target with a key and returns the status.
func quietly(t *testing.T, s *server.Server, target, key string) int {
	r := httptest.NewRequestWithContext(local(t.Context()), "GET", target, nil)
	r.Host = "localhost"
	r.Header.Set("Authorization", "Bearer "+key)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code
}

// slowly is a store whose first answer about keys is under way for as long as the test likes.
type slowly struct {
	store.Store
	asked, answer chan struct{}
	begun         atomic.Bool
}

func (s *slowly) wait() {
	if s.begun.CompareAndSwap(false, true) {
		s.asked <- struct{}{}
		<-s.answer
	}
}

// slowKey answers slowly which key it is.
type slowKey struct{ *slowly }

func (s slowKey) KeyByPrefix(ctx context.Context, prefix string) (store.Key, error) {
	key, err := s.Store.KeyByPrefix(ctx, prefix)
	s.wait()
	return key, err
}

// TestKeyRevokedWhileItIsLookedUp: what was read before it was revoked is not remembered after.
func TestKeyRevokedWhileItIsLookedUp(t *testing.T) {
	slow := &slowly{asked: make(chan struct{}), answer: make(chan struct{})}
	text := server.NewKeyText()
	a := newApp(t, func(c *server.Config) {
		slow.Store = c.Store
		c.Store = slowKey{slow}
		admin := keyOf(text)
		admin.CreatedAt = noon
		if err := slow.CreateKey(t.Context(), admin); err != nil {
			t.Fatal(err)
		}
	})
	status := make(chan int)
	go func() { status <- quietly(t, a.Server, "/v1/limits", text) }()
	<-slow.asked
	same(t, "revoke", a.do("DELETE", "/v1/keys/key_1", nil, "Authorization", "Bearer "+text).Code, http.StatusNoContent)
	close(slow.answer)
	same(t, "the request under way", <-status, http.StatusOK)
	same(t, "the next one", quietly(t, a.Server, "/v1/limits", text), http.StatusUnauthorized)
}

// slowNews answers slowly whether there are keys.
type slowNews struct{ *slowly }

func (s slowNews) HasKeys(ctx context.Context) (bool, error) {
	made, err := s.Store.HasKeys(ctx)
	s.wait()
	return made, err
}

// TestFirstKeyMadeWhileItIsLookedFor: from then on nobody is trusted without one.
func TestFirstKeyMadeWhileItIsLookedFor(t *testing.T) {
	slow := &slowly{asked: make(chan struct{}), answer: make(chan struct{})}
	a := newApp(t, func(c *server.Config) {
		slow.Store = c.Store
		c.Store = slowNews{slow}
	})
	status := make(chan int)
	go func() { status <- quietly(t, a.Server, "/v1/limits", "") }()
	<-slow.asked
	if err := slow.CreateKey(t.Context(), store.Key{ID: "key_1", Project: "p", Prefix: "sntl_12345678", Scopes: []string{"admin"}, CreatedAt: time.Unix(1, 0)}); err != nil {
		t.Fatal(err)
	}
	a.ForgetKeys()
	close(slow.answer)
	same(t, "the request under way", <-status, http.StatusOK)
	same(t, "the next one", quietly(t, a.Server, "/v1/limits", ""), http.StatusUnauthorized)
}
