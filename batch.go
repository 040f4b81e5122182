package sentrial

import (
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
	tries   int    // requests so far
	rekeyed bool   // got a second key after a conflict
	renewed bool   // was sent again with a new token
	stale   bool   // was sent again on another connection
	flying  uint64 // events counted as in flight
	load    load   // as of the last request
	trial          // after replies of 500

	notBefore time.Time      // the batch waits by itself: the server asked for it again, or the trouble was its own
	backoff   *httpx.Backoff // of such a batch
}

// fate is what became of one record of a batch. The zero value is delivered.
type fate struct {
	again  bool       // send it again
	reason DropReason // or it is lost, for this reason
	err    error      // what the server said of it
}

// load is what records are in the counters. It is known when a request begins, so that settling needs not look at each record again: by then they are in no cache.
type load struct {
	records int
	counted uint64
	bytes   int64
}

func loadOf(records [][]byte) load {
	l := load{records: len(records), counted: countedIn(records)}
	for _, r := range records {
		l.bytes += int64(len(r))
	}
	return l
}

const untilWoken = time.Duration(math.MaxInt64)

// take gives the oldest batch that may be sent, or how long until the active slab is of age. acked is the latest request that was acknowledged: batches that
// stepped aside for that are in the row again.
func (b *batcher) take(now time.Time, acked uint64) (*batch, time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	bt, wait := b.takeReturned(now, func(bt *batch) bool { return !bt.yields(acked) })
	if bt != nil {
		return bt, 0
	}
	waiting := slices.ContainsFunc(b.returned, func(bt *batch) bool { return bt.yields(acked) })
	if active := b.active.Load(); b.sealed.len() == 0 && active != nil {
		age := b.interval - now.Sub(active.begun)
		if active.due || age <= 0 || waiting {
			b.seal() // if it is not ready yet, its last writer wakes the sender
		} else {
			wait = min(wait, age)
		}
	}
	switch {
	case b.sealed.len() == 0:
		bt, _ = b.takeReturned(now, func(*batch) bool { return true })
		return bt, wait
	case !b.sealed.all()[0].ready():
		return nil, wait
	}
	return b.takeSealed(), 0
}

// takeReturned gives the first of the chosen returned batches whose time has come, or how long until the next one's.
func (b *batcher) takeReturned(now time.Time, chosen func(*batch) bool) (*batch, time.Duration) {
	wait := untilWoken
	for i, bt := range b.returned {
		left := bt.notBefore.Sub(now)
		if left > 0 {
			wait = min(wait, left)
		} else if chosen(bt) {
			b.returned = slices.Delete(b.returned, i, i+1)
			b.held = append(b.held, bt)
			return bt, 0
		}
	}
	return nil, wait
}

// yields tells whether others go before bt.
func (bt *batch) yields(acked uint64) bool { return bt.aside && acked <= bt.since }

// others tells whether the queue holds events beside bt, and whether among them are fresh ones: such as may be sent and are under no suspicion.
func (b *batcher) others(bt *batch) (fresh, company bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	isFresh := func(other *batch) bool { return other != bt && !other.aside && !other.notBefore.After(now) }
	fresh = b.active.Load() != nil || b.sealed.len() > 0 || slices.ContainsFunc(b.returned, isFresh) || slices.ContainsFunc(b.held, isFresh)
	return fresh, fresh || len(b.returned)+len(b.held) > 1
}

func (b *batcher) takeSealed() *batch {
	s := b.sealed.all()[0]
	bt := &batch{slab: s, records: s.cut(maxEventsPerRequest)}
	if s.isTaken() {
		b.sealed.remove(s)
	}
	b.held = append(b.held, bt)
	return bt
}

