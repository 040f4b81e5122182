package server_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
)

// watched is a store that counts what is asked of its keys.
type watched struct {
	store.Store
	looks, touches atomic.Int64
	fails          atomic.Bool
}

func (w *watched) KeyByPrefix(ctx context.Context, prefix string) (store.Key, error) {
	w.looks.Add(1)
	if w.fails.Load() {
		return store.Key{}, errors.New("the disk is gone")
	}
	return w.Store.KeyByPrefix(ctx, prefix)
}

func (w *watched) TouchKey(ctx context.Context, project, id string, at time.Time) error {
	w.touches.Add(1)
	return w.Store.TouchKey(ctx, project, id, at)
}

func newWatched(t *testing.T) (*gated, *watched) {
	db := &watched{}
	return newGated(t, func(c *server.Config) {
		if db.Store == nil {
			db.Store = c.Store
		}
		c.Store = db
	}), db
}

// TestRow76EveryWrongKeyIsTheSameWork: whatever is wrong with a key, the store is asked for one prefix, nothing is written, and the words
// are the same. A clock would only show how busy the machine is.
func TestRow76EveryWrongKeyIsTheSameWork(t *testing.T) {
	g, db := newWatched(t)
	good := g.key("p", "admin")
	expired, revoked := g.keyFor("p", "1h", "admin"), g.key("p", "admin")
	g.revoke(revoked)
	g.clock.move(time.Hour)
	s := g.serve(nil)
	first := ""
	for _, c := range []struct{ what, key string }{
		{"expired", expired.Key}, {"revoked", revoked.Key}, {"wrong", good.Prefix + "_" + strings.Repeat("z", 32)}, {"unknown", server.NewKeyText()}, {"none", ""},
	} {
		looks, touches := db.looks.Load(), db.touches.Load()
		var got answer
		if c.key == "" {
			got = s.ask("GET", "/v1/sessions", "")
		} else {
			got = s.ask("GET", "/v1/sessions", "", "Authorization", "Bearer "+c.key)
		}
		s.want(c.what, got, http.StatusUnauthorized, "invalid_api_key")
		if first == "" {
			first = got.words()
		}
		same(t, c.what+": the words", got.words(), first)
		same(t, c.what+": looks into the store", db.looks.Load()-looks, 1)
		same(t, c.what+": writes", db.touches.Load()-touches, 0)
	}
	same(t, "the right one", s.ask("GET", "/v1/sessions", "", good.header()...).status, http.StatusOK)
}

// TestRow76GuessingCostsNoMemory: prefixes that nobody has are remembered in a bounded place, and push out no key that exists.
func TestRow76GuessingCostsNoMemory(t *testing.T) {
	g, db := newWatched(t)
	good := g.key("p", "sessions:read")
	for range 5 * server.RingSize {
		if w := g.do("GET", "/v1/sessions", nil, "Authorization", "Bearer "+server.NewKeyText()); w.Code != http.StatusUnauthorized {
			t.Fatalf("guessed a key: %d", w.Code)
		}
	}
	known, unknown, _ := g.Remembered()
	if known != 0 || unknown > server.RingSize {
		t.Errorf("%d keys and %d prefixes are remembered", known, unknown)
	}
	same(t, "the right one", g.do("GET", "/v1/sessions", nil, good.header()...).Code, http.StatusOK)
	looks := db.looks.Load()
	same(t, "again", g.do("GET", "/v1/sessions", nil, good.header()...).Code, http.StatusOK)
	if again := db.looks.Load() - looks; again > 1 {
		t.Errorf("%d looks into the store", again)
	}
}

// TestRow76AStoreThatCannotSay: a key that cannot be looked up is not called invalid, for clients would give up, and nobody is let in.
func TestRow76AStoreThatCannotSay(t *testing.T) {
	g, db := newWatched(t)
	good := g.key("p", "admin")
	db.fails.Store(true)
	s := g.serve(nil)
	s.want("a right key", s.ask("GET", "/v1/sessions", "", good.header()...), http.StatusServiceUnavailable, "unavailable")
	same(t, "health", s.ask("GET", "/healthz", "", good.header()...).status, http.StatusOK)
	db.fails.Store(false)
	same(t, "afterwards", s.ask("GET", "/v1/sessions", "", good.header()...).status, http.StatusOK)
}

// TestRow76HowAKeyIsShown: the scheme is read in any case, and one key is shown, once.
func TestRow76HowAKeyIsShown(t *testing.T) {
	g := newGated(t)
	k := g.key("p", "sessions:read")
	s := g.serve(nil)
	for value, status := range map[string]int{
		"Bearer " + k.Key: 200, "bearer " + k.Key: 200, "BEARER   " + k.Key + "  ": 200,
		k.Key: 401, "Basic " + k.Key: 401, "Bearer": 401, "Bearer " + k.Key + " " + k.Key: 401, "Bearer" + k.Key: 401, "Bearer " + strings.ToUpper(k.Key): 401,
	} {
		same(t, value, s.ask("GET", "/v1/sessions", "", "Authorization", value).status, status)
	}
	same(t, "two headers", s.ask("GET", "/v1/sessions", "", "Authorization", "Bearer "+k.Key, "Authorization", "Bearer "+k.Key).status, 401)
	same(t, "in the query", s.ask("GET", "/v1/sessions?api_key="+k.Key, "").status, 401)
	same(t, "another project beside", s.ask("GET", "/v1/sessions", "", append(k.header(), "X-Sentrial-Project", "p", "X-Sentrial-Project", "q")...).status, 403)
}
