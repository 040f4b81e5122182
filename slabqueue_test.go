package sentrial_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go"
)

// TestSlabQueueKeepsOrder: it is a list of numbers in the order of their arrival, wherever one of them leaves it.
func TestSlabQueueKeepsOrder(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		var q sentrial.SlabQueue
		var want []uint64
		for n := range uint64(300) {
			switch k := r.IntN(10); {
			case k < 5 || len(want) == 0:
				q.Push(n)
				want = append(want, n)
			case k < 7:
				q.RemoveFirst()
				want = want[1:]
			case k < 9:
				i := r.IntN(len(want))
				q.Remove(want[i])
				want = slices.Delete(slices.Clone(want), i, i+1)
			default:
				q.Remove(1e6)
			}
			if got := q.Numbers(); !slices.Equal(got, want) || q.Len() != len(want) {
				t.Fatalf("seed %d, step %d: %v of length %d, want %v", seed, n, got, q.Len(), want)
			}
		}
	}
}

// TestSlabQueueUsesItsMemoryAgain: what left the front does not count for ever.
func TestSlabQueueUsesItsMemoryAgain(t *testing.T) {
	var q sentrial.SlabQueue
	for n := range uint64(100_000) {
		q.Push(n)
		if q.Len() > 10 {
			q.RemoveFirst()
		}
	}
	if q.Places() > 100 {
		t.Errorf("a queue of %d slabs holds memory for %d", q.Len(), q.Places())
	}
}

// smallSlabs is a full queue of as many slabs as it can have.
func smallSlabs(tb testing.TB, queueBytes int, lost func(string, sentrial.DropReason)) (b *sentrial.Batcher, events int) {
	b = sentrial.NewBatcher(sentrial.BatcherConfig{BatchBytes: 1024, QueueBytes: queueBytes, Overflow: sentrial.DropNewest, Lost: lost})
	for b.Add(tb.Context(), fmt.Sprintf("e%04d", events), 1000) == "" {
		events++
	}
	if events != queueBytes/1024 {
		tb.Fatalf("%d events in the queue, want one a slab", events)
	}
	return b, events
}

// TestDiscardOfSmallSlabs loses each event once, oldest first.
func TestDiscardOfSmallSlabs(t *testing.T) {
	var lost losses
	b, events := smallSlabs(t, 4<<20, lost.add)
	b.Shut()
	b.Discard(sentrial.DropClosed)
	checkIDs(t, "lost", lost.ids, names(0, events-1))
	if s := b.Stats(); s.Queued != 0 || s.QueueBytes != 0 || s.Dropped[sentrial.DropClosed] != uint64(events) {
		t.Errorf("got %+v", s)
	}
	checkLaw(t, b)
}

// BenchmarkDiscardSmallSlabs is what Close does beyond its deadline to a full queue of the default size with the smallest slabs.
func BenchmarkDiscardSmallSlabs(b *testing.B) {
	for _, size := range []int{8 << 20, 64 << 20} {
		b.Run(fmt.Sprintf("%dMiB", size>>20), func(b *testing.B) {
			events := 0
			for b.Loop() {
				b.StopTimer()
				var queue *sentrial.Batcher
				queue, events = smallSlabs(b, size, nil)
				queue.Shut()
				b.StartTimer()
				queue.Discard(sentrial.DropClosed)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*events), "ns/event")
		})
	}
}
