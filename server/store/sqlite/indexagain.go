package sqlite

import (
	"context"
	"database/sql"
	"math"
)

// rereadSessions bounds how many sessions are read anew in one transaction.
const rereadSessions = 100

// again reads anew the sessions that others wrote to search_again and that still exist, and leaves those that do not to purging. What a
// session had before stays found: it is other sessions' events that came to it.
func (x *indexer) again(ctx context.Context) error {
	if err := x.takeOver(ctx); err != nil {
		return err
	}
	for {
		keys, err := readKeys(ctx, x.read, `SELECT session_key FROM search_todo WHERE gone = 0 ORDER BY session_key LIMIT ?`, rereadSessions)
		if err != nil || len(keys) == 0 {
			return err
		}
		if err := x.reread(ctx, keys); err != nil {
			return err
		}
	}
}

// takeOver empties search_again, so that what is written to it from now on is seen as new.
func (x *indexer) takeOver(ctx context.Context) error {
	var waiting bool
	if err := x.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM search_again)`).Scan(&waiting); err != nil || !waiting {
		return err
	}
	return x.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO search_todo (session_key, gone)
SELECT a.session_key, NOT EXISTS (SELECT 1 FROM sessions s WHERE s.key = a.session_key) FROM search_again a`)
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM search_again`)
		}
		return err
	})
}

// reread indexes all events of the first sessions of keys, as many as make a segment.
func (x *indexer) reread(ctx context.Context, keys []int64) error {
	texts := newTextReader(x, math.MaxInt) // a session's words are few, however often it says them
	var state indexState
	done := 0
	err := snapshot(ctx, x.read, func(tx *sql.Tx) (err error) {
		if state, _, err = readState(ctx, tx); err != nil {
			return err
		}
		for ; done < len(keys) && texts.builder.Len() < maxRound; done++ {
			if err := readSessionTexts(ctx, tx, texts, keys[done]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return x.write(ctx, state, state.position, texts.builder, func(ctx context.Context, tx *sql.Tx) error {
		return deleteKeys(ctx, tx, `DELETE FROM search_todo WHERE gone = 0 AND session_key = ?`, keys[:done])
	})
}

func readSessionTexts(ctx context.Context, tx *sql.Tx, texts *textReader, key int64) error {
	rows, err := tx.QueryContext(ctx, selectTexts+` WHERE e.session_key = ?`, key)
	if err != nil {
		return err
	}
	_, err = texts.read(rows)
	return err
}

func readKeys(ctx context.Context, db querier, query string, args ...any) ([]int64, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var keys []int64
	for rows.Next() {
		var key int64
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}

func deleteKeys(ctx context.Context, tx *sql.Tx, query string, keys []int64) error {
	for _, key := range keys {
		if _, err := tx.ExecContext(ctx, query, key); err != nil {
			return err
		}
	}
	return nil
}
