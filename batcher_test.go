package sentrial_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/types"
)

const (
	kib      = 1 << 10
	interval = time.Second
	forever  = time.Duration(1<<63 - 1)
)

// smallQueue has room for eight slabs of eight events of 128 bytes.
func smallQueue(o sentrial.Overflow, lost *losses) *sentrial.Batcher {
	return sentrial.NewBatcher(sentrial.BatcherConfig{BatchBytes: kib, QueueBytes: 8 * kib, Interval: interval, Overflow: o, Lost: lost.add})
}

const eventSize = 128

// losses notes what a batcher drops. A nil one does not care.
type losses struct {
	mu  sync.Mutex
	ids []string
	why map[string]sentrial.DropReason
}

func (l *losses) add(id string, reason sentrial.DropReason) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.why == nil {
		l.why = make(map[string]sentrial.DropReason)
	}
	if before, twice := l.why[id]; twice {
		panic(fmt.Sprintf("%s was dropped as %s and again as %s", id, before, reason))
	}
	l.ids, l.why[id] = append(l.ids, id), reason
}

// names gives the ids e<from> to e<to>.
func names(from, to int) (ids []string) {
	for i := from; i <= to; i++ {
		ids = append(ids, fmt.Sprintf("e%04d", i))
	}
	return ids
}

// fill adds the events e<from> to e<to>, which must all be accepted.
func fill(t *testing.T, b *sentrial.Batcher, from, to int) {
	t.Helper()
	for _, id := range names(from, to) {
		if reason := b.Add(t.Context(), id, eventSize); reason != "" {
			t.Fatalf("%s was refused: %s", id, reason)
		}
	}
}

func checkIDs(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %d: %.400v, want %d: %.400v", what, len(got), got, len(want), want)
	}
}

// take is Take where there must be a batch.
func take(t *testing.T, b *sentrial.Batcher) *sentrial.Batch {
	t.Helper()
	bt := b.Take()
	if bt == nil {
		t.Fatal("no batch to send")
	}
	return bt
}

func checkNothingToSend(t *testing.T, b *sentrial.Batcher) {
	t.Helper()
	if bt := b.Take(); bt != nil {
		t.Fatalf("a batch of %v, want none yet", bt.IDs())
	}
}

// checkLaw looks at the counters, and at what the slabs hold.
func checkLaw(t *testing.T, b *sentrial.Batcher) {
	t.Helper()
	if err := lawOf(b.Stats()); err != nil {
		t.Error(err)
	}
	if err := b.Check(); err != nil {
		t.Error(err)
	}
}

// lawOf says how s breaks the law of Stats.
func lawOf(s sentrial.Stats) error {
	sum := s.Delivered + s.Queued
	for _, n := range s.Dropped {
		sum += n
	}
	if s.Accepted+s.Recovered != sum || s.InFlight > s.Queued || s.Duplicates > s.Delivered || s.QueueBytes < 0 || s.Queued > 0 && s.QueueBytes == 0 {
		return fmt.Errorf("the counters contradict each other: %+v", s)
	}
	return nil
}

func TestBatchIsSealedBySize(t *testing.T) {
	b := smallQueue(sentrial.DropOldest, nil)
	fill(t, b, 1, 7)
	checkNothingToSend(t, b)
	fill(t, b, 8, 8) // the slab is full to the last byte
	checkIDs(t, "batch", take(t, b).IDs(), names(1, 8))
	fill(t, b, 9, 9)
	checkNothingToSend(t, b)
	checkLaw(t, b)
}

// TestLargeEventIsABatchByItself: it need not wait for the next event or for its age.
func TestLargeEventIsABatchByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := newScript(t)
		client := newClient(t, server, sentrial.WithBatchBytes(1), sentrial.WithFlushInterval(time.Hour))
		record(t, client, 3)
		synctest.Wait()
		if n := len(server.requests()); n != 3 {
			t.Errorf("%d requests at once, want one for each event", n)
		}
	})
}

