package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// TestReadOnlyInAReadOnlyDirectory reads what a writer closed, and what one left behind as it died.
func TestReadOnlyInAReadOnlyDirectory(t *testing.T) {
	closed, died := filepath.Join(t.TempDir(), "s.db"), filepath.Join(t.TempDir(), "s.db")
	s := open(t, closed)
	ingest(t, s, "e1", "e2")
	copyDatabase(t, closed, died)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{closed, died} {
		before := contents(t, filepath.Dir(file))
		readOnlyDirectory(t, filepath.Dir(file), func() {
			if got := stored(t, open(t, file, sqlite.ReadOnly())); got != "e1 e2" {
				t.Errorf("events %q", got)
			}
		})
		if after := contents(t, filepath.Dir(file)); after != before {
			t.Errorf("the directory was\n%s, is\n%s", before, after)
		}
	}
}

// TestReadOnlyWithoutTheLogsIndex has a log that cannot be read where nothing may be written.
func TestReadOnlyWithoutTheLogsIndex(t *testing.T) {
	alive, moved := filepath.Join(t.TempDir(), "s.db"), filepath.Join(t.TempDir(), "s.db")
	ingest(t, open(t, alive), "e1")
	copyDatabase(t, alive, moved)
	if err := os.Remove(moved + "-shm"); err != nil {
		t.Fatal(err)
	}
	readOnlyDirectory(t, filepath.Dir(moved), func() {
		_, err := sqlite.Open(t.Context(), moved, sqlite.ReadOnly())
		if err == nil || !strings.Contains(err.Error(), "copy s.db and s.db-wal to where it can") {
			t.Errorf("got %v", err)
		}
	})
	if got := stored(t, open(t, moved, sqlite.ReadOnly())); got != "e1" {
		t.Errorf("events %q, where it can be written", got)
	}
}

// copyDatabase copies the file with its log and shared memory, as they would be found if the writer died now.
func copyDatabase(t *testing.T, from, to string) {
	t.Helper()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		data, err := os.ReadFile(from + suffix)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		write(t, to+suffix, data)
	}
}

// readOnlyDirectory runs fn while dir cannot be written, not even by root: files are then reached as nobody.
func readOnlyDirectory(t *testing.T, dir string, fn func()) {
	t.Helper()
	const nobody = 65534
	if os.Geteuid() == 0 {
		for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
			chmod(t, d, 0o755)
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			chmod(t, filepath.Join(dir, e.Name()), 0o644)
		}
		runtime.LockOSThread() // the thread is not given back: it ends with the goroutine
		if err := syscall.Setfsuid(nobody); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := syscall.Setfsuid(0); err != nil {
				t.Fatal(err)
			}
			runtime.UnlockOSThread()
		}()
	} else {
		chmod(t, dir, 0o555)
		defer chmod(t, dir, 0o755)
	}
	if err := os.WriteFile(filepath.Join(dir, "probe"), nil, 0o600); err == nil {
		t.Fatal("the directory can be written")
	}
	fn()
}

func chmod(t *testing.T, name string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(name, mode); err != nil {
		t.Fatal(err)
	}
}
