package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
)

// SQLite overwrites what is deleted, but not what it leaves behind when it moves rows from one page of a tree to another: the unused part of
// a page may hold rows that have been deleted since, from where they were moved. Deletion for good therefore goes over all pages.

const (
	scrubbedAtOnce = 200 // pages that one transaction writes
	scrubPasses    = 3
)

// treePagesSQL lists the pages of all tables and indexes but the first, which has the schema. Rows larger than a page have pages of their own,
// which are overwritten when they become free.
const treePagesSQL = `
SELECT p.pgno, p.data FROM dbstat s CROSS JOIN sqlite_dbpage p ON p.pgno = s.pageno
WHERE s.pageno > 1 AND s.pagetype IN ('internal', 'leaf')`

// treePage is a page of a tree as it was read.
type treePage struct {
	number int64
	data   []byte
}

// scrub overwrites what no row uses in the pages of the file, and reports whether it saw all of them. A page that somebody else changes meanwhile
// is looked at again, some times.
func (s *Store) scrub(ctx context.Context) (clean bool, err error) {
	for missed, pass := 1, 0; missed > 0 && pass < scrubPasses; pass++ {
		if missed, err = s.scrubOnce(ctx); err != nil {
			return false, err
		}
		clean = missed == 0
	}
	return clean, nil
}

// scrubOnce returns how many pages changed while they were looked at.
func (s *Store) scrubOnce(ctx context.Context) (missed int, err error) {
	rows, err := s.read.QueryContext(ctx, treePagesSQL)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var unclean []treePage
	write := func() error {
		n, err := s.scrubPages(ctx, unclean)
		missed, unclean = missed+n, nil
		return err
	}
	for rows.Next() {
		var p treePage
		if err := rows.Scan(&p.number, &p.data); err != nil {
			return missed, err
		}
		if p.cleaned() == nil {
			continue
		}
		if unclean = append(unclean, p); len(unclean) == scrubbedAtOnce {
			if err := write(); err != nil {
				return missed, err
			}
		}
	}
	if err := rows.Err(); err != nil || len(unclean) == 0 {
		return missed, err
	}
	return missed, write()
}

// scrubPages writes those pages that are still as they were read.
func (s *Store) scrubPages(ctx context.Context, pages []treePage) (missed int, err error) {
	return missed, s.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		missed = 0
		for _, p := range pages {
			var now []byte
			err := tx.QueryRowContext(ctx, `SELECT data FROM sqlite_dbpage WHERE pgno = ?`, p.number).Scan(&now)
			if errors.Is(err, sql.ErrNoRows) {
				continue // the file has become shorter
			}
			if err != nil {
				return err
			}
			if !bytes.Equal(now, p.data) {
				missed++
				continue
			}
			if _, err := tx.ExecContext(ctx, `UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?`, p.cleaned(), p.number); err != nil {
				return err
			}
		}
		return nil
	})
}

// cleaned returns the page with zeros where no cell lies, nil when it is so already or is not as pages of trees are.
func (p *treePage) cleaned() []byte {
	data := bytes.Clone(p.data)
	if !cleanPage(data) || bytes.Equal(data, p.data) {
		return nil
	}
	return data
}

// cleanPage zeroes the space between the list of cells and the cells, and the places of cells that are gone.
func cleanPage(page []byte) bool {
	start := 8
	switch page[0] {
	case 2, 5: // pages that point to others
		start = 12
	case 10, 13: // leaves
	default:
		return false
	}
	start += 2 * number(page[3:])
	end := number(page[5:])
	if end == 0 {
		end = 1 << 16
	}
	if start > end || end > len(page) {
		return false
	}
	clear(page[start:end])
	return cleanFree(page, number(page[1:]))
}

// cleanFree follows the chain of free places, which lie one after the other: each begins with the next one's offset and its own size.
func cleanFree(page []byte, at int) bool {
	for at != 0 {
		if at+4 > len(page) {
			return false
		}
		next, end := number(page[at:]), at+number(page[at+2:])
		if end < at+4 || end > len(page) || next != 0 && next < end {
			return false
		}
		clear(page[at+4 : end])
		at = next
	}
	return true
}

// number reads two bytes.
func number(b []byte) int { return int(b[0])<<8 | int(b[1]) }
