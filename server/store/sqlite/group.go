package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/sentrial/sentrial-go/server/store"
)

// Batches that wait at the same time are committed together: whoever gets the writer's turn stores all that wait, each under a savepoint of
// its own, so that what is wrong with one costs that one only.

// maxGroup bounds, in bytes of events, what one transaction takes: those who come behind it wait for all of it.
const maxGroup = 8 << 20

// ingest stores p, alone or with others. When ctx ends before its turn has come nothing of p is stored.
func (w *writer) ingest(ctx context.Context, p *pendingBatch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.queue.put(p); err != nil {
		return err
	}
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
	err := errAborted
	defer func() {
		w.queue.release(group)
		for _, p := range group {
			p.finish(err)
		}
	}()
	err = w.commitGroup(ctx, group)
}

func (w *writer) commitGroup(ctx context.Context, group []*pendingBatch) error {
	return w.inTransaction(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, p := range group {
			if err := w.storeOne(ctx, tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// storeOne fails only when the transaction cannot go on.
func (w *writer) storeOne(ctx context.Context, tx *sql.Tx, p *pendingBatch) error {
	if _, err := tx.ExecContext(ctx, `SAVEPOINT batch`); err != nil {
		return err
	}
	in := &ingestion{ctx: ctx, tx: tx, stmt: &w.stmt, payload: w.payload, batch: p.batch, byID: make(map[string]*sessionRow)}
	p.err = in.run(p.bodies, &p.receipt)
	if p.err != nil {
		if _, err := tx.ExecContext(ctx, `ROLLBACK TO batch`); err != nil {
			return errors.Join(p.err, fmt.Errorf("roll back a batch: %w", err))
		}
	}
	_, err := tx.ExecContext(ctx, `RELEASE batch`)
	return err
}

// pendingBatch is a batch that waits to be stored, its payloads packed.
type pendingBatch struct {
	batch  *store.Batch
	bodies []body
	size   int64

	receipt store.Receipt // with err, valid once done is closed
	err     error
	done    chan struct{}
}

func newPendingBatch(batch *store.Batch, codec *payloadCodec) *pendingBatch {
	p := &pendingBatch{batch: batch, bodies: make([]body, len(batch.Events)), done: make(chan struct{})}
	p.receipt.Outcomes = make([]store.Outcome, 0, len(batch.Events))
	for i := range batch.Events {
		p.bodies[i] = codec.pack(batch.Events[i].Raw)
		p.size += int64(len(batch.Events[i].Raw))
	}
	return p
}

// finish tells p's owner what became of it, given how its transaction ended.
func (p *pendingBatch) finish(err error) {
	if err != nil {
		p.err = err
	}
	if p.err != nil {
		p.receipt = store.Receipt{}
	}
	close(p.done)
}
