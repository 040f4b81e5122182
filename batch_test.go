package sentrial_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
)

func TestSettleKeepsWhatIsToBeSentAgain(t *testing.T) {
	var lost losses
	b := smallQueue(sentrial.DropOldest, &lost)
	fill(t, b, 1, 9)
	bt := take(t, b)
	const ok, again, no = sentrial.Delivered, sentrial.Again, sentrial.Rejected
	if !bt.Settle(ok, again, no, ok, again, no, ok, ok) {
		t.Error("nothing is left of a batch with two events to send again")
	}
	checkIDs(t, "left", bt.IDs(), []string{"e0002", "e0005"})
	checkIDs(t, "lost", lost.ids, []string{"e0003", "e0006"})
	if s := b.Stats(); s.Delivered != 4 || s.Dropped[sentrial.DropRejected] != 2 || s.Queued != 3 {
		t.Errorf("got %+v", s)
	}
	bt.GiveBack()
	checkLaw(t, b)
	if bt = take(t, b); bt.Settle() {
		t.Error("events are left of a batch that was delivered")
	}
	checkLaw(t, b)
}

func TestGivenBackComesFirst(t *testing.T) {
	b := smallQueue(sentrial.DropOldest, nil)
	fill(t, b, 1, 17)
	first := take(t, b)
	first.GiveBack()
	first = take(t, b)
	checkIDs(t, "first", first.IDs(), names(1, 8))
	second := take(t, b)
	second.GiveBack()
	first.GiveBack()
	checkIDs(t, "first", take(t, b).IDs(), names(1, 8))
	checkIDs(t, "second", take(t, b).IDs(), names(9, 16))
}

func TestHalvesStayInOrder(t *testing.T) {
	b := smallQueue(sentrial.DropOldest, nil)
	fill(t, b, 1, 16)
	bt := take(t, b)
	bt.Halve()
	bt.Halve()
	checkIDs(t, "quarter", bt.IDs(), names(1, 2))
	bt.Halve()
	checkIDs(t, "eighth", bt.IDs(), names(1, 1))
	bt.Settle()
	for _, want := range [][]string{names(2, 2), names(3, 4), names(5, 8)} {
		bt = take(t, b)
		checkIDs(t, "next", bt.IDs(), want)
		bt.Settle()
		checkLaw(t, b)
	}
	odd := smallQueue(sentrial.DropOldest, nil)
	for i := range 4 {
		odd.Add(t.Context(), fmt.Sprintf("e%04d", i+1), 300)
	}
	bt = take(t, odd)
	bt.Halve()
	checkIDs(t, "larger half", bt.IDs(), names(1, 2))
}

// TestPostponedEventsAreOvertaken: what the server asked to have later waits from 1 to 1.5 s, then twice as long, and holds nothing else up.
func TestPostponedEventsAreOvertaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := smallQueue(sentrial.DropOldest, nil)
		fill(t, b, 1, 17)
		late := take(t, b)
		for least := interval; least <= 4*interval; least *= 2 {
			late.Postpone()
			start := time.Now()
			if least == interval {
				take(t, b).Settle() // e9 to e16
				nextOf(t, b).Settle()
			}
			late = nextOf(t, b)
			checkIDs(t, "late", late.IDs(), names(1, 8))
			if waited := time.Since(start); waited < least || waited > least*3/2 {
				t.Errorf("it came after %v, want %v to %v", waited, least, least*3/2)
			}
		}
		late.Settle()
		checkLaw(t, b)
	})
}

