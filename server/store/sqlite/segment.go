package sqlite

import (
	"context"
	"database/sql"

	"github.com/sentrial/sentrial-go/server/internal/postings"
)

// segment is a run of the index: its row in search_segments.
type segment struct {
	id     int64
	level  int
	live   int // 1 once it is whole, 0 while it is written or when it has been merged, -1 while it is removed
	base   int64
	blocks int
}

// segmentBits is how many bits of a block's key count the blocks of its segment.
const segmentBits = 24

// firstKey is where the keys of the segment's blocks begin; those of the next one's follow.
func (s *segment) firstKey() int64 { return s.id << segmentBits }

func (s *segment) endKey() int64 { return (s.id + 1) << segmentBits }

// block is a part of a run as it is stored.
type block struct{ first, body []byte }

// blocksOf cuts what b gathered into blocks.
func blocksOf(b *postings.Builder) (blocks []block, err error) {
	err = b.Write(postings.NewWriter(b.Base(), func(first, body []byte) error {
		blocks = append(blocks, block{first, body})
		return nil
	}))
	return blocks, err
}

func insertSegment(ctx context.Context, tx *sql.Tx, s segment, blocks []block) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO search_segments (id, level, live, base, blocks) VALUES (?, ?, ?, ?, ?)`, s.id, s.level, s.live, s.base, s.blocks)
	if err != nil {
		return err
	}
	return insertBlocks(ctx, tx, &s, 0, blocks)
}

// insertBlocks adds blocks, the first of which is the segment's n-th.
func insertBlocks(ctx context.Context, tx *sql.Tx, s *segment, n int, blocks []block) error {
	stmt, err := tx.PrepareContext(ctx, `INSERT INTO search_blocks (key, segment, first, body) VALUES (?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for i, b := range blocks {
		if _, err := stmt.ExecContext(ctx, s.firstKey()+int64(n+i), s.id, b.first, b.body); err != nil {
			return err
		}
	}
	return nil
}

// segments returns the segments that condition is true for, oldest first.
func segments(ctx context.Context, db querier, condition string, args ...any) ([]segment, error) {
	rows, err := db.QueryContext(ctx, `SELECT id, level, live, base, blocks FROM search_segments WHERE `+condition, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []segment
	for rows.Next() {
		var s segment
		if err := rows.Scan(&s.id, &s.level, &s.live, &s.base, &s.blocks); err != nil {
			return nil, err
		}
		found = append(found, s)
	}
	return found, rows.Err()
}

// querier is a *sql.DB or *sql.Tx.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readBlocks returns the bodies of at most limit blocks from key on, up to but not including end.
func readBlocks(ctx context.Context, db querier, key, end int64, limit int) (keys []int64, bodies [][]byte, err error) {
	rows, err := db.QueryContext(ctx, `SELECT key, body FROM search_blocks WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`, key, end, limit)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&key, &body); err != nil {
			return nil, nil, err
		}
		keys, bodies = append(keys, key), append(bodies, body)
	}
	return keys, bodies, rows.Err()
}
