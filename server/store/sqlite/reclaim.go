package sqlite

import (
	"context"
	"database/sql"
	"strconv"
)

const (
	reclaimedPages  = 256 // that go back to the disk while others wait
	checkpointTries = 10
	// checkpointWait is how long, in milliseconds, a checkpoint waits for readers while others wait for it.
	checkpointWait = 100
)

// alone runs fn on the writer's connection, outside of a transaction.
func (w *writer) alone(ctx context.Context, fn func(ctx context.Context, db *sql.DB) error) error {
	if err := w.await(ctx); err != nil {
		return err
	}
	defer func() { w.turn <- struct{}{} }()
	return fn(context.WithoutCancel(ctx), w.db)
}

// reclaim makes the file as small as what is left in it, some pages at a time.
func (s *Store) reclaim(ctx context.Context) error {
	for more := true; more; {
		err := s.writer.alone(ctx, func(ctx context.Context, db *sql.DB) (err error) {
			more, err = giveBack(ctx, db)
			return err
		})
		if err != nil {
			return err
		}
	}
	_, err := s.checkpoint(ctx)
	return err
}

// giveBack reports whether it makes sense to go on: a file that was not made by this program may not be able to shrink.
func giveBack(ctx context.Context, db *sql.DB) (more bool, err error) {
	before, err := freePages(ctx, db)
	if err != nil || before == 0 {
		return false, err
	}
	if err := vacuum(ctx, db); err != nil {
		return false, err
	}
	after, err := freePages(ctx, db)
	return 0 < after && after < before, err
}

func freePages(ctx context.Context, db *sql.DB) (n int, err error) {
	err = db.QueryRowContext(ctx, `PRAGMA freelist_count`).Scan(&n)
	return n, err
}

func vacuum(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `PRAGMA incremental_vacuum(`+strconv.Itoa(reclaimedPages)+`)`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() { // a page each
	}
	return rows.Err()
}

// checkpoint moves the log into the file and empties it: what was deleted can be read in the log until then. A reader that goes on for long
// makes it give up; then the log is emptied the next time, or when the store is closed.
func (s *Store) checkpoint(ctx context.Context) (done bool, err error) {
	busy := true
	for try := 0; busy && try < checkpointTries; try++ {
		err = s.writer.alone(ctx, func(ctx context.Context, db *sql.DB) (err error) {
			busy, err = emptyLog(ctx, db)
			return err
		})
		if err != nil {
			return false, err
		}
	}
	return !busy, nil
}

func emptyLog(ctx context.Context, db *sql.DB) (busy bool, err error) {
	var pages, moved int
	if _, err := db.ExecContext(ctx, `PRAGMA busy_timeout = `+strconv.Itoa(checkpointWait)); err != nil {
		return false, err
	}
	defer func() { _, _ = db.ExecContext(ctx, `PRAGMA `+busyTimeout) }()
	err = db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
	return busy, err
}
