package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

const (
	purgedAtOnce  = 100  // sessions that one transaction takes away
	repliesAtOnce = 1000 // and receipts
)

// oldSQL lists sessions that nothing happened in since a moment, from one on.
const oldSQL = selectSession + `
WHERE s.project = ? AND s.created_at < ? AND (s.created_at, s.id) > (?, ?) AND s.last_received_at < ?
    AND NOT EXISTS (SELECT 1 FROM events e WHERE e.session_key = s.key AND e.timestamp >= ?)
ORDER BY s.created_at, s.id LIMIT ?`

// Purge implements [store.Lifecycle].
func (s *Store) Purge(ctx context.Context, c store.Cutoff) (gone store.Removed, err error) {
	if s.writer == nil {
		return gone, store.ErrReadOnly
	}
	erasing := s.finishErasing(ctx) // what stands in its way does not keep the rest
	gone.Receipts, err = s.purgeReplies(ctx, c.Receipts)
	if err == nil {
		err = s.purgeProjects(ctx, c, &gone)
	}
	if err == nil {
		err = s.sweep(ctx)
	}
	if err == nil {
		err = s.reclaim(ctx)
	}
	if err = errors.Join(erasing, err); err != nil {
		return gone, fmt.Errorf("purge: %w", err)
	}
	return gone, nil
}

func (s *Store) purgeReplies(ctx context.Context, before time.Time) (gone int64, err error) {
	if before.IsZero() {
		return 0, nil
	}
	for n := int64(repliesAtOnce); n == repliesAtOnce; gone += n {
		err := s.change(ctx, "", func(in *ingestion) error {
			res, err := in.result(in.stmt.deleteReply, before.UnixNano(), repliesAtOnce)
			if err != nil {
				return err
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil {
			return gone, err
		}
	}
	return gone, nil
}

func (s *Store) purgeProjects(ctx context.Context, c store.Cutoff, gone *store.Removed) error {
	for project := ""; ; {
		next, err := s.projectAfter(ctx, project)
		if err != nil || next == "" {
			return err
		}
		project = next
		if before := c.Of(project); !before.IsZero() {
			if err := s.purgeProject(ctx, project, before, gone); err != nil {
				return err
			}
		}
	}
}

// projectAfter returns the next project that has sessions, "" after the last.
func (s *Store) projectAfter(ctx context.Context, project string) (next string, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT coalesce(min(project), '') FROM sessions WHERE project > ?`, project).Scan(&next)
	return next, err
}

// purgeProject looks for sessions where it keeps nobody waiting, and looks again before it takes one away.
func (s *Store) purgeProject(ctx context.Context, project string, before time.Time, gone *store.Removed) error {
	var last store.SessionKey
	for {
		ids, err := s.old(ctx, project, before, &last)
		if err != nil || len(ids) == 0 {
			return err
		}
		var step store.Removed
		err = s.change(ctx, project, func(in *ingestion) error {
			step = store.Removed{}
			for _, id := range ids {
				if err := in.purge(id, before, &step); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		gone.Add(step)
	}
}

// old lists the next sessions after last that are, and moves last on.
func (s *Store) old(ctx context.Context, project string, before time.Time, last *store.SessionKey) (ids []string, err error) {
	at, from := before.UnixNano(), int64(0)
	if !last.CreatedAt.IsZero() {
		from = last.CreatedAt.UnixNano()
	}
	rows, err := s.read.QueryContext(ctx, oldSQL, project, at, from, last.ID, at, at, purgedAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r sessionRow
		if err := r.scan(rows); err != nil {
			return nil, err
		}
		ids = append(ids, r.ID)
		*last = store.SessionKey{CreatedAt: r.CreatedAt, ID: r.ID}
	}
	return ids, rows.Err()
}

// purge takes a session away unless something came for it meanwhile.
func (in *ingestion) purge(id string, before time.Time, gone *store.Removed) error {
	s, err := in.scan(in.row(in.stmt.loadSession, in.batch.Project, id))
	if errors.Is(err, sql.ErrNoRows) || err == nil && !s.LastReceivedAt.Before(before) {
		return nil
	}
	if err != nil {
		return err
	}
	gone.Add(store.Removed{Sessions: 1, Events: s.Counters.Events})
	return in.detach(s)
}
