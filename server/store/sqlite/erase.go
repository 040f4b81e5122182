package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// erasedAtOnce is how many sessions of a user one transaction takes away.
const erasedAtOnce = 100

// EraseSession implements [store.Lifecycle]. What has begun is carried through when ctx ends.
func (s *Store) EraseSession(ctx context.Context, project, id string, now time.Time) (store.Removed, error) {
	var gone store.Removed
	err := s.change(ctx, project, func(in *ingestion) error {
		session, err := in.stored(id)
		if err != nil {
			return err
		}
		gone.Add(store.Removed{Sessions: 1, Events: session.Counters.Events})
		return in.erase(session, now)
	})
	if err != nil {
		return store.Removed{}, fmt.Errorf("erase session: %w", err)
	}
	return gone, s.finishRemovals(context.WithoutCancel(ctx))
}

// EraseUser implements [store.Lifecycle].
func (s *Store) EraseUser(ctx context.Context, project, user string, now time.Time) (store.Removed, error) {
	var gone store.Removed
	for more := true; more; {
		var step store.Removed
		err := s.change(ctx, project, func(in *ingestion) (err error) {
			step, err = in.eraseSome(user, now)
			return err
		})
		if err != nil {
			return gone, fmt.Errorf("erase user: %w", err)
		}
		gone.Add(step)
		more = step.Sessions == erasedAtOnce
	}
	return gone, s.finishErasing(context.WithoutCancel(ctx))
}

// finishErasing removes what is left of sessions that are gone, from the file's bytes too, all of which it reads: some seconds a GB.
func (s *Store) finishErasing(ctx context.Context) error {
	if err := s.finishRemovals(ctx); err != nil {
		return err
	}
	s.scrubbing.Lock()
	defer s.scrubbing.Unlock()
	run := -time.Now().UnixNano() // which no other process has
	var due int64
	err := s.change(ctx, "", func(in *ingestion) (err error) {
		due, err = in.beginScrub(run)
		return err
	})
	if err != nil || due == 0 {
		return err
	}
	if err := s.scrubAll(ctx, run); err != nil {
		return fmt.Errorf("remove traces of what was erased: %w", err)
	}
	return nil
}

// beginScrub notes whose traces a run is to remove: sessions may be erased while it is under way, and another process may begin one too, which
// takes them over.
func (in *ingestion) beginScrub(run int64) (due int64, err error) {
	res, err := in.result(in.stmt.beginScrub, run)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// scrubAll leaves to the next run what others were in the way of.
func (s *Store) scrubAll(ctx context.Context, run int64) error {
	clean, err := s.scrub(ctx)
	if err != nil {
		return err
	}
	emptied, err := s.checkpoint(ctx)
	if err != nil || !clean || !emptied {
		return err
	}
	return s.change(ctx, "", func(in *ingestion) error { return in.exec(in.stmt.endScrub, run) })
}

// finishRemovals removes the events of sessions that are gone, and their words.
func (s *Store) finishRemovals(ctx context.Context) error {
	if err := errors.Join(s.sweep(ctx), s.WaitIndexed(ctx)); err != nil {
		return fmt.Errorf("remove what was erased: %w", err)
	}
	return nil
}

// stored is a session that there is, by its id or an alias.
func (in *ingestion) stored(id string) (*sessionRow, error) {
	target, err := in.standsFor(id)
	if errors.Is(err, errErased) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	s, err := in.scan(in.row(in.stmt.loadSession, in.batch.Project, target))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, store.ErrNotFound
	}
	return s, err
}

// erase takes a session away for good.
func (in *ingestion) erase(s *sessionRow, now time.Time) error {
	return errors.Join(in.exec(in.stmt.insertErased, in.batch.Project, s.ID, now.UnixNano()), in.detach(s))
}

func (in *ingestion) eraseSome(user string, now time.Time) (gone store.Removed, err error) {
	sessions, err := in.sessionsOf(user)
	if err != nil {
		return gone, err
	}
	for _, s := range sessions {
		if err := in.erase(s, now); err != nil {
			return gone, err
		}
		gone.Add(store.Removed{Sessions: 1, Events: s.Counters.Events})
	}
	return gone, nil
}

func (in *ingestion) sessionsOf(user string) (sessions []*sessionRow, err error) {
	rows, err := in.query(in.stmt.sessionsOfUser, in.batch.Project, user, erasedAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		s, err := in.scan(rows)
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, s)
	}
	return sessions, rows.Err()
}
