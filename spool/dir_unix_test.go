//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package spool_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

func TestS6PermissionsUnderAnyUmask(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o077, 0o277, 0o777} {
		parent := t.TempDir()
		old := syscall.Umask(mask)
		t.Cleanup(func() { syscall.Umask(old) })
		path := filepath.Join(parent, "spool")
		dir := open(t, path)
		s := create(t, dir, 1024)
		name, content := damage(t, dir, path, false)
		left(t, dir)
		syscall.Umask(old)
		wantMode(t, path, 0o700)
		wantMode(t, filepath.Join(path, s.Name()), 0o600)
		wantKept(t, path, name, content)
	}
}

// A link, a pipe or a folder with the name of a segment is not opened, and a link leads nowhere.
func TestRow52TricksWithNames(t *testing.T) {
	outside := t.TempDir()
	target := open(t, outside)
	s := create(t, target, 1024)
	put(t, s.Frames(), 0, "outside")
	s.Close()

	path := t.TempDir()
	tricks := []error{
		os.Symlink(filepath.Join(outside, s.Name()), filepath.Join(path, "0198c0de-0000-7000-8000-000000000001-1.slab")),
		os.Symlink("../../../etc/passwd", filepath.Join(path, "0198c0de-0000-7000-8000-000000000002-1.slab")),
		syscall.Mkfifo(filepath.Join(path, "0198c0de-0000-7000-8000-000000000003-1.slab"), 0o600),
		os.Mkdir(filepath.Join(path, "0198c0de-0000-7000-8000-000000000004-1.slab"), 0o700),
		os.Symlink(outside, filepath.Join(path, spool.QuarantineName)),
	}
	if err := errors.Join(tricks...); err != nil {
		t.Fatal(err)
	}
	dir := open(t, path)
	found, errs := orphans(t, dir)
	if len(found) > 0 || len(errs) != 4 {
		t.Errorf("found %d segments, errors %v", len(found), errs)
	}
	for _, err := range errs {
		wantKind(t, err, spool.ErrForeign)
	}
	if all, err := spool.Inspect(path); err != nil || len(all) != 4 {
		t.Errorf("the directory has %+v (%v)", all, err)
	}

	damage(t, dir, path, false) // its copy must not go where the link leads
	if _, errs := orphans(t, dir); len(errs) != 5 {
		t.Errorf("errors %v, want one for the quarantine too", errs)
	}
	wantRecords(t, left(t, target), "outside")
	if all, err := os.ReadDir(outside); err != nil || len(all) != 0 {
		t.Errorf("the other directory has %v (%v)", all, err)
	}
}
