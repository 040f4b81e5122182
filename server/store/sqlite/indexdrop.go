package sqlite

import (
	"context"
	"database/sql"
)

// dropIndex forgets all words, for a store that is to index nothing: it would not take those of deleted sessions out either. Whoever opens the
// file with search again reads all events anew.
func (s *Store) dropIndex(ctx context.Context) error {
	return s.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, text := range []string{
			`DELETE FROM search_blocks`,
			`DELETE FROM search_segments`,
			`DELETE FROM search_todo`,
			`DELETE FROM search_again`,
			`UPDATE search_state SET position = 0, purges = purges + 1`,
		} {
			if _, err := tx.ExecContext(ctx, text); err != nil {
				return err
			}
		}
		return nil
	})
}
