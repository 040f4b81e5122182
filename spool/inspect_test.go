package spool_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

func TestInspect(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	dead := create(t, dir, 1024)
	places, end := put(t, dead.Frames(), 0, "one", "two", "three", "four")
	dead.Frames().Settle(places[0])
	dead.Frames().Put(end, 10)
	dead.Data()[places[1]+16] ^= 1
	dead.Close()
	live := create(t, dir, 2048)
	put(t, live.Frames(), 0, "one")

	all, err := spool.Inspect(path)
	if err != nil || len(all) != 2 {
		t.Fatalf("got %+v (%v), want two files", all, err)
	}
	wantInfo(t, all[0], spool.Info{
		Name: dead.Name(), PID: os.Getpid(), Created: dead.Created(), Bytes: 1024 + spool.HeaderBytes,
		Counts: spool.Counts{Committed: 2, Settled: 1, Unfinished: 1, Damaged: 1},
	})
	wantInfo(t, all[1], spool.Info{
		Name: live.Name(), PID: os.Getpid(), Live: true, Created: live.Created(), Bytes: 2048 + spool.HeaderBytes,
		Counts: spool.Counts{Committed: 1},
	})
	wantRecords(t, left(t, dir), "three", "four") // looking changed nothing
}

func wantInfo(t *testing.T, got, want spool.Info) {
	t.Helper()
	if !got.Created.Equal(want.Created) {
		t.Errorf("%s was created %v, want %v", got.Name, got.Created, want.Created)
	}
	got.Created = want.Created
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestInspectOfAnEmptyFileAndOfGarbage(t *testing.T) {
	path := t.TempDir()
	names := []string{"0198c0de-0000-7000-8000-000000000001-1.slab", "0198c0de-0000-7000-8000-000000000002-1.slab", "0198c0de-0000-7000-8000-000000000003-1.slab"}
	for name, content := range map[string][]byte{names[0]: nil, names[1]: make([]byte, 4096), names[2]: []byte("garbage")} {
		if err := os.WriteFile(filepath.Join(path, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := spool.Inspect(path)
	if err != nil || len(all) != 3 {
		t.Fatalf("got %+v (%v), want three files", all, err)
	}
	for i, info := range all {
		if damaged := errors.Is(info.Err, spool.ErrDamaged); info.Live || damaged != (i == 2) {
			t.Errorf("file %d: %+v", i, info)
		}
	}
	dir := open(t, path)
	found, errs := orphans(t, dir)
	if n, err := dir.Bytes(); len(found) > 0 || len(errs) != 1 || n != 0 || err != nil {
		t.Errorf("found %d segments, errors %v; %d bytes are left (%v)", len(found), errs, n, err)
	}
}

func TestInspectMakesNoDirectory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	_, err := spool.Inspect(path)
	wantKind(t, err, spool.ErrGone)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory is there: %v", err)
	}
}
