package spool_test

import (
	"errors"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// unmapped is the system's disk where files cannot be mapped.
type unmapped struct{ spool.Disk }

func (d unmapped) Create(name string, size int64) (spool.File, error) {
	f, err := d.Disk.Create(name, size)
	return unmappedFile{f}, err
}

func (d unmapped) Open(name string) (spool.File, error) {
	f, err := d.Disk.Open(name)
	return unmappedFile{f}, err
}

type unmappedFile struct{ spool.File }

func (unmappedFile) Map(int) ([]byte, error) { return nil, errors.ErrUnsupported }

func openUnmapped(t testing.TB, path string) *spool.Dir {
	t.Helper()
	dir, err := spool.OpenOn(func() (spool.Disk, error) {
		d, err := spool.SystemDisk(path)
		return unmapped{d}, err
	}, spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	return dir
}

func TestWithoutMappingEachCommitIsWritten(t *testing.T) {
	path := t.TempDir()
	s := create(t, openUnmapped(t, path), 4096)
	f := s.Frames()
	places, end := put(t, f, 0, "one", "two", "three")
	f.Put(end, 8) // never finished, so never written
	put(t, f, end+spool.FrameBytes(8), "five")
	f.Settle(places[1])
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	s.Close() // nothing is left to write
	found, errs := orphans(t, open(t, path))
	if len(errs) > 0 || len(found) != 1 {
		t.Fatalf("found %d segments, errors %v", len(found), errs)
	}
	wantRecords(t, committed(found[0].Frames()), "one", "three", "five")
	want := spool.Counts{Committed: 3, Settled: 1, Unfinished: 1}
	if got := found[0].Counts(); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}

func TestWithoutMappingOrphansAreSettledInTheFile(t *testing.T) {
	path := t.TempDir()
	s := create(t, openUnmapped(t, path), 4096)
	put(t, s.Frames(), 0, "one", "two")
	s.Close()

	dir := openUnmapped(t, path)
	found, _ := orphans(t, dir)
	found[0].Frames().Settle(0)
	if err := found[0].Sync(); err != nil {
		t.Error(err)
	}
	found[0].Close()
	found[0].Frames().Settle(spool.FrameBytes(3)) // too late: the file is somebody else's
	wantRecords(t, left(t, open(t, path)), "two")
}

// failing is a file that cannot be written to.
type failing struct{ unmappedFile }

func (failing) WriteAt(b []byte, at int64) (int, error) {
	if at == 0 { // the header
		return len(b), nil
	}
	return 0, errTest
}

type failingDisk struct{ spool.Disk }

func (d failingDisk) Create(name string, size int64) (spool.File, error) {
	f, err := d.Disk.Create(name, size)
	return failing{unmappedFile{f}}, err
}

func TestWithoutMappingAFailedWriteIsTold(t *testing.T) {
	path := t.TempDir()
	dir, err := spool.OpenOn(func() (spool.Disk, error) {
		d, err := spool.SystemDisk(path)
		return failingDisk{d}, err
	}, spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	s := create(t, dir, 4096)
	put(t, s.Frames(), 0, "one")
	if err := s.Err(); !errors.Is(err, errTest) {
		t.Errorf("Err is %v", err)
	}
	if err := s.Sync(); !errors.Is(err, errTest) {
		t.Errorf("Sync said %v of data that is not in the file", err)
	}
	wantRecords(t, committed(s.Frames()), "one") // memory has it
}