// TestTinyQueue: a queue that holds next to nothing still accounts for every event.
func TestTinyQueue(t *testing.T) {
	for _, o := range []sentrial.Overflow{sentrial.DropOldest, sentrial.DropNewest} {
		synctest.Test(t, func(t *testing.T) {
			server := newScript(t, slices.Repeat([]step{status(503)}, 2)...)
			client := newClient(t, server, sentrial.WithQueueBytes(700), sentrial.WithBatchBytes(1), sentrial.WithOverflow(o))
			for range 50 {
				client.Session("s").TrackStep(t.Context(), types.Step{Name: "step"})
			}
			if err := client.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			s := client.Stats()
			if s.Delivered == 0 || s.Accepted != s.Delivered+s.Dropped[sentrial.DropOverflow] || s.Accepted+s.Refused[sentrial.DropOverflow] != 50 {
				t.Errorf("%v: %+v", o, s)
			}
		})
	}
}

func TestBatchIsSealedByAgeOfItsFirstEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := smallQueue(sentrial.DropOldest, nil)
		time.Sleep(5 * interval) // time without events is no age
		start := time.Now()
		fill(t, b, 1, 1)
		time.AfterFunc(interval*9/10, func() { fill(t, b, 2, 2) })
		bt := nextOf(t, b)
		if waited := time.Since(start); waited != interval {
			t.Errorf("the batch came after %v, want %v", waited, interval)
		}
		checkIDs(t, "batch", bt.IDs(), names(1, 2))
		fill(t, b, 3, 3)
		nextOf(t, b)
		if waited := time.Since(start); waited != 2*interval {
			t.Errorf("the second batch came after %v, want %v", waited, 2*interval)
		}
	})
}

// nextOf waits for a batch as the sender does, which is woken for nothing now and then.
func nextOf(t *testing.T, b *sentrial.Batcher) *sentrial.Batch {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	for ctx.Err() == nil {
		if bt := b.Next(ctx, forever); bt != nil {
			return bt
		}
	}
	t.Fatal("no batch within an hour")
	return nil
}

func TestFlushSealsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := smallQueue(sentrial.DropOldest, nil)
		start := time.Now()
		fill(t, b, 1, 3)
		flushed := make(chan error, 1)
		go func() { flushed <- b.Flush(t.Context()) }()
		bt := nextOf(t, b)
		checkIDs(t, "batch", bt.IDs(), names(1, 3))
		synctest.Wait()
		if len(flushed) > 0 {
			t.Fatal("Flush returned before the events were delivered")
		}
		bt.Settle()
		if err := <-flushed; err != nil {
			t.Error(err)
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("it took %v", waited)
		}
	})
}

// TestFlushIsAboutWhatCameBefore: events in hand and given back belong to it, events that came later do not.
func TestFlushIsAboutWhatCameBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := smallQueue(sentrial.DropOldest, nil)
		fill(t, b, 1, 17)
		held, returned := take(t, b), take(t, b)
		returned.GiveBack()
		flushed := make(chan error, 1)
		go func() { flushed <- b.Flush(t.Context()) }()
		synctest.Wait()
		returned = take(t, b)
		checkIDs(t, "given back", returned.IDs(), names(9, 16))
		last := take(t, b)
		checkIDs(t, "sealed by the flush", last.IDs(), names(17, 17))
		fill(t, b, 18, 40) // they stay
		for _, bt := range []*sentrial.Batch{last, held} {
			bt.Settle()
			synctest.Wait()
			if len(flushed) > 0 {
				t.Fatal("Flush returned although an event before it is not settled")
			}
		}
		returned.Settle()
		if err := <-flushed; err != nil {
			t.Error(err)
		}
		if queued := b.Stats().Queued; queued != 23 {
			t.Errorf("%d events are queued, want the 23 that came after the flush", queued)
		}
	})
}

func TestFlushOfNothing(t *testing.T) {
	b := smallQueue(sentrial.DropOldest, nil)
	expired, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Flush(expired); err != nil {
		t.Errorf("nothing was queued, got %v", err)
	}
}

func TestFlushThatRunsOutOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := smallQueue(sentrial.DropOldest, nil)
		fill(t, b, 1, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := b.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the context's error", err)
		}
		checkIDs(t, "what stays", take(t, b).IDs(), names(1, 1))
	})
}

