package spool_test

import (
	"math"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

func TestPutRefusesWhatDoesNotFit(t *testing.T) {
	f := spool.Keyed(make([]byte, 64), 1)
	for _, c := range []struct{ at, size int }{{0, 0}, {0, -1}, {0, 49}, {-8, 8}, {4, 8}, {56, 8}, {64, 8}, {72, 8}, {40, 9}, {8, math.MaxInt}} {
		if p := f.Put(c.at, c.size); p != nil {
			t.Errorf("Put(%d, %d) gave %d bytes", c.at, c.size, len(p))
		}
	}
	if p := f.Put(0, 48); len(p) != 48 || cap(p) != 48 {
		t.Errorf("Put gave %d of %d bytes, want 48", len(p), cap(p))
	}
}

func TestFrameBytes(t *testing.T) {
	for size, want := range map[int]int{1: 24, 8: 24, 9: 32, 300: 320} {
		if got := spool.FrameBytes(size); got != want {
			t.Errorf("a record of %d bytes takes %d, want %d", size, got, want)
		}
	}
}

func TestPlainMemoryHasTheSameFrames(t *testing.T) {
	f := spool.Plain(make([]byte, 256))
	places, end := put(t, f, 0, "one", "two")
	f.Put(end, 3)
	f.Settle(places[0])
	wantRecords(t, committed(f), "two")
	if got := string(f.Payload(places[1])); got != "two" {
		t.Errorf("the payload is %q", got)
	}
	if got, want := f.Count(), (spool.Counts{Committed: 1, Settled: 1, Unfinished: 1}); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}

func TestTheLastFrameMayEndAtTheEnd(t *testing.T) {
	for _, size := range []int{48, 45} {
		f := spool.Keyed(make([]byte, 16+size), 7)
		put(t, f, 0, strings.Repeat("x", size))
		wantRecords(t, committed(f), strings.Repeat("x", size))
	}
}

func TestFramesDoNotAllocate(t *testing.T) {
	s := create(t, open(t, t.TempDir()), 4096)
	f, record := s.Frames(), make([]byte, 300)
	allocs := testing.AllocsPerRun(100, func() {
		copy(f.Put(0, len(record)), record)
		f.Commit(0)
		f.Count()
		f.Settle(0)
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
