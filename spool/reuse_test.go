package spool_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

func TestReuseIsLikeANewSegment(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	s := create(t, dir, 4096)
	places, _ := put(t, s.Frames(), 0, "one", "two", "three")
	for _, at := range places {
		s.Frames().Settle(at)
	}
	name, created := s.Name(), s.Created()
	if err := s.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := s.Reuse(); err != nil {
		t.Fatal(err)
	}
	if s.Name() <= name || !s.Created().After(created) {
		t.Errorf("it was %s of %v, and is %s of %v", name, created, s.Name(), s.Created())
	}
	if slices.ContainsFunc(s.Data(), func(b byte) bool { return b != 0 }) {
		t.Error("the data is not empty")
	}
	wantRecords(t, left(t, open(t, path))) // it is locked as before
	put(t, s.Frames(), 0, "four")
	if err := s.Sync(); err != nil {
		t.Error(err)
	}
	s.Close()
	wantRecords(t, left(t, dir), "four")
}

func TestAnOrphanCanBeUsedAgain(t *testing.T) {
	dir := open(t, t.TempDir())
	s := create(t, dir, 4096)
	put(t, s.Frames(), 0, "one")
	s.Close()
	found, _ := orphans(t, dir)
	found[0].Frames().Settle(0)
	if err := found[0].Reuse(); err != nil {
		t.Fatal(err)
	}
	if found[0].Counts() != (spool.Counts{}) || found[0].Size() != s.Size() {
		t.Errorf("it has %+v in %d bytes", found[0].Counts(), found[0].Size())
	}
	put(t, found[0].Frames(), 0, "two")
	found[0].Close()
	wantRecords(t, left(t, dir), "two")
}

func TestReuseIsRefused(t *testing.T) {
	unmapped := create(t, openUnmapped(t, t.TempDir()), 1024)
	if err := unmapped.Reuse(); !errors.Is(err, spool.ErrUnsupported) {
		t.Errorf("without mapping: %v", err)
	}
	closed := create(t, open(t, t.TempDir()), 1024)
	closed.Close()
	if err := closed.Reuse(); !errors.Is(err, spool.ErrClosed) {
		t.Errorf("when closed: %v", err)
	}
}

// A segment that could not be renamed is not taken for one with records, whoever finds it.
func TestReuseThatFailsHalfway(t *testing.T) {
	disk := newMemDisk(rand.New(rand.NewPCG(1, 1)))
	dir := openOn(t, disk)
	for _, remove := range []bool{true, false} {
		s := create(t, dir, 1024)
		put(t, s.Frames(), 0, "one")
		s.Frames().Settle(0)
		disk.fail["rename"] = errTest
		if err := s.Reuse(); !errors.Is(err, errTest) {
			t.Errorf("the error is %v", err)
		}
		if remove {
			s.Remove()
		} else {
			s.Close()
		}
		wantRecords(t, left(t, dir))
		if n, err := dir.Bytes(); n != 0 || err != nil {
			t.Errorf("the directory has %d bytes (%v)", n, err)
		}
	}
	if got := dir.Found(); got != (spool.Counts{}) {
		t.Errorf("found %+v", got)
	}
}

// The new name must not come to an old header, nor the new header to old records.
func TestReuseHasNoHeaderMeanwhile(t *testing.T) {
	disk := newMemDisk(rand.New(rand.NewPCG(1, 1)))
	s := create(t, openOn(t, disk), 1024)
	put(t, s.Frames(), 0, "one")
	s.Frames().Settle(0)
	calls := 0
	disk.renamed = func(content []byte) {
		calls++
		if frames, err := spool.FramesOf(content); !errors.Is(err, spool.ErrBlank) {
			t.Errorf("it has a header (%v), and %+v", err, frames.Count())
		}
		if slices.ContainsFunc(content[spool.HeaderBytes:], func(b byte) bool { return b != 0 }) {
			t.Error("old records are left")
		}
	}
	if err := s.Reuse(); err != nil || calls != 1 {
		t.Errorf("Reuse: %v, renamed %d times", err, calls)
	}
}

// Between the old header and the new one a process may be killed at any store.
func TestHeadersBetweenTwoUses(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	s := create(t, dir, 1024)
	places, _ := put(t, s.Frames(), 0, "one")
	s.Frames().Settle(places[0])
	s.Close()
	file := filepath.Join(path, s.Name())
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range spool.HeadersBetween(content) {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		wantRecords(t, left(t, dir))
		if n, err := dir.Bytes(); n != 0 || err != nil {
			t.Fatalf("the directory has %d bytes (%v)", n, err)
		}
	}
	if got := dir.Found().Damaged; got > 0 {
		t.Errorf("%d damaged records", got)
	}
}