// TestFlushStorm: many flushes at once, with events between them, and one sender.
func TestFlushStorm(t *testing.T) {
	b := sentrial.NewBatcher(sentrial.BatcherConfig{BatchBytes: 64 * kib, QueueBytes: 8 << 20, Interval: time.Hour})
	ctx, stop := context.WithCancel(t.Context())
	var sender, callers sync.WaitGroup
	sender.Go(func() { deliverAll(ctx, b) })
	for i := range 1000 {
		callers.Go(func() {
			if reason := b.Add(ctx, fmt.Sprintf("e%d", i), eventSize); reason != "" {
				t.Errorf("event %d was refused: %s", i, reason)
			}
			if err := b.Flush(ctx); err != nil {
				t.Errorf("flush %d: %v", i, err)
			}
		})
	}
	callers.Wait()
	if s := b.Stats(); s.Delivered != 1000 || s.Queued != 0 {
		t.Errorf("after all flushes: %+v", s)
	}
	stop()
	sender.Wait()
}

func deliverAll(ctx context.Context, b *sentrial.Batcher) {
	for ctx.Err() == nil {
		if bt := b.Next(ctx, forever); bt != nil {
			bt.Settle()
		}
	}
}

// TestIdleSenderHasNoTimer: with nothing to wait for, a synctest bubble must see that everything is blocked, not run the clock to the end of time.
func TestIdleSenderHasNoTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := smallQueue(sentrial.DropOldest, nil)
		ctx, cancel := context.WithCancel(t.Context())
		woken := make(chan struct{})
		go func() {
			defer close(woken)
			b.Next(ctx, forever)
		}()
		time.Sleep(forever) // the clock stops at the end of int64
		synctest.Wait()
		select {
		case <-woken:
			t.Error("the sender woke for nothing")
		default:
		}
		cancel()
		<-woken
	})
}

func TestSmallEventsAreCountedToo(t *testing.T) {
	b := sentrial.NewBatcher(sentrial.BatcherConfig{BatchBytes: 1 << 20, QueueBytes: 64 << 20, Interval: interval})
	for i := range 2500 {
		b.Add(t.Context(), fmt.Sprint(i), 64)
	}
	go func() { _ = b.Flush(t.Context()) }()
	var sizes []int
	for len(sizes) < 3 {
		bt := nextOf(t, b)
		sizes = append(sizes, len(bt.IDs()))
		bt.Settle()
	}
	if want := []int{sentrial.MaxEventsPerRequest, sentrial.MaxEventsPerRequest, 500}; !slices.Equal(sizes, want) {
		t.Errorf("batches of %v events, want %v", sizes, want)
	}
	checkLaw(t, b)
}

func TestDropOldest(t *testing.T) {
	var lost losses
	b := smallQueue(sentrial.DropOldest, &lost)
	fill(t, b, 1, 64) // full
	checkIDs(t, "lost so far", lost.ids, nil)
	inHand := take(t, b) // the oldest
	inHand.InFlight(true)
	fill(t, b, 65, 65)
	checkIDs(t, "lost", lost.ids, names(9, 16))
	if s := b.Stats(); s.Dropped[sentrial.DropOverflow] != 8 || s.Accepted != 65 || s.Queued != 57 || s.InFlight != 8 {
		t.Errorf("got %+v", s)
	}
	checkLaw(t, b)

	inHand.InFlight(false)
	inHand.GiveBack() // at the front again, and in nobody's hand: the next to go
	fill(t, b, 66, 73)
	checkIDs(t, "lost", lost.ids, slices.Concat(names(9, 16), names(1, 8)))
	checkLaw(t, b)
}

// TestDropOldestTakesTheActiveSlabAtLast: also when everything else is in the sender's hands.
func TestDropOldestTakesTheActiveSlabAtLast(t *testing.T) {
	var lost losses
	b := smallQueue(sentrial.DropOldest, &lost)
	fill(t, b, 1, 64)
	var held []*sentrial.Batch
	for range 7 {
		held = append(held, take(t, b))
	}
	fill(t, b, 65, 65)
	checkIDs(t, "lost", lost.ids, names(57, 64))
	for _, bt := range held {
		bt.Settle()
	}
	if s := b.Stats(); s.Delivered != 56 || s.Queued != 1 {
		t.Errorf("got %+v", s)
	}
	checkLaw(t, b)
}

func TestDropOldestSparesWhatIsBeingWritten(t *testing.T) {
	var lost losses
	b := smallQueue(sentrial.DropOldest, &lost)
	fill(t, b, 1, 7)
	commit, reason := b.Begin(t.Context(), "slow", eventSize)
	if reason != "" {
		t.Fatal(reason)
	}
	fill(t, b, 9, 65)
	checkIDs(t, "lost", lost.ids, names(9, 16))
	checkNothingToSend(t, b) // the oldest slab is not complete yet: order is kept
	commit()
	checkIDs(t, "first batch", take(t, b).IDs(), append(names(1, 7), "slow"))
	checkLaw(t, b)
}

