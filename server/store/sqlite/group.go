package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/sentrial/sentrial-go/server/store"
)

// Batches that wait at the same time are committed together: whoever gets the writer's turn stores all that wait. Should one of them fail,
// each is stored by itself, so that what is wrong with one costs that one only. (Savepoints would do that too, for a tenth more CPU: SQLite
// copies each page before it changes under one.)

// maxGroup bounds, in bytes of events, what one transaction takes: those who come behind it wait for all of it.
const maxGroup = 8 << 20

// ingest stores p, alone or with others. When ctx ends before its turn has come nothing of p is stored.
func (w *writer) ingest(ctx context.Context, p *pendingBatch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.queue.reserve(p.size); err != nil {
		return err
	}
	p.pack(w.payload)
	w.queue.put(p)
	for {
		select {
		case <-p.done:
			return p.err
		case _, open := <-w.turn:
			if !open {
				return w.giveUp(p, errClosed)
			}
			w.storeWaiting(context.WithoutCancel(ctx))
		case <-ctx.Done():
			return w.giveUp(p, ctx.Err())
		}
	}
}

// giveUp fails with err, unless p is being stored or has been.
func (w *writer) giveUp(p *pendingBatch, err error) error {
	if w.queue.remove(p) {
		return err
	}
	<-p.done
	return p.err
}

// errAborted is told to the owners of batches when storing them panicked.
var errAborted = errors.New("storing was aborted")

// storeWaiting commits the batches that have waited longest, tells their owners and gives the turn back.
func (w *writer) storeWaiting(ctx context.Context) {
	defer func() { w.turn <- struct{}{} }()
	group := w.queue.take(maxGroup)
	if len(group) == 0 {
		return
	}
	for _, p := range group {
		p.err = errAborted
	}
	defer func() {
		w.queue.release(group)
		for _, p := range group {
			p.finish()
		}
	}()
	err := w.commit(ctx, group...)
	if err == nil || len(group) == 1 || isBusy(err) { // another process has the file: it would keep each of them waiting
		return
	}
	for _, p := range group {
		_ = w.commit(ctx, p) // p keeps its error
	}
}

// commit stores a group in one transaction, all of it or nothing, and leaves the outcome in each of the group.
func (w *writer) commit(ctx context.Context, group ...*pendingBatch) error {
	err := w.inTransaction(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var sums rollups // batches of a moment count in the same hours: their rows are written once
		for _, p := range group {
			if err := w.storeOne(ctx, tx, p, &sums); err != nil {
				return err
			}
		}
		return sums.write(ctx, w.stmt.rollups(ctx, tx))
	})
	for _, p := range group {
		switch {
		case err != nil:
			p.err = err
		case p.conflict:
			p.err = store.ErrConflict
		default:
			p.err = nil
			w.marks.add(p.marked)
		}
	}
	return err
}

// storeOne fails when the transaction cannot go on.
func (w *writer) storeOne(ctx context.Context, tx *sql.Tx, p *pendingBatch, sums *rollups) error {
	p.receipt, p.conflict = store.Receipt{Outcomes: p.receipt.Outcomes[:0]}, false
	in := &ingestion{
		ctx: ctx, tx: tx, stmt: &w.stmt, payload: w.payload, batch: p.batch, byID: make(map[string]*sessionRow), known: &w.marks,
		sums: sums,
	}
	err := in.run(p.bodies, &p.receipt)
	p.marked = in.marked
	if errors.Is(err, store.ErrConflict) { // nothing was written yet
		p.conflict = true
		return nil
	}
	return err
}

// pendingBatch is a batch that waits to be stored, its payloads packed.
type pendingBatch struct {
	batch  *store.Batch
	bodies []body
	size   int64

	receipt  store.Receipt // with err, valid once done is closed
	conflict bool
	marked   map[mark]struct{}
	err      error
	done     chan struct{}
}

// eventOverhead is what an event takes in memory beside its text, about.
const eventOverhead = 512

func newPendingBatch(batch *store.Batch) *pendingBatch {
	p := &pendingBatch{batch: batch, done: make(chan struct{})}
	for i := range batch.Events {
		p.size += int64(len(batch.Events[i].Raw)) + eventOverhead
	}
	return p
}

// pack compresses the payloads.
func (p *pendingBatch) pack(codec *payloadCodec) {
	p.receipt.Outcomes = make([]store.Outcome, 0, len(p.batch.Events))
	p.bodies = make([]body, len(p.batch.Events))
	for i := range p.batch.Events {
		p.bodies[i] = codec.pack(p.batch.Events[i].Raw)
	}
}

// finish tells p's owner what became of it.
func (p *pendingBatch) finish() {
	if p.err != nil {
		p.receipt = store.Receipt{}
	}
	close(p.done)
}
