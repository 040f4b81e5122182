package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
)

// steps are n events of one session, numbered from first.
func steps(first, n int) store.Batch {
	b := store.Batch{Project: "p", ReceivedAt: time.Now()}
	for i := first; i < first+n; i++ {
		b.Events = append(b.Events, store.Event{
			ID: fmt.Sprintf("e%d", i), Type: "step", SessionID: "s", Timestamp: time.Unix(int64(i), 0), Raw: fmt.Appendf(nil, `{"id":"e%d"}`, i),
		})
	}
	return b
}

func TestABackupIsTheStoreAtOneMoment(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "a.db"), filepath.Join(dir, "b.db")
	writing, err := sqlite.Open(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	defer writing.Close()
	if _, err := writing.Ingest(t.Context(), steps(0, 1000)); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	written := make(chan error, 1)
	go func() { // a server that does not pause
		for i := 1000; ctx.Err() == nil; i += 10 {
			if _, err := writing.Ingest(context.Background(), steps(i, 10)); err != nil {
				written <- err
				return
			}
		}
		written <- nil
	}()
	reading, err := sqlite.Open(t.Context(), from, sqlite.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Close()
	err = reading.Backup(t.Context(), to)
	stop()
	if err := errors.Join(err, <-written); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(to); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	checkCopy(t, to)
	if _, err := reading.Ingest(t.Context(), steps(0, 1)); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("the store that was copied takes events: %v", err)
	}
}

// checkCopy opens a copy for writing and holds its session against its events.
func checkCopy(t *testing.T, file string) {
	t.Helper()
	c, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	session, err := c.Session(t.Context(), "p", "s")
	if err != nil || session.Counters.Events < 1000 || session.Counters.Events%10 != 0 {
		t.Errorf("%d events, %v", session.Counters.Events, err)
	}
	receipt, err := c.Ingest(t.Context(), steps(0, 1))
	if err != nil || receipt.Outcomes[0] != store.Duplicate {
		t.Errorf("%v, %v", receipt, err)
	}
	if err := c.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestABackupReplacesNothing(t *testing.T) {
	dir := t.TempDir()
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	taken := filepath.Join(dir, "taken")
	if err := os.WriteFile(taken, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), taken); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("Backup = %v", err)
	}
	if text, _ := os.ReadFile(taken); string(text) != "precious" {
		t.Errorf("the file holds %q", text)
	}
	if err := s.Backup(t.Context(), filepath.Join(dir, "missing", "x")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Backup = %v", err)
	}
}

func TestDamageIsFound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	s, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Ingest(t.Context(), steps(0, 5000)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Check(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	copy(text[len(text)/2:], bytes.Repeat([]byte{0xff}, 20_000))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err = sqlite.Open(t.Context(), file, sqlite.ReadOnly())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Check(t.Context()); err == nil {
		t.Error("the damage was not found")
	}
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db")); err == nil {
		t.Error("a damaged store was copied without a word")
	}
}