// TestLastWriterWakesTheSender: a slab that was sealed while somebody was still copying into it.
func TestLastWriterWakesTheSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := smallQueue(sentrial.DropOldest, nil)
		start := time.Now()
		commit, _ := b.Begin(t.Context(), "slow", eventSize)
		go func() {
			time.Sleep(3 * interval)
			commit()
		}()
		checkIDs(t, "batch", nextOf(t, b).IDs(), []string{"slow"})
		if waited := time.Since(start); waited != 3*interval {
			t.Errorf("the sender woke after %v, want %v", waited, 3*interval)
		}
	})
}

func TestDropNewest(t *testing.T) {
	var lost losses
	b := smallQueue(sentrial.DropNewest, &lost)
	fill(t, b, 1, 64)
	if reason := b.Add(t.Context(), "late", eventSize); reason != sentrial.DropOverflow {
		t.Errorf("the queue is full, got %q", reason)
	}
	if s := b.Stats(); s.Refused[sentrial.DropOverflow] != 1 || s.Accepted != 64 || len(s.Dropped) != 0 {
		t.Errorf("got %+v", s)
	}
	take(t, b).Settle()
	fill(t, b, 65, 72)
	checkIDs(t, "lost", lost.ids, nil)
	checkLaw(t, b)
}

func TestBlock(t *testing.T) {
	tests := []struct {
		name   string
		end    func(b *sentrial.Batcher, cancel func(), oldest *sentrial.Batch)
		reason sentrial.DropReason
	}{
		{"until there is room", func(_ *sentrial.Batcher, _ func(), oldest *sentrial.Batch) { oldest.Settle() }, ""},
		{"until the context is done", func(_ *sentrial.Batcher, cancel func(), _ *sentrial.Batch) { cancel() }, sentrial.DropOverflow},
		{"until the client is closed", func(b *sentrial.Batcher, _ func(), _ *sentrial.Batch) { b.Shut() }, sentrial.DropClosed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := smallQueue(sentrial.Block, nil)
				fill(t, b, 1, 64)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				done := make(chan sentrial.DropReason, 1)
				go func() { done <- b.Add(ctx, "waits", eventSize) }()
				oldest := take(t, b)
				synctest.Wait()
				if len(done) > 0 {
					t.Fatalf("it did not wait: %q", <-done)
				}
				tt.end(b, cancel, oldest)
				if reason := <-done; reason != tt.reason {
					t.Errorf("got %q, want %q", reason, tt.reason)
				}
				checkLaw(t, b)
			})
		})
	}
}

// TestBlockDoesNotWaitForAge: when what is in the way is the slab being filled, it goes out at once and not when it is of age.
func TestBlockDoesNotWaitForAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := smallQueue(sentrial.Block, nil)
		fill(t, b, 1, 1)
		start := time.Now()
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go deliverAll(ctx, b)
		if reason := b.Add(t.Context(), "large", 8*kib); reason != "" {
			t.Errorf("refused: %s", reason)
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("it waited %v", waited)
		}
	})
}

// TestManyBlockedCallers: each that finds room again must get in.
func TestManyBlockedCallers(t *testing.T) {
	b := smallQueue(sentrial.Block, nil)
	ctx, stop := context.WithCancel(t.Context())
	var sender, callers sync.WaitGroup
	sender.Go(func() { deliverAll(ctx, b) })
	for i := range 64 {
		callers.Go(func() {
			for j := range 50 {
				if reason := b.Add(ctx, fmt.Sprintf("e%d.%d", i, j), eventSize); reason != "" {
					t.Errorf("refused: %s", reason)
				}
			}
		})
	}
	callers.Wait()
	if err := b.Flush(ctx); err != nil {
		t.Error(err)
	}
	stop()
	sender.Wait()
	if s := b.Stats(); s.Delivered != 64*50 {
		t.Errorf("got %+v", s)
	}
	checkLaw(t, b)
}

