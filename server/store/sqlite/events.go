package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const selectEvent = `
SELECT e.position, e.timestamp, e.seq, coalesce(c.id, ''), e.received_at, coalesce(e.clock_skew_ms, 0), p.encoding, p.body
FROM events e JOIN payloads p ON p.position = e.position LEFT JOIN clients c ON c.key = e.client_key`

// Event implements [store.Store].
func (s *Store) Event(ctx context.Context, project, id string) (store.Record, error) {
	r, err := s.readEvent(s.read.QueryRowContext(ctx, selectEvent+` WHERE e.project = ? AND e.id = ? AND `+notRemoved, project, id))
	if errors.Is(err, sql.ErrNoRows) {
		return store.Record{}, store.ErrNotFound
	}
	return r, err
}

// Events implements [store.Store].
func (s *Store) Events(ctx context.Context, project, session string, q store.EventQuery) (store.EventPage, error) {
	key, err := s.sessionKey(ctx, project, session)
	if err != nil {
		return store.EventPage{}, err
	}
	text, args := eventsSQL(project, key, q)
	rows, err := s.read.QueryContext(ctx, text, args...)
	if err != nil {
		return store.EventPage{}, err
	}
	defer rows.Close()
	return s.readEvents(rows, q.Limit)
}

func (s *Store) readEvents(rows *sql.Rows, limit int) (store.EventPage, error) {
	var page store.EventPage
	for size := 0; rows.Next(); {
		if len(page.Events) == limit || size >= store.PageBytes {
			last := &page.Events[len(page.Events)-1]
			page.Next = &store.EventKey{Timestamp: last.Timestamp, ClientID: last.ClientID, Seq: last.Seq, Position: last.Position}
			return page, nil
		}
		r, err := s.readEvent(rows)
		if err != nil {
			return store.EventPage{}, err
		}
		page.Events = append(page.Events, r)
		size += len(r.Raw)
	}
	return page, rows.Err()
}

func (s *Store) readEvent(row scanner) (store.Record, error) {
	var r store.Record
	var timestamp, received, skew int64
	var b body
	if err := row.Scan(&r.Position, &timestamp, &r.Seq, &r.ClientID, &received, &skew, &b.encoding, &b.data); err != nil {
		return store.Record{}, err
	}
	r.Timestamp, r.ReceivedAt, r.ClockSkew = timeOf(timestamp), timeOf(received), time.Duration(skew)*time.Millisecond
	var err error
	r.Raw, err = s.payload.unpack(b)
	return r, err
}

// eventsSQL asks for one row more than the limit, to know whether there is more.
func eventsSQL(project string, session int64, q store.EventQuery) (string, []any) {
	w := where{}
	w.add(`e.project = ?`, project)
	w.add(`e.session_key = ?`, session)
	if len(q.Types) > 0 {
		var names []any
		for _, t := range q.Types {
			names = append(names, string(t))
		}
		w.add(`e.type IN (?`+strings.Repeat(`, ?`, len(names)-1)+`)`, names...)
	}
	if k := q.After; k != nil {
		w.add(`(e.timestamp, e.client_key, e.seq, e.position) > (?, coalesce((SELECT key FROM clients WHERE project = ? AND id = ?), 0), ?, ?)`,
			k.Timestamp.UnixNano(), project, k.ClientID, k.Seq, k.Position)
	}
	return selectEvent + w.String() + ` ORDER BY e.timestamp, e.client_key, e.seq, e.position LIMIT ?`, append(w.args, q.Limit+1)
}
