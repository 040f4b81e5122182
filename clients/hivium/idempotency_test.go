package hivium_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium"
	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
)

// heard notes the idempotency keys of requests, and lets fault decide about them.
func heard(keys *[]string, fault func(n int) hiviumtest.Fault) hiviumtest.Faults {
	var mu sync.Mutex
	return func(string, int) hiviumtest.Fault {
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			mu.Lock()
			*keys = append(*keys, r.Header.Get("Idempotency-Key"))
			f := fault(len(*keys))
			mu.Unlock()
			if f == nil {
				next.ServeHTTP(w, r)
				return
			}
			f(w, r, next)
		}
	}
}

func failing(f hiviumtest.Fault, n int) func(int) hiviumtest.Fault {
	return func(count int) hiviumtest.Fault {
		if count <= n {
			return f
		}
		return nil
	}
}

// A POST with a key is tried again under the same key, after 1, 2 and 4 seconds, and does its work once, whatever went wrong.
func TestAPostIsRepeatedUnderItsKey(t *testing.T) {
	for name, f := range map[string]hiviumtest.Fault{
		"500": hiviumtest.Status(500), "502": hiviumtest.Status(502), "503": hiviumtest.Status(503), "504": hiviumtest.Status(504), "599": hiviumtest.Status(599),
		"429": hiviumtest.Status(429), "no reply": hiviumtest.NoReply(), "lost": hiviumtest.LostReply(), "cut": hiviumtest.CutReply(),
		"garbled": hiviumtest.Body("application/json", `{"nothing":1}`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := hiviumtest.New()
				c := inMemory(t, h)
				var keys []string
				h.Fault(heard(&keys, failing(f, 3)))
				began := time.Now()
				made, err := c.Contacts.Create(t.Context(), carla)
				if err != nil {
					t.Fatal(err)
				}
				same(t, "time", time.Since(began), 7*time.Second)
				if len(keys) != 4 || keys[0] == "" || len(slices.Compact(keys)) != 1 {
					t.Errorf("keys %q", keys)
				}
				h.Fault(nil)
				page, err := c.Contacts.List(t.Context(), hivium.ListContacts{})
				if err != nil || len(page.Data) != 1 || page.Data[0].ID != made.ID {
					t.Errorf("there are %+v, %v", page, err)
				}
			})
		})
	}
}

// After the last attempt the error has the key, with which the same call goes on.
func TestTheKeyOfACallThatFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		c := inMemory(t, h)
		var keys []string
		h.Fault(heard(&keys, failing(hiviumtest.LostReply(), 4)))
		_, err := c.Contacts.Create(t.Context(), carla)
		var e *hivium.Error
		if !errors.As(err, &e) || !errors.Is(err, hivium.ErrNetwork) || e.Attempts != 4 || e.IdempotencyKey != keys[0] || !strings.Contains(err.Error(), "after 4 attempts") {
			t.Fatalf("got %+v", err)
		}
		if _, err := c.Contacts.Create(t.Context(), carla, hivium.WithIdempotencyKey(e.IdempotencyKey)); err != nil {
			t.Fatal(err)
		}
		if page, err := c.Contacts.List(t.Context(), hivium.ListContacts{}); err != nil || len(page.Data) != 1 {
			t.Errorf("there are %+v, %v", page, err)
		}
	})
}

// Without a key a POST is sent once; what only reads is tried again all the same.
func TestAPostWithoutAKeyIsSentOnce(t *testing.T) {
	for name, f := range map[string]hiviumtest.Fault{"503": hiviumtest.Status(503), "429": hiviumtest.RetryAfter(429, time.Second), "lost": hiviumtest.LostReply()} {
		synctest.Test(t, func(t *testing.T) {
			h := hiviumtest.New()
			c := inMemory(t, h)
			to := create(t, c, carla)
			var keys []string
			h.Fault(heard(&keys, failing(f, 1)))
			message := hivium.SendMessage{ContactID: to.ID, Channel: hivium.ChannelEmail, Text: "x"}
			_, err := c.Messages.Send(t.Context(), message, hivium.WithoutIdempotencyKey())
			var e *hivium.Error
			if !errors.As(err, &e) || e.Attempts != 1 || e.IdempotencyKey != "" || !slices.Equal(keys, []string{""}) {
				t.Errorf("%s: %v, keys %q", name, err, keys)
			}
			keys = nil
			h.Fault(heard(&keys, failing(f, 1)))
			if _, err := c.Contacts.Get(t.Context(), to.ID); err != nil || len(keys) != 2 {
				t.Errorf("%s: %v after %d requests", name, err, len(keys))
			}
		})
	}
}

func TestIdempotency(t *testing.T) {
	h, c := start(t)
	ctx := t.Context()
	key := hivium.WithIdempotencyKey("order-17")
	one, err := c.Contacts.Create(ctx, carla, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	if two, err := c.Contacts.Create(ctx, carla, key); err != nil || two.ID != one.ID {
		t.Errorf("the same again: %+v, %v", two, err)
	}
	if _, err := c.Contacts.Create(ctx, hivium.CreateContact{Email: "x@y.z"}, key); !errors.Is(err, hivium.ErrIdempotencyConflict) {
		t.Errorf("another under the same key: %v", err)
	}
	if _, err := c.Messages.Send(ctx, hivium.SendMessage{ContactID: one.ID, Channel: hivium.ChannelEmail, Text: "x"}, key); !errors.Is(err, hivium.ErrIdempotencyConflict) {
		t.Errorf("something else under the same key: %v", err)
	}
	if three := create(t, c, carla); three.ID == one.ID {
		t.Error("a call without a key of its own is another one's")
	}
	before := h.Count("contacts.create")
	for _, bad := range []string{"", "a b", "é", "a\r\nb", strings.Repeat("k", 256)} {
		if _, err := c.Contacts.Create(ctx, carla, hivium.WithIdempotencyKey(bad)); !errors.Is(err, hivium.ErrInvalidRequest) {
			t.Errorf("key %q: %v", bad, err)
		}
	}
	same(t, "requests with keys that are none", h.Count("contacts.create"), before)
}

// Deleting what an attempt has deleted whose reply was lost is a success.
func TestDeletingWithLostReplies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hiviumtest.New()
		c := inMemory(t, h)
		id := create(t, c, carla).ID
		h.Fault(first(1, "contacts.delete", hiviumtest.LostReply()))
		if err := c.Contacts.Delete(t.Context(), id); err != nil {
			t.Error(err)
		}
		if err := c.Contacts.Delete(t.Context(), id); !errors.Is(err, hivium.ErrNotFound) {
			t.Errorf("once more: %v", err)
		}
	})
}
