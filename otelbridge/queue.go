package otelbridge

import (
	"errors"
	"sync"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	sentrial "github.com/sentrial/sentrial-go"
)

// item is something for the bridge to do, in the order in which it was asked for.
type item struct {
	span  sdktrace.ReadOnlySpan // a span that has ended
	opens *opening              // a session that may be opened
	ends  string                // the id of a session to end
}

// tick is how long the first of several items waits for the others, so that a span that ends does not start a goroutine each time.
const tick = 25 * time.Millisecond

var (
	errShutdown  = errors.New("it was shut down and takes no more spans")
	errQueueFull = errors.New("the queue is full")
)

// queue is what waits for the bridge. Putting something into it never waits, and costs little more than the lock. No goroutine sits at the other end: a timer starts
// one when there is something to do.
type queue struct {
	limit int
	timer *time.Timer // starts the bridge's goroutine

	mu    sync.Mutex
	items []item
	spare []item // emptied, to be filled again
	soon  bool   // the timer runs out within a tick
	over  error  // why nothing is taken any more; nil = it is
}

func newQueue(limit int, work func()) *queue {
	q := &queue{limit: limit, timer: time.AfterFunc(time.Hour, work)}
	q.timer.Stop()
	return q
}

// put adds an item, or says why it does not.
func (q *queue) put(it item) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.over != nil:
		return q.over
	case len(q.items) >= q.limit:
		return errQueueFull
	}
	q.items = append(q.items, it)
	switch {
	case !q.soon:
		q.soon = true
		q.timer.Reset(tick)
	case len(q.items) == q.limit/2:
		q.timer.Reset(0)
	}
	return nil
}

// take gives all that waits. The slice is for recycle when it was seen to.
func (q *queue) take() []item {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.items
	q.items, q.spare, q.soon = q.spare[:0], nil, false
	return items
}

// maxSpare bounds what stays allocated after a busy time.
const maxSpare = 1 << 12

func (q *queue) recycle(items []item) {
	clear(items)
	q.mu.Lock()
	defer q.mu.Unlock()
	if cap(items) <= maxSpare {
		q.spare = items[:0]
	}
}

// wake has the bridge's goroutine come, unless it comes soon anyway.
func (q *queue) wake(after time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.soon {
		q.timer.Reset(max(after, 0))
	}
}

// rest lets it come no more before the next item.
func (q *queue) rest() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.soon {
		q.timer.Stop()
	}
}

// end has it take nothing more, for the reason that came first.
func (q *queue) end(why error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over == nil {
		q.over = why
	}
}

// ended tells whether nothing is taken any more.
func (q *queue) ended() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.over != nil
}

// reasonOf is the name under which what put refused is counted.
func reasonOf(err error) sentrial.DropReason {
	if errors.Is(err, errQueueFull) {
		return sentrial.DropOverflow
	}
	return sentrial.DropClosed
}