// inFlight counts the batch's events as being in a request, or no longer.
func (b *batcher) inFlight(bt *batch, sending bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counters.inFlight -= bt.flying
	bt.flying = 0
	if sending && slices.Contains(b.held, bt) {
		bt.load = loadOf(bt.records)
		bt.flying = bt.load.counted
		b.counters.inFlight += bt.flying
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
	if fates == nil && bt.slab.segment == nil && bt.load.records == len(bt.records) {
		b.counters.duplicates += min(uint64(max(duplicates, 0)), b.deliverAll(bt))
		b.done(bt)
		return false
	}
	var again [][]byte
	var delivered uint64
	for i, r := range bt.records {
		switch f := fateOf(fates, i); {
		case f.again:
			again = append(again, r)
		case f.reason != "":
			b.drop(bt.slab, bt.records[i:i+1], f.reason, f.err)
		default:
			delivered += b.deliver(bt.slab, r)
		}
	}
	b.counters.duplicates += min(uint64(max(duplicates, 0)), delivered)
	bt.slab.live -= len(bt.records) - len(again)
	bt.records = again
	if len(again) == 0 {
		b.done(bt)
	} else if b.queued() == 0 {
		b.settled = broadcast(b.settled) // copies of open spans may be left, for which nobody waits
	}
	return len(again) > 0
}

// deliverAll is deliver for a whole batch as it was sent.
func (b *batcher) deliverAll(bt *batch) (delivered uint64) {
	b.counters.bytes -= bt.load.bytes
	b.counters.queued -= bt.load.counted
	b.counters.delivered += bt.load.counted
	bt.slab.counted -= int(bt.load.counted)
	bt.slab.live -= len(bt.records)
	bt.records = nil
	return bt.load.counted
}

// done lets go of a batch of which nothing is left.
func (b *batcher) done(bt *batch) {
	if b.queued() == 0 {
		b.settled = broadcast(b.settled)
	}
	b.letGo(bt)
	b.release(bt.slab)
}

func fateOf(fates []fate, i int) fate {
	if fates == nil {
		return fate{}
	}
	return fates[i]
}

func (b *batcher) deliver(s *slab, record []byte) uint64 {
	s.settled(record)
	b.counters.bytes -= int64(s.room(len(record)))
	if uncounted(record) {
		return 0
	}
	b.counters.queued--
	s.counted--
	b.counters.delivered++
	return 1
}

// giveBack puts a batch to the front of the queue, where the overflow policy may reach it again. Those that stepped aside take turns.
func (b *batcher) giveBack(bt *batch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch held := b.letGo(bt); {
	case held && bt.aside:
		b.returned = append(b.returned, bt)
	case held:
		b.returned = slices.Insert(b.returned, 0, bt)
	}
}

// postpone puts a batch back for a while, so that the events behind it need not wait.
func (b *batcher) postpone(bt *batch, now time.Time, atLeast time.Duration) {
	if bt.backoff == nil {
		bt.backoff = httpx.NewBackoff()
	}
	bt.notBefore = now.Add(max(bt.backoff.Next(), atLeast))
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
	second := &batch{slab: bt.slab, records: bt.records[middle:], tries: bt.tries, trial: bt.trial}
	bt.records, bt.key, bt.rekeyed = bt.records[:middle:middle], "", false
	b.returned = slices.Insert(b.returned, 0, second)
	return true
}

// scatter makes a batch of each record, for a wire that takes one at a time.
func (b *batcher) scatter(bt *batch) []*batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.Index(b.held, bt)
	switch {
	case i < 0: // discarded meanwhile
		return nil
	case len(bt.records) == 1:
		return []*batch{bt}
	}
	singles := make([]*batch, len(bt.records))
	for i := range bt.records {
		singles[i] = &batch{slab: bt.slab, records: bt.records[i : i+1 : i+1]}
	}
	b.held = slices.Replace(b.held, i, i+1, singles...)
	return singles
}

// gather joins what was scattered and came back.
func (b *batcher) gather() {
	b.mu.Lock()
	defer b.mu.Unlock()
	var joined []*batch
	open := make(map[*slab]*batch)
	for _, bt := range b.returned {
		into := open[bt.slab]
		switch {
		case bt.key != "" || bt.suspect || !bt.notBefore.IsZero():
			joined = append(joined, bt)
		case into == nil || len(into.records)+len(bt.records) > maxEventsPerRequest:
			into = &batch{slab: bt.slab, records: slices.Clip(bt.records)}
			open[bt.slab] = into
			joined = append(joined, into)
		default:
			into.records = append(into.records, bt.records...)
		}
	}
	b.returned = joined
}

func (b *batcher) letGo(bt *batch) bool {
	i := slices.Index(b.held, bt)
	if i >= 0 {
		b.held = slices.Delete(b.held, i, i+1)
	}
	return i >= 0
}
