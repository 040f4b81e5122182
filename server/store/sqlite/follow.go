package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// followSpan is how many positions one call looks at: those of other projects cost time too.
const followSpan = 5000

// Position implements [store.Store].
func (s *Store) Position(ctx context.Context) (last int64, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT last FROM sequence`).Scan(&last)
	return last, err
}

// Follow implements [store.Store]. The counter is read first: what is committed after that is for the next call.
func (s *Store) Follow(ctx context.Context, project string, q store.FollowQuery) (store.FollowPage, error) {
	last, err := s.Position(ctx)
	if err != nil || last <= q.After {
		return store.FollowPage{Position: q.After}, err
	}
	page := store.FollowPage{Position: min(last, q.After+followSpan)}
	page.More = page.Position < last
	text, args := followSQL(project, q, page.Position)
	rows, err := s.read.QueryContext(ctx, text, args...)
	if err != nil {
		return store.FollowPage{}, err
	}
	defer rows.Close()
	err = s.readFollowed(rows, q.Limit, &page)
	return page, err
}

func (s *Store) readFollowed(rows *sql.Rows, limit int, page *store.FollowPage) error {
	for size := 0; rows.Next(); {
		e, err := s.readFollowedEvent(rows)
		if err != nil {
			return err
		}
		page.Events = append(page.Events, e)
		if size += len(e.Raw); len(page.Events) == limit || size >= store.PageBytes {
			page.Position, page.More = e.Position, true
			return nil
		}
	}
	return rows.Err()
}

func (s *Store) readFollowedEvent(row scanner) (store.FollowedEvent, error) {
	var e store.FollowedEvent
	var timestamp, received, skew int64
	var b body
	err := row.Scan(&e.Position, &timestamp, &e.Seq, &e.ClientID, &received, &skew, &b.encoding, &b.data, &e.SessionID)
	if err != nil || len(b.data) == 0 {
		return e, err
	}
	e.Timestamp, e.ReceivedAt, e.ClockSkew = timeOf(timestamp), timeOf(received), time.Duration(skew)*time.Millisecond
	e.Raw, err = s.payload.unpack(b)
	return e, err
}

// followSQL walks along the positions: the plus keeps SQLite from the index over (project, id).
func followSQL(project string, q store.FollowQuery, upTo int64) (string, []any) {
	var args []any
	wanted := ``
	if len(q.Types) > 0 {
		wanted = ` AND e.type IN (?` + strings.Repeat(`, ?`, len(q.Types)-1) + `)`
		for _, t := range q.Types {
			args = append(args, string(t))
		}
	}
	w := where{args: args}
	w.add(`e.position > ? AND e.position <= ?`, q.After, upTo)
	w.add(`+e.project = ?`, project)
	w.equal(`+s.id`, q.Session)
	return `
SELECT e.position, e.timestamp, e.seq, coalesce(c.id, ''), e.received_at, coalesce(e.clock_skew_ms, 0), coalesce(p.encoding, 0), p.body, s.id
FROM events e CROSS JOIN sessions s ON s.key = e.session_key LEFT JOIN payloads p ON p.position = e.position` + wanted + `
    LEFT JOIN clients c ON c.key = e.client_key` + w.String() + ` ORDER BY e.position LIMIT ?`, append(w.args, q.Limit)
}
