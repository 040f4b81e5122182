package spool_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// open opens a directory for the length of the test.
func open(t testing.TB, path string) *spool.Dir {
	t.Helper()
	dir, err := spool.Open(path, spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	return dir
}

// create makes a segment that is closed when the test ends.
func create(t testing.TB, dir *spool.Dir, size int) *spool.Segment {
	t.Helper()
	s, err := dir.Create(size)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// put writes committed records, and returns their places and the end of the last one.
func put(t testing.TB, f spool.Frames, at int, records ...string) (places []int, end int) {
	t.Helper()
	for _, r := range records {
		p := f.Put(at, len(r))
		if p == nil {
			t.Fatalf("no room for %d bytes at %d of %d", len(r), at, len(f.Data()))
		}
		copy(p, r)
		f.Commit(at)
		places = append(places, at)
		at += spool.FrameBytes(len(r))
	}
	return places, at
}

// committed are the records that are to be delivered.
func committed(f spool.Frames) []string {
	var all []string
	for frame := range f.All() {
		if frame.State == spool.Committed {
			all = append(all, string(frame.Payload))
		}
	}
	return all
}

// orphans takes over what is left in a directory. The segments are closed when the test ends.
func orphans(t testing.TB, dir *spool.Dir) (found []*spool.Segment, errs []error) {
	t.Helper()
	for s, err := range dir.Orphans() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		t.Cleanup(func() { s.Close() })
		found = append(found, s)
	}
	return found, errs
}

// left are the committed records of all orphans, oldest file first; it removes them.
func left(t testing.TB, dir *spool.Dir) []string {
	t.Helper()
	found, errs := orphans(t, dir)
	for _, err := range errs {
		t.Error(err)
	}
	var all []string
	for _, s := range found {
		all = append(all, committed(s.Frames())...)
		if err := s.Remove(); err != nil {
			t.Error(err)
		}
	}
	return all
}

func wantRecords(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got the records %q, want %q", got, want)
	}
}

var errTest = errors.New("as the test wants it")
