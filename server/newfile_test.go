package server_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// emptyFile is a store in which nothing is. To make its tables takes most of the time of opening one, so they are made once.
var emptyFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "sentrial-server-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "s.db")
	db, err := sqlite.Open(context.Background(), file)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// newFile is the file of an empty store of the test's own.
func newFile(t *testing.T) string {
	t.Helper()
	empty, err := emptyFile()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "s.db")
	if err := os.WriteFile(file, empty, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
