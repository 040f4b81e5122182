package sqlite

import (
	"context"
	"database/sql"
)

// Complete has fn called at the end of the step to a version, in its transaction, until restore is called.
func Complete(version int, fn func(ctx context.Context, tx *sql.Tx) error) (restore func()) {
	before := completions[version]
	completions[version] = func(ctx context.Context, tx *sql.Tx) error {
		if before != nil {
			if err := before(ctx, tx); err != nil {
				return err
			}
		}
		return fn(ctx, tx)
	}
	return func() { completions[version] = before }
}
