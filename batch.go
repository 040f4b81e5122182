package sentrial

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
)

// maxEventsPerRequest is what a server takes by default.
const maxEventsPerRequest = 1000

// batch is what the sender takes: records of one slab, in order. The batcher holds it until settle or giveBack.
type batch struct {
	slab    *slab
	records [][]byte
	key     string // idempotency key of these very records
	tries   int    // attempts so far, for WithMaxRetries
	rekeyed bool   // got a second key after a conflict

	notBefore time.Time      // of records that the server asked to have again later
	backoff   *httpx.Backoff // of such records
}

// fate is what became of one record of a batch. The zero value is delivered.
type fate struct {
	again  bool       // send it again
	reason DropReason // or it is lost, for this reason
	err    error      // what the server said of it
}

const untilWoken = time.Duration(math.MaxInt64)

// next waits for a batch to send. idle bounds the wait, because the sender has other things to look after; nil means that it passed, or that ctx is done.
func (b *batcher) next(ctx context.Context, idle time.Duration) *batch {
	bt, wait := b.take(time.Now())
	if bt != nil {
		return bt
	}
	var alarm <-chan time.Time // none where there is nothing to wait for: in a synctest bubble such a timer would be run to
	if wait = min(wait, idle); wait < untilWoken {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case <-b.wake:
	case <-alarm:
	case <-ctx.Done():
		return nil
	}
	bt, _ = b.take(time.Now())
	return bt
}

// take gives the oldest batch that may be sent, or how long until the active slab is of age.
func (b *batcher) take(now time.Time) (*batch, time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	bt, wait := b.takeReturned(now)
	if bt != nil {
		return bt, 0
	}
	if b.sealed.len() == 0 && b.active != nil {
		age := b.interval - now.Sub(b.active.begun)
		if b.active.due || age <= 0 {
			b.seal() // if it is not ready yet, its last writer wakes the sender
		} else {
			wait = min(wait, age)
		}
	}
	if b.sealed.len() == 0 || !b.sealed.all()[0].ready() {
		return nil, wait
	}
	return b.takeSealed(), 0
}

// takeReturned gives the first returned batch whose time has come, or how long until the next one's.
func (b *batcher) takeReturned(now time.Time) (*batch, time.Duration) {
	wait := untilWoken
	for i, bt := range b.returned {
		left := bt.notBefore.Sub(now)
		if left <= 0 {
			b.returned = slices.Delete(b.returned, i, i+1)
			b.held = append(b.held, bt)
			return bt, 0
		}
		wait = min(wait, left)
	}
	return nil, wait
}

func (b *batcher) takeSealed() *batch {
	s := b.sealed.all()[0]
	bt := &batch{slab: s, records: s.cut(maxEventsPerRequest)}
	if s.taken == len(s.buf) {
		b.sealed.remove(s)
	}
	b.held = append(b.held, bt)
	return bt
}

// inFlight counts the batch's events as being in a request, or no longer.
func (b *batcher) inFlight(bt *batch, sending bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counters.inFlight = 0
	if sending && slices.Contains(b.held, bt) {
		b.counters.inFlight = countedIn(bt.records)
	}
}

func countedIn(records [][]byte) (n uint64) {
	for _, r := range records {
		if !uncounted(r) {
			n++
		}
	}
	return n
}

// settle takes the outcome of a request: fates has one entry a record, nil means all delivered. What is to be sent again stays in the batch; settle tells
// whether anything does.
func (b *batcher) settle(bt *batch, fates []fate, duplicates int) (left bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.held, bt) {
		return false // discarded meanwhile
	}
	var again [][]byte
	var delivered uint64
	for i, r := range bt.records {
		switch f := fateOf(fates, i); {
		case f.again:
			again = append(again, r)
		case f.reason != "":
			b.drop(bt.records[i:i+1], f.reason, f.err)
		default:
			delivered += b.deliver(r)
		}
	}
	b.counters.duplicates += min(uint64(max(duplicates, 0)), delivered)
	bt.slab.live -= len(bt.records) - len(again)
	bt.records = again
	if b.counters.queued == 0 {
		b.settled = broadcast(b.settled) // copies of open spans may be left, for which nobody waits
	}
	if len(again) == 0 {
		b.letGo(bt)
		b.release(bt.slab)
	}
	return len(again) > 0
}

func fateOf(fates []fate, i int) fate {
	if fates == nil {
		return fate{}
	}
	return fates[i]
}

func (b *batcher) deliver(record []byte) uint64 {
	b.counters.bytes -= int64(len(record))
	if uncounted(record) {
		return 0
	}
	b.counters.queued--
	b.counters.delivered++
	return 1
}

// giveBack puts a batch to the front of the queue, where the overflow policy may reach it again.
func (b *batcher) giveBack(bt *batch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.letGo(bt) {
		b.returned = slices.Insert(b.returned, 0, bt)
	}
}

// postpone puts what is left of a batch back for a while, so that the events behind it need not wait.
func (b *batcher) postpone(bt *batch, now time.Time, atLeast time.Duration) {
	if bt.backoff == nil {
		bt.backoff = httpx.NewBackoff()
	}
	bt.notBefore, bt.key, bt.tries = now.Add(max(bt.backoff.Next(), atLeast)), "", 1
	b.giveBack(bt)
}

// halve splits a batch of two or more records: the first half stays with the sender, the second goes to the front of the queue. It is false for a batch that
// was discarded meanwhile.
func (b *batcher) halve(bt *batch) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.held, bt) {
		return false
	}
	middle := (len(bt.records) + 1) / 2
	bt.tries = min(bt.tries, 1) // what was sent once is sent again, with all of its retries before it
	second := &batch{slab: bt.slab, records: bt.records[middle:], tries: bt.tries}
	bt.records, bt.key, bt.rekeyed = bt.records[:middle:middle], "", false
	b.returned = slices.Insert(b.returned, 0, second)
	return true
}

func (b *batcher) letGo(bt *batch) bool {
	i := slices.Index(b.held, bt)
	if i >= 0 {
		b.held = slices.Delete(b.held, i, i+1)
	}
	return i >= 0
}
