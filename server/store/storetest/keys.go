package storetest

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// key makes a key that was created n seconds after start.
func key(id, project string, n int, edit ...func(*store.Key)) store.Key {
	k := store.Key{
		ID: id, Project: project, Prefix: "sntl_" + id, Hash: sha256.Sum256([]byte(id)), Scopes: []string{"events:write"}, CreatedAt: start.Add(time.Duration(n) * time.Second),
	}
	for _, f := range edit {
		f(&k)
	}
	return k
}

func (f *fixture) create(keys ...store.Key) {
	f.t.Helper()
	for _, k := range keys {
		if err := f.CreateKey(f.t.Context(), k); err != nil {
			f.t.Fatal(err)
		}
	}
}

func (f *fixture) key(prefix string) store.Key {
	f.t.Helper()
	k, err := f.KeyByPrefix(f.t.Context(), prefix)
	if err != nil {
		f.t.Fatalf("key %s: %v", prefix, err)
	}
	return k
}

func (f *fixture) hasKeys() bool {
	f.t.Helper()
	has, err := f.HasKeys(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return has
}

func keysAreFoundByPrefix(t *testing.T, f *fixture) {
	want(t, "keys in a new store", f.hasKeys(), false)
	plain := key("k1", project, 0)
	full := key("k2", project, 1, func(k *store.Key) {
		k.Name, k.Scopes, k.ExpiresAt = "it's \"ours\"; --", []string{"events:write", "sessions:read", "admin"}, start.Add(time.Hour)
	})
	f.create(plain, full)
	want(t, "plain", f.key(plain.Prefix), plain)
	want(t, "full", f.key(full.Prefix), full)
	want(t, "keys", f.hasKeys(), true)
	for _, prefix := range []string{"", "sntl_", "sntl_k", "sntl_k1 ", "sntl_%", "SNTL_K1", "k1"} {
		if k, err := f.KeyByPrefix(t.Context(), prefix); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("prefix %q found %+v (%v)", prefix, k, err)
		}
	}
	for _, again := range []store.Key{plain, key("k1", "p2", 5, func(k *store.Key) { k.Prefix = "sntl_other" }), key("k3", project, 5, func(k *store.Key) { k.Prefix = plain.Prefix })} {
		if err := f.CreateKey(t.Context(), again); !errors.Is(err, store.ErrExists) {
			t.Errorf("created %+v beside %+v: %v", again, plain, err)
		}
	}
	want(t, "the first stays", f.key(plain.Prefix), plain)
}

func keysOfAProject(t *testing.T, f *fixture) {
	f.create(key("k3", project, 2), key("k2", project, 1), key("k1", project, 1), key("k0", "p2", 0))
	for of, ids := range map[string]string{project: "k1 k2 k3 ", "p2": "k0 ", "": "k0 k1 k2 k3 ", "none": ""} {
		keys, err := f.ListKeys(t.Context(), of)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, k := range keys {
			got.WriteString(k.ID + " ")
		}
		want(t, "keys of "+of, got.String(), ids)
	}
}

func revokedKeysStay(t *testing.T, f *fixture) {
	f.create(key("k1", project, 0))
	for _, c := range []struct{ project, id string }{{project, "k2"}, {"p2", "k1"}, {"", "k1"}, {project, ""}} {
		if err := f.RevokeKey(t.Context(), c.project, c.id, start); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("revoked %s of %s: %v", c.id, c.project, err)
		}
	}
	want(t, "valid before", f.key("sntl_k1").RevokedAt.IsZero(), true)
	for n := range 2 {
		if err := f.RevokeKey(t.Context(), project, "k1", start.Add(time.Duration(n+1)*time.Minute)); err != nil {
			t.Error(err)
		}
	}
	want(t, "the first time counts", f.key("sntl_k1").RevokedAt, start.Add(time.Minute))
	want(t, "a key was made", f.hasKeys(), true)
}

func keysRememberTheirLastUse(t *testing.T, f *fixture) {
	f.create(key("k1", project, 0), key("k2", project, 0))
	for _, n := range []int{5, 9, 7} {
		if err := f.TouchKey(t.Context(), project, "k1", start.Add(time.Duration(n)*time.Second)); err != nil {
			t.Error(err)
		}
	}
	for _, c := range []struct{ project, id string }{{project, "none"}, {"p2", "k1"}} {
		if err := f.TouchKey(t.Context(), c.project, c.id, start.Add(time.Hour)); err != nil {
			t.Error(err)
		}
	}
	want(t, "used last", f.key("sntl_k1").LastUsedAt, start.Add(9*time.Second))
	want(t, "never used", f.key("sntl_k2").LastUsedAt, time.Time{})
}