// TestDiscardBesideASender: what it does with a batch that was dropped under its hands changes nothing any more.
func TestDiscardBesideASender(t *testing.T) {
	for name, act := range map[string]func(*sentrial.Batch){
		"settle":   func(bt *sentrial.Batch) { bt.Settle() },
		"reject":   func(bt *sentrial.Batch) { bt.Settle(slices.Repeat([]sentrial.Fate{sentrial.Rejected}, 8)...) },
		"giveBack": func(bt *sentrial.Batch) { bt.GiveBack() },
		"halve":    func(bt *sentrial.Batch) { bt.Halve() },
		"postpone": func(bt *sentrial.Batch) { bt.Postpone() },
		"inFlight": func(bt *sentrial.Batch) { bt.InFlight(true) },
	} {
		t.Run(name, func(t *testing.T) {
			var lost losses
			b := smallQueue(sentrial.DropOldest, &lost)
			fill(t, b, 1, 20)
			bt := take(t, b)
			bt.InFlight(true)
			take(t, b).GiveBack()
			b.Shut()
			b.Discard(sentrial.DropClosed)
			act(bt)
			if s := b.Stats(); s.Dropped[sentrial.DropClosed] != 20 || s.Queued != 0 || s.InFlight != 0 || s.Delivered != 0 {
				t.Errorf("got %+v", s)
			}
			checkIDs(t, "lost", slices.Sorted(slices.Values(lost.ids)), names(1, 20))
			checkNothingToSend(t, b)
			checkLaw(t, b)
		})
	}
}

// TestDiscardWaitsForWriters: an event whose bytes are not in place yet cannot be named.
func TestDiscardWaitsForWriters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lost losses
		b := smallQueue(sentrial.DropOldest, &lost)
		fill(t, b, 1, 3)
		commit, _ := b.Begin(t.Context(), "slow", eventSize)
		b.Shut()
		done := make(chan struct{})
		go func() {
			defer close(done)
			b.Discard(sentrial.DropClosed)
		}()
		for range 100 {
			runtime.Gosched()
		}
		commit()
		<-done
		checkIDs(t, "lost", lost.ids, append(names(1, 3), "slow"))
		checkLaw(t, b)
	})
}

// ledger knows what became of every event of a stress test.
type ledger struct {
	mu        sync.Mutex
	accepted  map[string]bool
	delivered map[string]int
	last      map[string]int // by producer: the number of its event delivered last
	disorder  int
}

func newLedger() *ledger {
	return &ledger{accepted: make(map[string]bool), delivered: make(map[string]int), last: make(map[string]int)}
}

func (l *ledger) deliver(ids []string, fates []sentrial.Fate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, id := range ids {
		if fates != nil && fates[i] != sentrial.Delivered {
			continue
		}
		l.delivered[id]++
		var producer string
		var n int
		_, _ = fmt.Sscanf(id, "%1s.%d", &producer, &n)
		if n < l.last[producer] {
			l.disorder++
		}
		l.last[producer] = n
	}
}

// TestStress has many callers and a sender that does all that a sender can do, while the counters are read all the time: they must never contradict each other,
// and at the end every event must have exactly one fate.
func TestStress(t *testing.T) {
	for name, overflow := range map[string]sentrial.Overflow{"DropOldest": sentrial.DropOldest, "DropNewest": sentrial.DropNewest, "Block": sentrial.Block} {
		for _, inOrder := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s inOrder=%t", name, inOrder), func(t *testing.T) { stress(t, overflow, inOrder) })
		}
	}
}

func stress(t *testing.T, overflow sentrial.Overflow, inOrder bool) {
	const producers, each = 8, 1000
	var lost losses
	book := newLedger()
	b := smallQueue(overflow, &lost)
	ctx, stop := context.WithCancel(t.Context())
	var callers, others sync.WaitGroup
	var over atomic.Bool
	others.Go(func() {
		for !over.Load() {
			if err := lawOf(b.Stats()); err != nil {
				t.Error(err)
				return
			}
			if n := b.Allocated(); n > 8*kib {
				t.Errorf("%d bytes of slabs", n)
				return
			}
			runtime.Gosched()
		}
	})
	others.Go(func() { misbehave(ctx, b, book, inOrder) })
	for p := range producers {
		callers.Go(func() {
			r := rand.New(rand.NewPCG(uint64(p), 1))
			for i := range each {
				id := fmt.Sprintf("%d.%d", p, i)
				if b.Add(ctx, id, eventSize+r.IntN(64)*r.IntN(64)) == "" {
					book.mu.Lock()
					book.accepted[id] = true
					book.mu.Unlock()
				}
				if r.IntN(50) == 0 {
					b.AddCopy(ctx, "copy", eventSize)
				}
			}
		})
	}
	callers.Wait()
	if overflow != sentrial.DropOldest { // end once by flushing, once by discarding
		if err := b.Flush(ctx); err != nil {
			t.Error(err)
		}
	}
	b.Shut()
	stop()
	b.Discard(sentrial.DropClosed)
	over.Store(true)
	others.Wait()
	checkLaw(t, b)
	book.check(t, b.Stats(), &lost)
	if inOrder && book.disorder > 0 {
		t.Errorf("%d events were overtaken", book.disorder)
	}
}

