package spool_test

import (
	"sync"
	"sync/atomic"
	"testing"
)

// While one removes its segments, others who look for orphans must see each either locked or not at all. Their locks belong to open files, so that goroutines do for
// processes.
func TestARemovedSegmentIsNobodysOrphanConcurrentSafe(t *testing.T) {
	path := t.TempDir()
	var done atomic.Bool
	var others sync.WaitGroup
	for range 3 {
		dir := open(t, path)
		others.Go(func() {
			for !done.Load() {
				for s, err := range dir.Orphans() {
					if err != nil {
						t.Error(err)
						continue
					}
					t.Errorf("%s was taken for an orphan: %+v", s.Name(), s.Counts())
					s.Remove()
				}
			}
		})
	}
	dir := open(t, path)
	for range 300 {
		s, err := dir.Create(1024)
		if err != nil {
			t.Error(err)
			break
		}
		put(t, s.Frames(), 0, "one")
		s.Remove()
	}
	done.Store(true)
	others.Wait()
}

// Of what is left, each record goes to one.
func TestOrphansAreSharedOutConcurrentSafe(t *testing.T) {
	path := t.TempDir()
	dir := open(t, path)
	for range 300 {
		s := create(t, dir, 1024)
		put(t, s.Frames(), 0, s.Name())
		s.Close()
	}
	var mu sync.Mutex
	found := map[string]int{}
	var others sync.WaitGroup
	for range 4 {
		dir := open(t, path)
		others.Go(func() {
			for _, r := range left(t, dir) {
				mu.Lock()
				found[r]++
				mu.Unlock()
			}
		})
	}
	others.Wait()
	for r, n := range found {
		if n != 1 {
			t.Errorf("%s was found %d times", r, n)
		}
	}
	if len(found) != 300 {
		t.Errorf("%d records were found, want 300", len(found))
	}
}