func TestLargeEvents(t *testing.T) {
	for _, overflow := range []sentrial.Overflow{sentrial.DropOldest, sentrial.DropNewest, sentrial.Block} {
		var lost losses
		b := smallQueue(overflow, &lost)
		fill(t, b, 1, 2)
		if reason := b.Add(t.Context(), "large", 3*kib); reason != "" {
			t.Fatalf("an event larger than a batch was refused: %s", reason)
		}
		if reason := b.Add(t.Context(), "too large", 8*kib+1); reason != sentrial.DropTooLarge {
			t.Errorf("an event larger than the queue: got %q", reason)
		}
		fill(t, b, 3, 3)
		checkIDs(t, "before it", take(t, b).IDs(), names(1, 2))
		checkIDs(t, "alone", take(t, b).IDs(), []string{"large"})
		checkIDs(t, "lost", lost.ids, nil)
		if n := b.Stats().Refused[sentrial.DropTooLarge]; n != 1 {
			t.Errorf("%d refused as too large, want 1", n)
		}
		checkLaw(t, b)
	}
}

// TestNothingIsDroppedInVain: an event that does not fit beside what is in hand costs no other event.
func TestNothingIsDroppedInVain(t *testing.T) {
	var lost losses
	b := smallQueue(sentrial.DropOldest, &lost)
	fill(t, b, 1, 17)
	inHand := take(t, b)
	if reason := b.Add(t.Context(), "large", 8*kib); reason != sentrial.DropOverflow {
		t.Errorf("got %q", reason)
	}
	checkIDs(t, "lost", lost.ids, nil)
	inHand.Settle()
	if reason := b.Add(t.Context(), "large", 8*kib); reason != "" {
		t.Errorf("refused: %s", reason)
	}
	checkIDs(t, "lost", lost.ids, names(9, 17))
	checkLaw(t, b)
}

// TestCopiesAreNotCounted: they travel as events do, push nothing out, and are in no counter but the bytes.
func TestCopiesAreNotCounted(t *testing.T) {
	var lost losses
	b := smallQueue(sentrial.DropOldest, &lost)
	fill(t, b, 1, 3)
	if reason := b.AddCopy(t.Context(), "copy", eventSize); reason != "" {
		t.Fatal(reason)
	}
	fill(t, b, 5, 9)
	if s := b.Stats(); s.Accepted != 8 || s.Queued != 8 || s.QueueBytes != 9*eventSize {
		t.Errorf("got %+v", s)
	}
	bt := take(t, b)
	checkIDs(t, "batch", bt.IDs(), slices.Concat(names(1, 3), []string{"copy"}, names(5, 8)))
	bt.InFlight(true)
	if n := b.Stats().InFlight; n != 7 {
		t.Errorf("%d events in flight, want 7", n)
	}
	bt.InFlight(false)
	bt.Settle(sentrial.Delivered, sentrial.Delivered, sentrial.Delivered, sentrial.Rejected)
	if s := b.Stats(); s.Delivered != 7 || len(s.Dropped) != 0 {
		t.Errorf("got %+v", s)
	}
	fill(t, b, 10, 72)
	if reason := b.AddCopy(t.Context(), "no room", eventSize); reason == "" {
		t.Error("a copy was taken although the queue is full")
	}
	checkIDs(t, "lost", lost.ids, nil)
	if s := b.Stats(); len(s.Refused) != 0 {
		t.Errorf("got %+v", s)
	}
	b.Shut()
	b.AddCopy(t.Context(), "closed", eventSize)
	b.Discard(sentrial.DropClosed)
	if s := b.Stats(); len(s.Refused) != 0 || s.Dropped[sentrial.DropClosed] != 64 {
		t.Errorf("got %+v", s)
	}
	checkLaw(t, b)
}

// TestMemoryIsUsedAgain: slabs come back, also those of unusual size, and the bound is on all of them.
func TestMemoryIsUsedAgain(t *testing.T) {
	b := smallQueue(sentrial.DropNewest, nil)
	for round := range 200 {
		size := []int{eventSize, 2 * kib, 5 * kib}[round%3]
		for i := 0; ; i++ {
			if reason := b.Add(t.Context(), fmt.Sprintf("e%d.%d", round, i), size); reason != "" {
				break
			}
		}
		if n := b.Allocated(); n > 8*kib {
			t.Fatalf("%d bytes of slabs, want at most %d", n, 8*kib)
		}
		if b.Stats().Queued < 1 {
			t.Fatalf("round %d: an empty queue took no event of %d bytes", round, size)
		}
		go func() { _ = b.Flush(t.Context()) }()
		for b.Stats().Queued > 0 {
			nextOf(t, b).Settle()
		}
	}
	checkLaw(t, b)
}
