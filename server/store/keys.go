package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"
)

// ErrExists reports that the store has a key of that id or prefix already.
var ErrExists = errors.New("store: exists already")

// Key is what is kept of an API key: everything but its text.
type Key struct {
	ID      string
	Project string // the one it speaks for
	Name    string // for people; "" = none
	// Prefix is what the key begins with, unique in the store: keys are found by it and shown as it.
	Prefix     string
	Hash       [sha256.Size]byte // of the whole text
	Scopes     []string
	CreatedAt  time.Time
	ExpiresAt  time.Time // zero = never
	RevokedAt  time.Time // zero = not
	LastUsedAt time.Time // zero = never; may be a minute late
}

// ValidAt reports whether the key is good at that time: not revoked, not expired.
func (k *Key) ValidAt(now time.Time) bool {
	return k.RevokedAt.IsZero() && (k.ExpiresAt.IsZero() || now.Before(k.ExpiresAt))
}

// Keys is the part of a [Store] that knows who may use it. Another process may change the keys meanwhile: what is read is what is in the
// store now, not what this process wrote last. Keys are never removed, so that whoever was revoked stays known.
type Keys interface {
	// CreateKey adds a key, or fails with [ErrExists].
	CreateKey(ctx context.Context, key Key) error

	// KeyByPrefix returns the key that begins like that, valid or not, or [ErrNotFound].
	KeyByPrefix(ctx context.Context, prefix string) (Key, error)

	// ListKeys returns the keys of a project, of all projects when it is "", the oldest first.
	ListKeys(ctx context.Context, project string) ([]Key, error)

	// RevokeKey ends a key of the project, or fails with [ErrNotFound]. The first time counts.
	RevokeKey(ctx context.Context, project, id string, at time.Time) error

	// TouchKey notes that a key was used. An earlier time than the one noted changes nothing, nor does an unknown key.
	TouchKey(ctx context.Context, project, id string, at time.Time) error

	// HasKeys reports whether a key was ever made.
	HasKeys(ctx context.Context) (bool, error)
}
