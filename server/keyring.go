package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	// keyMemory is how long the ring goes by what it read: another process may revoke a key, which must hold within a second.
	keyMemory = 500 * time.Millisecond
	// ringSize bounds what is remembered, of keys that exist and of prefixes that do not: those who guess must not make keys be forgotten.
	ringSize = 1024
	// touchEvery is how exact the last use of a key is.
	touchEvery   = time.Minute
	touchTimeout = 200 * time.Millisecond
)

// noKey stands for a key that is not there, so that looking for it takes the same work.
var noKey = store.Key{RevokedAt: time.Unix(1, 0)}

// keyring finds keys in the store and remembers them for a moment.
type keyring struct {
	store store.Keys

	mu      sync.Mutex
	known   map[string]seen // by prefix
	unknown map[string]seen
	touched map[string]time.Time // by id: when a key's use was last written down
	made    bool                 // a key was ever made, which stays so
	asked   time.Time            // when that was last looked up
	era     int                  // how often everything was forgotten: what was read in an earlier one may be old
}

// seen is what the store had at a time. The time is one of the process, which nobody can set.
type seen struct {
	key *store.Key
	at  time.Time
}

func newKeyring(keys store.Keys) *keyring {
	k := &keyring{store: keys, touched: make(map[string]time.Time)}
	k.forget()
	return k
}

// forget makes the next look at any key one into the store.
func (k *keyring) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.era++
	k.known, k.unknown, k.asked = make(map[string]seen), make(map[string]seen), time.Time{}
}

// match returns the key of that text, nil when it is not valid now. Whatever is wrong with it, the work is the same: one look for its
// prefix, one hash, one comparison.
func (k *keyring) match(ctx context.Context, text string, now time.Time) (*store.Key, error) {
	if !isKeyText(text) {
		text = noKeyText
	}
	key, err := k.find(ctx, text[:prefixLength])
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256([]byte(text))
	same := subtle.ConstantTimeCompare(hash[:], key.Hash[:]) == 1
	if valid := key.ValidAt(now); !same || !valid {
		return nil, nil
	}
	return key, nil
}

// find returns the key of a prefix, noKey when there is none.
func (k *keyring) find(ctx context.Context, prefix string) (*store.Key, error) {
	at := time.Now() // before the store is asked: what it says is not younger
	key, era := k.remembered(prefix, at)
	if key != nil {
		return key, nil
	}
	return k.read(ctx, prefix, at, era)
}

// read looks into the store.
func (k *keyring) read(ctx context.Context, prefix string, at time.Time, era int) (*store.Key, error) {
	key, err := k.store.KeyByPrefix(ctx, prefix)
	switch {
	case errors.Is(err, store.ErrNotFound):
		k.remember(&k.unknown, era, prefix, seen{&noKey, at})
		return &noKey, nil
	case err != nil:
		return nil, err
	}
	k.remember(&k.known, era, prefix, seen{&key, at})
	return &key, nil
}

// remembered also returns the era in which it looked.
func (k *keyring) remembered(prefix string, now time.Time) (*store.Key, int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, memory := range []map[string]seen{k.known, k.unknown} {
		if s, ok := memory[prefix]; ok && now.Sub(s.at) < keyMemory {
			return s.key, k.era
		}
	}
	return nil, k.era
}

// remember starts over when the memory is full: it is only half a second's.
func (k *keyring) remember(memory *map[string]seen, era int, prefix string, s seen) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if era != k.era {
		return
	}
	if len(*memory) >= ringSize {
		*memory = make(map[string]seen)
	}
	(*memory)[prefix] = s
}

// anyMade reports whether a key was ever made.
func (k *keyring) anyMade(ctx context.Context) (bool, error) {
	at := time.Now()
	k.mu.Lock()
	made, fresh, era := k.made, at.Sub(k.asked) < keyMemory, k.era
	k.mu.Unlock()
	if made || fresh {
		return made, nil
	}
	made, err := k.store.HasKeys(ctx)
	if err != nil {
		return false, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.made = k.made || made
	if era == k.era && at.After(k.asked) {
		k.asked = at
	}
	return k.made, nil
}

// touch writes down that a key is used, once a minute. That it cannot be is no reason to turn anybody away.
func (k *keyring) touch(ctx context.Context, key *store.Key, now time.Time) error {
	if !k.due(key, now) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, touchTimeout)
	defer cancel()
	return k.store.TouchKey(ctx, key.Project, key.ID, now)
}

// due reports whether nobody wrote the key's use down in the last minute, and that the caller now does.
func (k *keyring) due(key *store.Key, now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if last, ok := k.touched[key.ID]; ok && now.Sub(last).Abs() < touchEvery {
		return false
	}
	if len(k.touched) >= ringSize {
		clear(k.touched)
	}
	k.touched[key.ID] = now
	return true
}
