package sqlite

import (
	"context"
	"errors"
	"time"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

const (
	patience = 5 * time.Second // as long as a connection waits by itself
	pause    = 10 * time.Millisecond
)

// patiently runs fn again while another process is in its way: SQLite does not wait for the lock that setting a file up takes.
func patiently(ctx context.Context, fn func() error) error {
	deadline, again := time.After(patience), time.NewTicker(pause)
	defer again.Stop()
	for {
		err := fn()
		if !isBusy(err) {
			return err
		}
		select {
		case <-again.C:
		case <-deadline:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func isBusy(err error) bool {
	var e *driver.Error
	return errors.As(err, &e) && e.Code()&0xff == lib.SQLITE_BUSY
}
