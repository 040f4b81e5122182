package store_test

import (
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

func TestKeyIsValidUntilItEnds(t *testing.T) {
	now := time.Unix(1000, 0)
	for name, c := range map[string]struct {
		key  store.Key
		want bool
	}{
		"for ever":          {store.Key{}, true},
		"until later":       {store.Key{ExpiresAt: now.Add(1)}, true},
		"until now":         {store.Key{ExpiresAt: now}, false},
		"until before":      {store.Key{ExpiresAt: now.Add(-1)}, false},
		"revoked":           {store.Key{RevokedAt: now.Add(-1)}, false},
		"revoked elsewhere": {store.Key{RevokedAt: now.Add(time.Hour), ExpiresAt: now.Add(time.Hour)}, false}, // its clock is ahead
	} {
		if got := c.key.ValidAt(now); got != c.want {
			t.Errorf("%s: valid %v", name, got)
		}
	}
}
