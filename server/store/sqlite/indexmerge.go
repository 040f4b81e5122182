package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/postings"
)

const (
	// mergeWidth is how many segments of a level make one of the next. A search looks into fewer of them the smaller it is, and each word is
	// written more often.
	mergeWidth = 8
	// mergeBlocks is how many blocks are written in one step.
	mergeBlocks = 64
	// mergeTime bounds a step that has not as many to write.
	mergeTime = 20 * time.Millisecond
	// deadBlocks is how many blocks of segments that were merged are removed in one step.
	deadBlocks = 256
)

// merging joins segments into one, a step at a time. The new one is not live before it is whole.
type merging struct {
	segment
	state  indexState
	inputs []segment
	merger *postings.Merger
	ready  []block // to be written
}

// mergeSome does a step of merging, and reports whether there is more to do.
func (x *indexer) mergeSome(ctx context.Context) (more bool, err error) {
	if x.merge == nil {
		if more, err = x.beginMerge(ctx); !more || err != nil {
			return false, err
		}
	}
	if err := x.mergeStep(ctx); err != nil {
		x.merge = nil // what it wrote is not live, and removed
		return false, err
	}
	return true, nil
}

// mergeable returns the oldest segments of the lowest level that has enough of them.
func (x *indexer) mergeable(ctx context.Context) ([]segment, error) {
	return segments(ctx, x.read, `live = 1 AND level = (SELECT min(level) FROM (
    SELECT level FROM search_segments WHERE live = 1 GROUP BY level HAVING count(*) >= ?)) ORDER BY id LIMIT ?`, mergeWidth, mergeWidth)
}

func (x *indexer) beginMerge(ctx context.Context) (begun bool, err error) {
	inputs, err := x.mergeable(ctx)
	if err != nil || len(inputs) == 0 {
		return false, err
	}
	m := &merging{inputs: inputs, segment: segment{level: inputs[0].level + 1, base: inputs[0].base}}
	for i := range inputs {
		m.base = min(m.base, inputs[i].base)
	}
	err = x.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `UPDATE search_state SET segment = segment + 1 RETURNING segment, purges`).Scan(&m.id, &m.state.purges)
		if err != nil {
			return err
		}
		return insertSegment(ctx, tx, m.segment, nil)
	})
	if err != nil {
		return false, err
	}
	out := postings.NewWriter(m.base, func(first, body []byte) error {
		m.ready = append(m.ready, block{first, body})
		return nil
	})
	if m.merger, err = postings.Merge(out, x.runs(ctx, inputs)...); err != nil {
		return false, err
	}
	x.merge = m
	return true, nil
}

// runs reads segments without a transaction: their blocks only change when sessions are purged, which ends the merge.
func (x *indexer) runs(ctx context.Context, inputs []segment) (runs []*postings.Run) {
	for i := range inputs {
		runs = append(runs, postings.NewRun(inputs[i].base, x.blocksOf(ctx, inputs[i])))
	}
	return runs
}

// blocksOf returns a function that brings the blocks of s one by one, reading several at once.
func (x *indexer) blocksOf(ctx context.Context, s segment) func() ([]byte, error) {
	var keys []int64
	var ahead [][]byte
	read, next := 0, s.firstKey()
	return func() (body []byte, err error) {
		if read == s.blocks {
			return nil, nil
		}
		if len(ahead) == 0 {
			if keys, ahead, err = readBlocks(ctx, x.read, next, s.endKey(), mergeBlocks/mergeWidth); err != nil {
				return nil, err
			}
		}
		if len(ahead) == 0 {
			return nil, errStale
		}
		read++
		body, ahead = ahead[0], ahead[1:]
		next, keys = keys[0]+1, keys[1:]
		return body, nil
	}
}

// mergeStep merges until there is something worth writing, and writes it.
func (x *indexer) mergeStep(ctx context.Context) error {
	m := x.merge
	more := true
	for began := time.Now(); more && len(m.ready) < mergeBlocks && time.Since(began) < mergeTime; {
		var err error
		if more, err = m.merger.Step(); err != nil {
			return err
		}
	}
	if more && len(m.ready) < mergeBlocks {
		return ctx.Err()
	}
	err := x.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := m.append(ctx, tx); err != nil || more {
			return err
		}
		return m.finish(ctx, tx)
	})
	if err == nil && !more {
		x.merge = nil
	}
	return err
}

// append writes what is ready. Another process takes a segment that is not live for one that was left behind, and removes it.
func (m *merging) append(ctx context.Context, tx *sql.Tx) error {
	res, err := tx.ExecContext(ctx, `UPDATE search_segments SET blocks = ? WHERE id = ? AND live = 0`, m.blocks+len(m.ready), m.id)
	if err := wantRow(res, err); err != nil {
		return err
	}
	if err := insertBlocks(ctx, tx, &m.segment, m.blocks, m.ready); err != nil {
		return err
	}
	m.blocks, m.ready = m.blocks+len(m.ready), m.ready[:0]
	return nil
}

// finish puts the segment in the place of those it was made of.
func (m *merging) finish(ctx context.Context, tx *sql.Tx) error {
	res, err := tx.ExecContext(ctx, `UPDATE search_segments SET live = 1 WHERE id = ? AND (SELECT purges FROM search_state) = ?`, m.id, m.state.purges)
	if err := wantRow(res, err); err != nil {
		return err
	}
	for i := range m.inputs {
		res, err := tx.ExecContext(ctx, `UPDATE search_segments SET live = 0 WHERE live = 1 AND id = ?`, m.inputs[i].id)
		if err := wantRow(res, err); err != nil {
			return err
		}
	}
	return nil
}

// removeDead removes some blocks of a segment that is not live, and reports whether there was one.
func (x *indexer) removeDead(ctx context.Context) (more bool, err error) {
	own := int64(0)
	if x.merge != nil {
		own = x.merge.id
	}
	dead, err := segments(ctx, x.read, `live <> 1 AND id <> ? LIMIT 1`, own)
	if err != nil || len(dead) == 0 {
		return false, err
	}
	return true, x.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error { return removeSome(ctx, tx, &dead[0]) })
}

// removeSome removes blocks of s, and s when that were the last. Another process may have been writing s: it must not go on with it.
func removeSome(ctx context.Context, tx *sql.Tx, s *segment) error {
	res, err := tx.ExecContext(ctx, `UPDATE search_segments SET live = -1 WHERE id = ? AND live <> 1`, s.id)
	if err := wantRow(res, err); err != nil {
		return err
	}
	res, err = tx.ExecContext(ctx, `DELETE FROM search_blocks WHERE key IN (SELECT key FROM search_blocks WHERE key >= ? AND key < ? LIMIT ?)`,
		s.firstKey(), s.endKey(), deadBlocks)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == deadBlocks {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM search_segments WHERE id = ?`, s.id)
	return err
}
