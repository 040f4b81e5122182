package sentrial_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go"
)

// TestShardsLoseNothing: callers of many goroutines fill the shards of a slab with records of all sizes, while a sender takes and settles, slabs are sealed by flushes,
// and somebody reads the counters. Each record arrives once and whole.
func TestShardsLoseNothing(t *testing.T) {
	const callers, each = 8, 3000
	b := sentrial.NewBatcher(sentrial.BatcherConfig{BatchBytes: 256 << 10, QueueBytes: 64 << 20, Interval: time.Hour})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8)) // as many shards as there can be, wherever the test runs
	b.Share()
	ctx, stop := context.WithCancel(t.Context())
	seen := make(chan map[string]int)
	go func() { seen <- takeAll(ctx, b) }()
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			add := b.Caller(0)
			for i := range each {
				if reason := add(ctx, fmt.Sprintf("%d-%d", c, i), 100+(i*37+c)%3000+i%97/96*100_000); reason != "" {
					t.Errorf("event %d-%d: %s", c, i, reason)
				}
				if i%500 == 0 {
					if s := b.Stats(); s.Accepted != s.Delivered+s.Queued || s.QueueBytes < 0 {
						t.Errorf("%+v", s)
					}
				}
			}
		})
	}
	all.Wait()
	if err := b.Flush(t.Context()); err != nil {
		t.Error(err)
	}
	stop()
	got := <-seen
	if err := b.Check(); err != nil || len(got) != callers*each {
		t.Errorf("%d events arrived: %v", len(got), err)
	}
	for id, n := range got {
		if n != 1 {
			t.Errorf("event %s came %d times", id, n)
		}
	}
	if s := b.Stats(); s.Delivered != callers*each || s.QueueBytes != 0 {
		t.Errorf("%+v", s)
	}
}

// takeAll is a sender that delivers everything.
func takeAll(ctx context.Context, b *sentrial.Batcher) map[string]int {
	seen := map[string]int{}
	for ctx.Err() == nil {
		if batch := b.Next(ctx, time.Minute); batch != nil {
			for _, id := range batch.IDs() {
				seen[id]++
			}
			batch.Settle()
		}
	}
	return seen
}

// TestOneCallerKeepsTheOrder, whatever its events need: nobody is in its way, so it stays in one shard.
func TestOneCallerKeepsTheOrder(t *testing.T) {
	b := sentrial.NewBatcher(sentrial.BatcherConfig{BatchBytes: 256 << 10, QueueBytes: 8 << 20, Interval: time.Hour})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8)) // as many shards as there can be, wherever the test runs
	b.Share()
	add := b.Caller(0)
	for i := range 700 {
		if reason := add(t.Context(), fmt.Sprint(i), 100+i*53%2000+i%50/49*70_000); reason != "" {
			t.Fatal(reason)
		}
	}
	b.Shut()
	next := 0
	for batch := b.Take(); batch != nil; batch = b.Take() {
		for _, id := range batch.IDs() {
			if id != fmt.Sprint(next) {
				t.Fatalf("event %s came in place of %d", id, next)
			}
			next++
		}
		batch.Settle()
	}
	if next != 700 {
		t.Errorf("%d events came", next)
	}
}

// TestShardsShareASlab: where one caller does nearly all, it gets nearly all of the slab, the rest of other shards included.
func TestShardsShareASlab(t *testing.T) {
	b := sentrial.NewBatcher(sentrial.BatcherConfig{BatchBytes: 256 << 10, QueueBytes: 8 << 20, Interval: time.Hour})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8)) // as many shards as there can be, wherever the test runs
	b.Share()
	for shard := range uint8(8) {
		if reason := b.Caller(shard)(t.Context(), "little", 100); reason != "" {
			t.Fatal(reason)
		}
	}
	add := b.Caller(1)
	for i := range 600 {
		if reason := add(t.Context(), fmt.Sprint(i), 1000); reason != "" {
			t.Fatal(reason)
		}
	}
	first := b.Take()
	if first == nil || len(first.IDs()) < 240 {
		t.Errorf("the first slab has %v events, want nearly 256", first)
	}
}
