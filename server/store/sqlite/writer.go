package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// writer owns the one connection that writes. Whoever holds the token of turn may use it.
type writer struct {
	db      *sql.DB
	turn    chan struct{} // holds one token while nobody writes
	stmt    statements
	payload *payloadCodec
	queue   ingestQueue
	marks   knownMarks

	commits    atomic.Int64
	lastCommit atomic.Int64 // nanoseconds
}

// errClosed is what Ingest returns after Close.
var errClosed = errors.New("store is closed")

func openWriter(ctx context.Context, file string, cfg config, codec *payloadCodec) (*writer, error) {
	if err := createPrivate(file); err != nil {
		return nil, err
	}
	if h, err := readHeader(file); err != nil {
		return nil, err
	} else if err := h.check(); err != nil {
		return nil, err
	}
	sync := "synchronous(NORMAL)"
	if cfg.fullSync {
		sync = "synchronous(FULL)"
	}
	db, err := sql.Open("sqlite", dsn(file, "mode=rw", append([]string{sync}, writerPragmas...)...))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	w := &writer{db: db, turn: make(chan struct{}, 1), payload: codec, queue: ingestQueue{limit: cfg.queueBytes}}
	if err := w.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	w.turn <- struct{}{}
	return w, nil
}

func (w *writer) prepare(ctx context.Context) error {
	if err := patiently(ctx, func() error { return migrate(ctx, w.db) }); err != nil {
		return err
	}
	return w.stmt.prepare(ctx, w.db)
}

// createPrivate makes a missing file readable by its owner only: it will hold prompts. SQLite gives its log the same mode.
func createPrivate(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// transact runs fn alone in a transaction. Only the wait for its turn ends with ctx: what has begun is carried through.
func (w *writer) transact(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	if err := w.await(ctx); err != nil {
		return err
	}
	defer func() { w.turn <- struct{}{} }()
	return w.inTransaction(context.WithoutCancel(ctx), fn)
}

// inTransaction runs fn in a transaction; the caller has the turn.
func (w *writer) inTransaction(ctx context.Context, fn func(ctx context.Context, tx *sql.Tx) error) error {
	began := time.Now()
	tx, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := fn(ctx, tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	w.commits.Add(1)
	w.lastCommit.Store(int64(time.Since(began)))
	return nil
}

// await takes the turn, unless ctx ends before.
func (w *writer) await(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case _, open := <-w.turn:
		if !open {
			return errClosed
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) close() error {
	if _, open := <-w.turn; !open {
		return nil
	}
	close(w.turn)
	_, err := w.db.ExecContext(context.Background(), `PRAGMA optimize`)
	return errors.Join(err, w.db.Close())
}
