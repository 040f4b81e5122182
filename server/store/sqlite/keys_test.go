package sqlite_test

import (
	"crypto/sha256"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// TestKeysOfAnotherProcess: the command writes keys into the file while a server reads and writes it.
func TestKeysOfAnotherProcess(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	server, command := open(t, file), open(t, file)
	key := store.Key{ID: "k1", Project: "p", Prefix: "sntl_1", Hash: sha256.Sum256(nil), CreatedAt: time.Unix(1, 0).UTC()}
	if has, err := server.HasKeys(t.Context()); has || err != nil {
		t.Fatal(has, err)
	}
	if err := command.CreateKey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if got, err := server.KeyByPrefix(t.Context(), key.Prefix); err != nil || got.ID != key.ID {
		t.Errorf("the server reads %+v (%v)", got, err)
	}
	if has, err := server.HasKeys(t.Context()); !has || err != nil {
		t.Error("the server has no keys", err)
	}
	if err := command.RevokeKey(t.Context(), "p", "k1", time.Unix(2, 0)); err != nil {
		t.Fatal(err)
	}
	if got, err := server.KeyByPrefix(t.Context(), key.Prefix); err != nil || got.ValidAt(time.Unix(3, 0)) {
		t.Errorf("the server reads %+v (%v)", got, err)
	}
}

func TestKeysOfAFileOpenedForReading(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	key := store.Key{ID: "k1", Project: "p", Prefix: "sntl_1", CreatedAt: time.Unix(1, 0).UTC()}
	if err := open(t, file).CreateKey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	reader := open(t, file, sqlite.ReadOnly())
	if keys, err := reader.ListKeys(t.Context(), ""); err != nil || len(keys) != 1 {
		t.Errorf("%d keys (%v)", len(keys), err)
	}
	for _, err := range []error{
		reader.CreateKey(t.Context(), key), reader.RevokeKey(t.Context(), "p", "k1", time.Now()), reader.TouchKey(t.Context(), "p", "k1", time.Now()),
	} {
		if !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("got %v, want ErrReadOnly", err)
		}
	}
}
