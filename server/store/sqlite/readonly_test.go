package sqlite_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

func TestReadOnlyBesideAWriter(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	writer := open(t, file)
	ingest(t, writer, "e1")
	reader := open(t, file, sqlite.ReadOnly())
	for _, next := range []string{"e2", "e3"} {
		before := stored(t, reader)
		ingest(t, writer, next)
		if got := stored(t, reader); got != before+" "+next {
			t.Errorf("reader sees %s after %s", got, next)
		}
	}
	if err := reader.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	_, err := reader.Ingest(t.Context(), store.Batch{Project: "p", ReceivedAt: time.Unix(1, 0), Events: []store.Event{step("e9")}})
	if !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("got %v, want ErrReadOnly", err)
	}
}
