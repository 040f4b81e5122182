package sqlite

import (
	"context"
	"database/sql"
)

// droppedBlocks is how many blocks one transaction removes.
const droppedBlocks = 256

// dropIndex forgets all words, for a store that is to index nothing: it would not take those of deleted sessions out either. Whoever opens the
// file with search again reads all events anew.
func (s *Store) dropIndex(ctx context.Context) error {
	var left bool
	err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM search_blocks) OR EXISTS (SELECT 1 FROM search_state WHERE position > 0)`).Scan(&left)
	if err != nil || !left {
		return err
	}
	if err := s.writer.transact(ctx, forgetSegments); err != nil {
		return err
	}
	for more := true; more; {
		err := s.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
			more, err = dropBlocks(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetSegments leaves blocks that belong to nothing.
func forgetSegments(ctx context.Context, tx *sql.Tx) error {
	for _, text := range []string{
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
}

func dropBlocks(ctx context.Context, tx *sql.Tx) (more bool, err error) {
	res, err := tx.ExecContext(ctx, `DELETE FROM search_blocks WHERE key IN (SELECT key FROM search_blocks LIMIT ?)`, droppedBlocks)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}
