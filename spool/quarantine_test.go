package spool_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// damage leaves a file with two records, of which the first is damaged, and perhaps the second settled.
func damage(t *testing.T, dir *spool.Dir, path string, settled bool) (name string, content []byte) {
	t.Helper()
	s := create(t, dir, 1024)
	places, _ := put(t, s.Frames(), 0, "one", "two")
	s.Data()[16] ^= 1
	if settled {
		s.Frames().Settle(places[1])
	}
	s.Close()
	content, err := os.ReadFile(filepath.Join(path, s.Name()))
	if err != nil {
		t.Fatal(err)
	}
	return s.Name(), content
}

func TestACopyOfADamagedFileIsKept(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	name, content := damage(t, dir, path, false)

	found, errs := orphans(t, dir)
	if len(errs) > 0 || len(found) != 1 {
		t.Fatalf("found %d segments, errors %v", len(found), errs)
	}
	wantRecords(t, committed(found[0].Frames()), "two")
	if got := found[0].Counts().Damaged; got != 1 {
		t.Errorf("%d damaged records, want 1", got)
	}
	wantKept(t, path, name, content)

	found[0].Close() // it was not delivered: the next process finds it again
	wantRecords(t, left(t, open(t, path)), "two")
	wantKept(t, path, name, content)
}

func TestADamagedFileWithNothingToSendIsMoved(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	name, content := damage(t, dir, path, true)
	wantRecords(t, left(t, dir))
	wantKept(t, path, name, content)
	if n, err := dir.Bytes(); n != 0 || err != nil {
		t.Errorf("the directory has %d bytes (%v)", n, err)
	}
	if got, want := dir.Found(), (spool.Counts{Settled: 1, Damaged: 1}); got != want {
		t.Errorf("found %+v, want %+v", got, want)
	}
}

func TestAFileWithoutAHeaderIsMoved(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	name, content := damage(t, dir, path, false)
	content[0]++
	content[64]++
	if err := os.WriteFile(filepath.Join(path, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	found, errs := orphans(t, dir)
	if len(found) != 0 || len(errs) != 1 || !errors.Is(errs[0], spool.ErrDamaged) {
		t.Errorf("found %d segments, errors %v", len(found), errs)
	}
	wantKept(t, path, name, content)
}

func wantKept(t *testing.T, path, name string, content []byte) {
	t.Helper()
	kept := filepath.Join(path, spool.QuarantineName, name)
	got, err := os.ReadFile(kept)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes are in quarantine (%v), not the %d of the file", len(got), err, len(content))
	}
	wantMode(t, kept, 0o600)
	wantMode(t, filepath.Dir(kept), 0o700)
}

func TestQuarantineIsBounded(t *testing.T) {
	for _, settled := range []bool{false, true} {
		path := t.TempDir()
		dir, err := spool.Open(path, spool.Options{QuarantineBytes: 3 * (1024 + spool.HeaderBytes)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { dir.Close() })
		var names []string
		for range 5 {
			name, _ := damage(t, dir, path, settled)
			names = append(names, name)
		}
		left(t, dir)
		kept, err := spool.Inspect(filepath.Join(path, spool.QuarantineName))
		if err != nil || len(kept) != 3 {
			t.Fatalf("%d files are kept (%v), want 3", len(kept), err)
		}
		for i, info := range kept {
			if info.Name != names[i+2] {
				t.Errorf("file %d in quarantine is %s, want the newest ones %q", i, info.Name, names[2:])
			}
		}
	}
}

func TestQuarantineOff(t *testing.T) {
	path := t.TempDir()
	dir, err := spool.Open(path, spool.Options{QuarantineBytes: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	damage(t, dir, path, false)
	damage(t, dir, path, true)
	wantRecords(t, left(t, dir), "two")
	if _, err := os.Stat(filepath.Join(path, spool.QuarantineName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a quarantine: %v", err)
	}
	if got := dir.Found().Damaged; got != 2 {
		t.Errorf("%d damaged records, want 2", got)
	}
}

// A quarantine that cannot be made is told, and keeps nobody from the records that are whole.
func TestQuarantineInTheWay(t *testing.T) {
	path := t.TempDir()
	if err := os.WriteFile(filepath.Join(path, spool.QuarantineName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := open(t, path)
	damage(t, dir, path, false)
	damage(t, dir, path, true)
	found, errs := orphans(t, dir)
	if len(errs) != 2 || len(found) != 1 {
		t.Fatalf("found %d segments, errors %v", len(found), errs)
	}
	wantRecords(t, committed(found[0].Frames()), "two")
}
