package spool_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/spool"
)

func wantMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); keepsModes && got != want {
		t.Errorf("%s has the permissions %o, want %o", path, got, want)
	}
}

func TestOpenMakesTheDirectory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b")
	s := create(t, open(t, path), 1024)
	wantMode(t, path, 0o700)
	wantMode(t, filepath.Join(path, s.Name()), 0o600)
}

func TestADirectoryThatIsThereKeepsItsPermissions(t *testing.T) {
	path := t.TempDir()
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	wantMode(t, path, 0o755)
}

func TestRow45OpenOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{path, filepath.Join(path, "below")} {
		_, err := spool.Open(dir, spool.Options{})
		wantKind(t, err, spool.ErrNotDirectory)
	}
}

func wantKind(t *testing.T, err, kind error) {
	t.Helper()
	var e *spool.Error
	if !errors.As(err, &e) || !errors.Is(e.Kind, kind) || !errors.Is(err, kind) {
		t.Errorf("the error is %v, want one of the kind %q", err, kind)
	}
}

func TestCreateRefusesSizes(t *testing.T) {
	dir := open(t, t.TempDir())
	for _, n := range []int{-1, 0, 64<<20 + 1} {
		if s, err := dir.Create(n); err == nil {
			t.Errorf("Create(%d) gave a segment of %d bytes", n, s.Size())
		}
	}
}

func TestRow50ADeletedDirectoryIsMadeAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	dir := open(t, path)
	old := create(t, dir, 1024)
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	put(t, old.Frames(), 0, "one") // memory is memory
	if err := old.Sync(); err != nil {
		t.Error(err)
	}
	put(t, create(t, dir, 1024).Frames(), 0, "two")
	if err := old.Remove(); err != nil {
		t.Error(err)
	}
	all, err := spool.Inspect(path)
	if err != nil || len(all) != 1 || all[0].Counts.Committed != 1 {
		t.Errorf("the directory has %+v (%v), want the new segment", all, err)
	}
}

func TestADirectoryThatCannotBeMadeAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	dir := open(t, path)
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := dir.Create(1024)
	wantKind(t, err, spool.ErrNotDirectory)
	found, errs := orphans(t, dir)
	if len(found) > 0 || len(errs) != 1 {
		t.Fatalf("the deleted directory has %d segments, errors %v", len(found), errs)
	}
	wantKind(t, errs[0], spool.ErrGone)
}

func TestOrphansComeOldestFirst(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	var want []string
	for i := range 20 {
		s := create(t, dir, 1024)
		r := string(rune('a' + i))
		put(t, s.Frames(), 0, r)
		s.Close()
		want = append(want, r)
	}
	wantRecords(t, left(t, dir), want...)
}

func TestNamesSortByTime(t *testing.T) {
	var names []string
	at := time.Unix(1_700_000_000, 0)
	for i := range 100 {
		names = append(names, spool.NewName(at.Add(time.Duration(i)*300*time.Nanosecond), 1))
	}
	if !slices.IsSorted(names) {
		t.Error("names 300 ns apart do not sort by time")
	}
}

func TestTheIterationCanBeBrokenOff(t *testing.T) {
	dir := open(t, t.TempDir())
	for range 3 {
		s := create(t, dir, 1024)
		put(t, s.Frames(), 0, "one")
		s.Close()
	}
	for s, err := range dir.Orphans() {
		if err != nil {
			t.Fatal(err)
		}
		s.Remove()
		break
	}
	wantRecords(t, left(t, dir), "one", "one")
}

func TestOtherFilesAreLeftAlone(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	others := []string{"notes.txt", "x.slab", "0198c0de-0000-7000-8000-000000000000-1.slab.bak", "0198C0DE-0000-7000-8000-000000000000-1.slab"}
	for _, name := range others {
		if err := os.WriteFile(filepath.Join(path, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wantRecords(t, left(t, dir))
	for _, name := range others {
		if _, err := os.Stat(filepath.Join(path, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestAClosedDirectory(t *testing.T) {
	dir := open(t, t.TempDir())
	dir.Close()
	_, err := dir.Create(1024)
	wantKind(t, err, spool.ErrClosed)
	_, err = dir.Bytes()
	wantKind(t, err, spool.ErrClosed)
	if _, errs := orphans(t, dir); len(errs) != 1 {
		t.Errorf("errors %v, want one", errs)
	}
}

func TestErrorsReadWell(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := spool.Open(path, spool.Options{})
	if got, want := err.Error(), "spool: open "+path+": not a directory"; got != want {
		t.Errorf("the error is %q, want %q", got, want)
	}
}
