package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/words"
)

// Events are indexed by one goroutine after they were committed. It reads them by position, so that whatever a crash leaves unread is read
// when the store is opened again, and writes a segment of the index for as many as have come. Segments are merged when there are many. All
// of its writing is in transactions of a few milliseconds, between those that store events.

const (
	// gatherTime is what the indexer waits for more events, unless somebody searches: fewer and larger segments cost less.
	gatherTime = 500 * time.Millisecond
	// indexRetry is the pause after a failure.
	indexRetry = time.Second
)

// errStale says that another process changed the index meanwhile: what was begun must be begun anew.
var errStale = errors.New("the index was changed by another process")

// indexer is the goroutine and what it knows. A nil *indexer indexes nothing.
type indexer struct {
	read    *sql.DB
	writer  *writer
	payload *payloadCodec

	woken    chan struct{} // holds one token when events were stored
	requests chan indexRequest
	stop     context.CancelFunc
	done     chan struct{}

	words   words.Reader
	gather  *time.Timer
	waiting bool // for gather
	tending bool // there is more to tidy up
	merge   *merging
	purge   *purging
	noPurge time.Time // before that

	failures atomic.Int64 // steps that went wrong
}

// indexRequest asks for everything stored so far to be indexed at once.
type indexRequest struct {
	purged bool // what was deleted must be gone too
	done   chan error
}

func (s *Store) startIndexer() {
	if s.noIndex {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s.index = &indexer{
		read: s.read, writer: s.writer, payload: s.payload, stop: stop, gather: time.NewTimer(0), waiting: true,
		woken: make(chan struct{}, 1), requests: make(chan indexRequest), done: make(chan struct{}),
	}
	go s.index.run(ctx)
}

// wake says that something was committed.
func (x *indexer) wake() {
	if x == nil {
		return
	}
	select {
	case x.woken <- struct{}{}:
	default:
	}
}

// close ends the goroutine. What is not indexed will be when the store is opened again.
func (x *indexer) close() {
	if x != nil {
		x.stop()
		<-x.done
	}
}

// await returns when the goroutine has indexed everything stored before.
func (x *indexer) await(ctx context.Context, purged bool) error {
	r := indexRequest{purged, make(chan error, 1)}
	select {
	case x.requests <- r:
	case <-x.done:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (x *indexer) run(ctx context.Context) {
	defer close(x.done)
	defer x.gather.Stop()
	always := make(chan struct{})
	close(always)
	for ctx.Err() == nil {
		var spare chan struct{}
		if x.tending {
			spare = always
		}
		select {
		case <-ctx.Done():
		case <-x.woken:
			x.expect(gatherTime)
		case <-x.gather.C:
			x.waiting = false
			x.retry(x.catchUp(ctx))
		case r := <-x.requests:
			r.done <- x.answer(ctx, r.purged)
		case <-spare:
			x.retry(x.tend(ctx))
		}
	}
}

// expect sees to it that the events are looked at after a while.
func (x *indexer) expect(after time.Duration) {
	if !x.waiting {
		x.gather.Reset(after)
		x.waiting = true
	}
}

// retry comes back later when something failed, at once when that was because another process was quicker.
func (x *indexer) retry(err error) {
	switch {
	case errors.Is(err, errStale):
		x.expect(0)
	case err != nil:
		x.failures.Add(1)
		x.tending = false
		x.expect(indexRetry)
	}
}

func (x *indexer) answer(ctx context.Context, purged bool) error {
	err := x.catchUp(ctx)
	for more := purged; more && err == nil; {
		more, err = x.persist(func() (bool, error) { return x.tidyDeleted(ctx, true) })
	}
	if err != nil && ctx.Err() != nil {
		return errClosed
	}
	x.retry(err)
	return err
}

// persist does a step until no other process is quicker. It ends, because then the other one has done something.
func (x *indexer) persist(step func() (more bool, err error)) (more bool, err error) {
	for {
		if more, err = step(); !errors.Is(err, errStale) {
			return more, err
		}
	}
}

// catchUp indexes everything that was committed before.
func (x *indexer) catchUp(ctx context.Context) error {
	x.tending = true
	target, err := x.lastEvent(ctx)
	for more := true; more && err == nil; {
		more, err = x.persist(func() (bool, error) {
			at, err := x.round(ctx)
			return at < target, err
		})
	}
	if err == nil {
		_, err = x.persist(func() (bool, error) { return false, x.again(ctx) })
	}
	return err
}

func (x *indexer) lastEvent(ctx context.Context) (position int64, err error) {
	err = x.read.QueryRowContext(ctx, `SELECT coalesce(max(position), 0) FROM events`).Scan(&position)
	return position, err
}

// tend does a little of what keeps the index small and clean, and notes whether there is more to do.
func (x *indexer) tend(ctx context.Context) (err error) {
	if x.tending, err = x.tidyDeleted(ctx, false); err != nil || x.tending {
		return err
	}
	x.tending, err = x.mergeSome(ctx)
	return err
}