// misbehave is a sender to whom everything happens.
func misbehave(ctx context.Context, b *sentrial.Batcher, book *ledger, inOrder bool) {
	r := rand.New(rand.NewPCG(1, 2))
	for ctx.Err() == nil {
		bt := b.Next(ctx, time.Millisecond)
		if bt == nil {
			continue
		}
		bt.InFlight(true)
		if r.IntN(4) == 0 {
			runtime.Gosched()
		}
		bt.InFlight(false)
		ids := bt.IDs()
		switch n := r.IntN(10); {
		case n == 0:
			bt.GiveBack()
		case n == 1 && len(ids) > 1:
			bt.Halve()
			bt.GiveBack()
		case n < 4:
			fates := make([]sentrial.Fate, len(ids))
			for i := range fates {
				if fates[i] = sentrial.Fate(r.IntN(3)); inOrder && fates[i] == sentrial.Again {
					fates[i] = sentrial.Delivered
				}
			}
			book.deliver(ids, fates)
			if bt.Settle(fates...) {
				bt.GiveBack()
			}
		default:
			book.deliver(ids, nil)
			bt.Settle()
		}
	}
}

func (l *ledger) check(t *testing.T, s sentrial.Stats, lost *losses) {
	t.Helper()
	delete(l.delivered, "copy")
	if s.Accepted != uint64(len(l.accepted)) || s.Queued != 0 {
		t.Errorf("%d events were accepted, Stats says %+v", len(l.accepted), s)
	}
	for id := range l.accepted {
		_, dropped := lost.why[id]
		if n := l.delivered[id]; n > 1 || (n == 1) == dropped && lost.why[id] != sentrial.DropClosed {
			t.Errorf("%s was delivered %d times, dropped = %t", id, n, dropped)
		}
	}
	for id := range lost.why {
		if !l.accepted[id] {
			t.Errorf("%s was dropped and never accepted", id)
		}
	}
	if n := uint64(len(l.delivered)); n < s.Delivered {
		t.Errorf("%d events were delivered, Stats says %d", n, s.Delivered)
	}
}

// TestSettleOfAWholeBatch: what a request carried is known when it begins; copies of open spans are in no counter, and halves are less.
func TestSettleOfAWholeBatch(t *testing.T) {
	b := smallQueue(sentrial.DropOldest, nil)
	fill(t, b, 1, 5)
	if reason := b.AddCopy(t.Context(), "copy", eventSize); reason != "" {
		t.Fatal(reason)
	}
	fill(t, b, 6, 9)
	bt := take(t, b)
	bt.InFlight(true)
	if s := b.Stats(); s.InFlight != 7 {
		t.Errorf("%d in flight, want 7 of a batch with a copy", s.InFlight)
	}
	bt.InFlight(false)
	bt.Halve()
	if bt.Settle() {
		t.Error("events are left")
	}
	if s := b.Stats(); s.Delivered != 4 || s.Queued != 5 {
		t.Errorf("got %+v after the first half", s)
	}
	checkLaw(t, b)
	bt = take(t, b)
	bt.InFlight(true)
	bt.InFlight(false)
	if bt.Settle() {
		t.Error("events are left")
	}
	if s := b.Stats(); s.Delivered != 7 || s.Queued != 2 || s.InFlight != 0 {
		t.Errorf("got %+v after the second half", s)
	}
	checkLaw(t, b)
}
