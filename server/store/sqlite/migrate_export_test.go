package sqlite

import (
	"context"
	"database/sql"
)

// Fill has fn called after the SQL of the step to a version, in its transaction, until restore is called.
func Fill(version int, fn func(ctx context.Context, tx *sql.Tx) error) (restore func()) {
	before := fills[version]
	fills[version] = fn
	return func() { fills[version] = before }
}
