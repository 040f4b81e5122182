package spool_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

func TestWhatWasCommittedIsLeftAfterClose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spool")
	dir := open(t, path)
	s := create(t, dir, 4096)
	places, end := put(t, s.Frames(), 0, "one", "two", "three")
	s.Frames().Settle(places[1])
	s.Frames().Put(end, 10) // never finished
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	found, errs := orphans(t, open(t, path))
	if len(errs) > 0 || len(found) != 1 {
		t.Fatalf("found %d segments, errors %v", len(found), errs)
	}
	wantRecords(t, committed(found[0].Frames()), "one", "three")
	want := spool.Counts{Committed: 2, Settled: 1, Unfinished: 1}
	if got := found[0].Counts(); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
	if found[0].PID() != os.Getpid() || found[0].Name() != s.Name() || !found[0].Created().Equal(s.Created()) {
		t.Errorf("found %s of %d at %v", found[0].Name(), found[0].PID(), found[0].Created())
	}
}

func TestALiveSegmentIsNoOrphan(t *testing.T) {
	path := t.TempDir()
	s := create(t, open(t, path), 4096)
	put(t, s.Frames(), 0, "one")
	other := open(t, path)
	wantRecords(t, left(t, other))
	s.Close()
	wantRecords(t, left(t, other), "one")
	wantRecords(t, left(t, other))
}

func TestRemoveDeletesTheFile(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	s := create(t, dir, 4096)
	put(t, s.Frames(), 0, "one")
	if n, err := dir.Bytes(); n != s.Size() || err != nil {
		t.Errorf("the directory has %d bytes (%v), want %d", n, err, s.Size())
	}
	for range 2 {
		if err := s.Remove(); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := dir.Bytes(); n != 0 || err != nil {
		t.Errorf("the directory has %d bytes (%v), want none", n, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Sync(); err == nil {
		t.Error("Sync of a removed segment said nothing")
	}
}

func TestASegmentWithNothingToSendIsRemoved(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	settled := create(t, dir, 4096)
	places, _ := put(t, settled.Frames(), 0, "one")
	settled.Frames().Settle(places[0])
	settled.Close()
	create(t, dir, 4096).Close()

	wantRecords(t, left(t, dir))
	if n, err := dir.Bytes(); n != 0 || err != nil {
		t.Errorf("the directory has %d bytes (%v), want none", n, err)
	}
	if got, want := dir.Found(), (spool.Counts{Settled: 1}); got != want {
		t.Errorf("found %+v, want %+v", got, want)
	}
}

func TestSync(t *testing.T) {
	s := create(t, open(t, t.TempDir()), 4096)
	put(t, s.Frames(), 0, "one")
	for range 2 {
		if err := s.Sync(); err != nil {
			t.Error(err)
		}
	}
}
