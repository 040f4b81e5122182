package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/server/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, filepath.Join(t.TempDir(), "s.db")) })
}

// open returns a store that closes itself at the end of the test.
func open(t *testing.T, file string, opts ...sqlite.Option) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), file, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}
