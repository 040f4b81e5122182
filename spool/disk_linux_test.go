package spool_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// mount gives a file system of one MiB, or nothing where the test may not mount any.
func mount(t *testing.T, options string) string {
	t.Helper()
	path := t.TempDir()
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "size=1m,"+options); err != nil {
		t.Logf("left out, as no file system can be mounted here: %v", err)
		return ""
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(path, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return path
}

// fill creates segments until the disk is full, with at least a record in each.
func fill(t *testing.T, dir *spool.Dir, size int) []*spool.Segment {
	t.Helper()
	for all := []*spool.Segment(nil); ; {
		s, err := dir.Create(size)
		if err != nil {
			wantKind(t, err, spool.ErrFull)
			return all
		}
		put(t, s.Frames(), 0, s.Name())
		all = append(all, s)
		t.Cleanup(func() { s.Close() })
	}
}

func TestRow44AFullDisk(t *testing.T) {
	path := mount(t, "")
	if path == "" {
		return
	}
	dir := open(t, path)
	all := fill(t, dir, 300<<10)
	if len(all) != 3 {
		t.Fatalf("%d segments of 300 KiB are in 1 MiB", len(all))
	}
	for _, s := range all { // what there is has its blocks: a full disk is no signal
		clear(s.Data()[1024:])
	}
	if files, err := spool.Inspect(path); err != nil || len(files) != len(all) {
		t.Errorf("a file that could not be made was left: %+v (%v)", files, err)
	}

	if err := os.WriteFile(filepath.Join(path, "filler"), make([]byte, 200<<10), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	other := open(t, path) // a full disk keeps nobody from sending what is there
	name := all[0].Name()
	all[0].Close()
	wantRecords(t, left(t, other), name)
	create(t, dir, 300<<10) // and then there is room
}

func TestRow44ADiskWithoutInodes(t *testing.T) {
	path := mount(t, "nr_inodes=6")
	if path == "" {
		return
	}
	dir := open(t, path)
	all := fill(t, dir, 4<<10)
	if len(all) == 0 || len(all) > 6 {
		t.Fatalf("%d segments are on a disk of six inodes", len(all))
	}
	other := open(t, path)
	all[0].Data()[16] ^= 1 // a quarantine has no room
	all[0].Close()
	if _, errs := orphans(t, other); len(errs) != 1 {
		t.Errorf("errors %v, want one of the quarantine", errs)
	}
}

func TestRow45AReadOnlyDisk(t *testing.T) {
	path := mount(t, "")
	if path == "" {
		return
	}
	s := create(t, open(t, path), 4<<10)
	put(t, s.Frames(), 0, "one")
	s.Close()
	if err := syscall.Mount("tmpfs", path, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	_, err := spool.Open(path, spool.Options{})
	wantKind(t, err, spool.ErrReadOnly)
	if all, err := spool.Inspect(path); err != nil || len(all) != 1 || all[0].Counts.Committed != 1 {
		t.Errorf("the directory has %+v (%v)", all, err)
	}
}

// openTo gives a directory with some permissions that everybody may come to.
func openTo(t *testing.T, mode os.FileMode) string {
	t.Helper()
	path := t.TempDir()
	if err := errors.Join(os.Chmod(filepath.Dir(path), 0o755), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(path, 0o700) })
	return path
}

// asNobody runs f without the rights of root over files, which other permissions do not bind.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Getuid() != 0 {
		f()
		return
	}
	runtime.LockOSThread() // the user of file systems is a thread's own
	defer runtime.UnlockOSThread()
	const nobody = 65534
	setUser(t, nobody)
	defer setUser(t, 0)
	f()
}

func setUser(t *testing.T, uid uintptr) {
	t.Helper()
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, uid, 0, 0); errno != 0 {
		t.Fatal(errno)
	}
}

func TestRow45ADirectoryWithoutPermission(t *testing.T) {
	path := openTo(t, 0o555)
	asNobody(t, func() {
		_, err := spool.Open(path, spool.Options{})
		wantKind(t, err, spool.ErrPermission)
		_, err = spool.Open(filepath.Join(path, "below"), spool.Options{})
		wantKind(t, err, spool.ErrPermission)
	})
}

// Above the directory there may be one that only lets through.
func TestADirectoryBelowOneThatCannotBeRead(t *testing.T) {
	parent := openTo(t, 0o333)
	asNobody(t, func() { open(t, filepath.Join(parent, "a", "spool")) })
}

// In a directory that everybody may write to, anybody could leave events to be sent with our key.
func TestAFileOfSomebodyElse(t *testing.T) {
	if os.Getuid() != 0 {
		t.Log("left out, as only root can give files away")
		return
	}
	path := t.TempDir()
	dir := open(t, path)
	s := create(t, dir, 1024)
	put(t, s.Frames(), 0, "one")
	s.Close()
	if err := os.Chown(filepath.Join(path, s.Name()), 65534, 65534); err != nil {
		t.Fatal(err)
	}
	found, errs := orphans(t, dir)
	if len(found) > 0 || len(errs) != 1 {
		t.Fatalf("found %d segments, errors %v", len(found), errs)
	}
	wantKind(t, errs[0], spool.ErrForeign)

	if err := os.Chown(path, 65534, 65534); err != nil { // root may send what a user left in a directory of his own
		t.Fatal(err)
	}
	wantRecords(t, left(t, dir), "one")
}
