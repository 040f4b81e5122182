package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/postings"
)

const (
	// purgeBlocks is how many blocks are looked through in one step.
	purgeBlocks = 128
	// purgeShare keeps what purging takes to one part of so many of the time: it reads the whole index, for however few sessions.
	purgeShare = 20
	// purgeMost bounds the sessions of one purge.
	purgeMost = 10_000
)

// purging takes the words of sessions that are gone out of the index. That they are not found any more needs no purge: a search gives
// sessions that exist.
type purging struct {
	began    time.Time
	keys     []int64   // ascending
	last     int64     // id of the newest segment
	segments []segment // still to be looked through
	next     int64     // key of a block of the first
}

// tidyDeleted does a little of removing what the file should not hold any more; it reports whether there is more to do. The words of
// sessions that were deleted have to wait for their turn, unless now is said.
func (x *indexer) tidyDeleted(ctx context.Context, now bool) (more bool, err error) {
	if more, err := x.removeDead(ctx); more || err != nil {
		return more, err
	}
	if x.purge != nil {
		return true, x.purgeSome(ctx)
	}
	keys, err := readKeys(ctx, x.read, `SELECT session_key FROM search_todo WHERE gone = 1 ORDER BY session_key LIMIT ?`, purgeMost)
	if err != nil || len(keys) == 0 {
		return false, err
	}
	if wait := time.Until(x.noPurge); wait > 0 && !now {
		x.expect(wait)
		return false, nil
	}
	return true, x.beginPurge(ctx, keys)
}

// beginPurge also makes what others have begun stale, for it may hold words of the sessions.
func (x *indexer) beginPurge(ctx context.Context, keys []int64) error {
	x.merge = nil
	p := &purging{began: time.Now(), keys: keys}
	err := x.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		err = tx.QueryRowContext(ctx, `UPDATE search_state SET purges = purges + 1 RETURNING segment`).Scan(&p.last)
		if err == nil {
			p.segments, err = segments(ctx, tx, `base <= ? ORDER BY id`, keys[len(keys)-1])
		}
		return err
	})
	if err == nil {
		x.purge = p
	}
	return err
}

// purgeSome looks through some blocks.
func (x *indexer) purgeSome(ctx context.Context) error {
	p := x.purge
	if len(p.segments) == 0 {
		return x.endPurge(ctx)
	}
	s := &p.segments[0]
	keys, bodies, err := readBlocks(ctx, x.read, max(p.next, s.firstKey()), s.endKey(), purgeBlocks)
	if err != nil {
		return err
	}
	if err := x.rewrite(ctx, s, keys, bodies); err != nil {
		return err
	}
	if len(keys) < purgeBlocks {
		p.segments = p.segments[1:]
		return nil
	}
	p.next = keys[len(keys)-1] + 1
	return nil
}

// rewrite stores the blocks that have words of the sessions without them.
func (x *indexer) rewrite(ctx context.Context, s *segment, keys []int64, bodies [][]byte) error {
	left := make(map[int]block)
	for i := range bodies {
		first, body, err := postings.Remove(bodies[i], s.base, x.purge.keys)
		if err != nil {
			return err
		}
		if body != nil {
			left[i] = block{first, body}
		}
	}
	if len(left) == 0 {
		return nil
	}
	return x.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for i, b := range left {
			if err := b.replace(ctx, tx, s, keys[i], bodies[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// replace puts b in the place of an older body, or nothing if b is empty. The first word may have been one of those that must go.
func (b block) replace(ctx context.Context, tx *sql.Tx, s *segment, key int64, body []byte) error {
	if len(b.body) > 0 {
		res, err := tx.ExecContext(ctx, `UPDATE search_blocks SET first = ?, body = ? WHERE key = ? AND body = ?`, b.first, b.body, key, body)
		return wantRow(res, err)
	}
	res, err := tx.ExecContext(ctx, `DELETE FROM search_blocks WHERE key = ? AND body = ?`, key, body)
	if err := wantRow(res, err); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE search_segments SET blocks = blocks - 1 WHERE id = ?`, s.id)
	return err
}

// endPurge forgets the sessions, unless another process has merged what was not looked through yet: then it begins anew.
func (x *indexer) endPurge(ctx context.Context) error {
	p := x.purge
	x.purge = nil
	x.noPurge = time.Now().Add(purgeShare * time.Since(p.began))
	return x.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		merged, err := segments(ctx, tx, `id > ? AND level > 0 LIMIT 1`, p.last)
		if err != nil || len(merged) > 0 {
			return err
		}
		return deleteKeys(ctx, tx, `DELETE FROM search_todo WHERE gone = 1 AND session_key = ?`, p.keys)
	})
}

// wantRow turns a change of other than one row into errStale.
func wantRow(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	changed, err := res.RowsAffected()
	if err == nil && changed != 1 {
		err = errStale
	}
	return err
}
