package spool_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// TestSentRecordsAreFound: somebody has to know that nobody knows what became of them. Commit takes the mark back, and damage to one shows.
func TestSentRecordsAreFound(t *testing.T) {
	path := t.TempDir()
	s := create(t, open(t, path), 1024)
	places, _ := put(t, s.Frames(), 0, "one", "two", "three")
	s.Frames().MarkSent(places[0])
	s.Frames().Settle(places[1])
	s.Frames().MarkSent(places[2])
	s.Frames().Commit(places[2])
	wantStates(t, s.Frames(), spool.Sent, spool.Settled, spool.Committed)
	s.Frames().Settle(places[2])
	s.Close()

	dir := open(t, path)
	found, errs := orphans(t, dir)
	if len(errs) > 0 || len(found) != 1 || found[0].Counts() != (spool.Counts{Sent: 1, Settled: 2}) {
		t.Fatalf("found %v, %v", found, errs)
	}
	found[0].Data()[spool.FrameHeader] ^= 1
	wantStates(t, found[0].Frames(), spool.Damaged, spool.Settled, spool.Settled)
}

// TestCloneHasNoFile: what is done to the copy is not done to the segment.
func TestCloneHasNoFile(t *testing.T) {
	s := create(t, open(t, t.TempDir()), 1024)
	places, _ := put(t, s.Frames(), 0, "one", "two")
	clone, err := s.Frames().Clone()
	if err != nil {
		t.Fatal(err)
	}
	wantStates(t, clone, spool.Committed, spool.Committed)
	clone.Settle(places[0])
	wantStates(t, s.Frames(), spool.Committed, spool.Committed)
	wantStates(t, clone, spool.Settled, spool.Committed)
}

func TestNamedTellsADeletedFile(t *testing.T) {
	path := t.TempDir()
	s := create(t, open(t, path), 1024)
	if !s.Named() {
		t.Error("a new file has no name")
	}
	if err := os.Remove(filepath.Join(path, s.Name())); err != nil {
		t.Fatal(err)
	}
	if s.Named() {
		t.Error("a deleted file has a name")
	}
}

func TestQuarantineKeepsTheRecordsAsTheyAre(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	s := create(t, dir, 1024)
	put(t, s.Frames(), 0, "of another version")
	content, err := os.ReadFile(filepath.Join(path, s.Name()))
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Quarantine(s); err != nil {
		t.Fatal(err)
	}
	wantKept(t, path, s.Name(), content)
}

// TestDamageIsCountedOnce: who finds the file later counts only what is new.
func TestDamageIsCountedOnce(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	damage(t, dir, path, false)
	for _, want := range []int{1, 0} {
		next := open(t, path)
		found, errs := orphans(t, next)
		if len(found) != 1 || len(errs) > 0 || next.Found().Damaged != want {
			t.Fatalf("found %v with %d damaged records, want %d; %v", found, next.Found().Damaged, want, errs)
		}
		found[0].Close()
	}
}
