package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/sentrial/sentrial-go/server/store"
)

// A session that goes is removed in two ways: its row at once, so that nobody sees it any more, its events some at a time, so that nobody waits
// long for the writer. What is left of them when the process ends is in the table removals, and removed by the next sweep.

// What one transaction removes of events, at most.
const (
	removedEvents = 500
	removedBytes  = 4 << 20
)

const removableSQL = `
SELECT e.position, coalesce(length(p.body), 0), ` + countedColumns + `
FROM events e LEFT JOIN payloads p ON p.position = e.position
WHERE e.session_key = ? LIMIT ?`

// tombstoneSQL leaves of an event that its id was used.
const tombstoneSQL = `
UPDATE events SET session_key = 0, client_key = 0, type = '', parent_id = NULL, seq = 0, timestamp = 0, duration = NULL, status = NULL,
    trace_id = NULL, span_id = NULL, model = NULL, tool_name = NULL, prompt_tokens = NULL, completion_tokens = NULL, total_tokens = NULL,
    cached_tokens = NULL, cache_write_tokens = NULL, reasoning_tokens = NULL, cost = NULL, received_at = 0, clock_skew_ms = NULL
WHERE position = ?`

// ignoreRemoved takes a session that is gone for no error: its events, which are still there, are as good as tombstones.
func ignoreRemoved(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// detach takes a session away and leaves its events to the sweep.
func (in *ingestion) detach(s *sessionRow) error {
	return errors.Join(in.removeSession(s), in.exec(in.stmt.insertRemoval, s.key, in.batch.Project))
}

// removeSession removes all there is of a session but its events, and takes back what it counts for. It is the one place where a session goes.
func (in *ingestion) removeSession(s *sessionRow) error {
	in.sums.uncountSession(s)
	return errors.Join(
		in.exec(in.stmt.deleteSession, s.key),
		in.exec(in.stmt.deleteContents, s.key),
		in.exec(in.stmt.deleteMarks, s.key),
		in.exec(in.stmt.searchAgain, s.key),
	)
}

// removeEvent leaves a tombstone of an event, and takes back what it counts for. It is the one place where an event goes that no other replaces.
func (in *ingestion) removeEvent(e *removableEvent) error {
	in.sums.countEvent(in.batch.Project, &e.Event, uncounted)
	return errors.Join(
		in.exec(in.stmt.deletePayload, in.batch.Project, e.position),
		in.exec(in.stmt.tombstone, e.position),
	)
}

// sweep removes the events of all sessions that are gone.
func (s *Store) sweep(ctx context.Context) error {
	for done := false; !done; {
		err := s.change(ctx, "", func(in *ingestion) (err error) {
			done, err = in.sweepSome()
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sweepSome reports whether nothing was left to remove.
func (in *ingestion) sweepSome() (done bool, err error) {
	var session int64
	err = in.row(in.stmt.nextRemoval).Scan(&session, &in.batch.Project)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	events, err := in.removable(session)
	if err != nil {
		return false, err
	}
	for i := range events {
		if err := in.removeEvent(&events[i]); err != nil {
			return false, err
		}
	}
	if len(events) > 0 {
		return false, nil
	}
	// The index may have read events after the session was gone.
	return false, errors.Join(in.exec(in.stmt.searchAgain, session), in.exec(in.stmt.deleteRemoval, session))
}

// removableEvent is an event of a session that is gone.
type removableEvent struct {
	store.Event
	position int64
	bytes    int
}

// removable lists what one transaction is to remove.
func (in *ingestion) removable(session int64) (events []removableEvent, err error) {
	rows, err := in.query(in.stmt.removable, session, removedEvents)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for bytes := 0; bytes < removedBytes && rows.Next(); {
		var e removableEvent
		if err := scanCounted(rows, &e.Event, &e.position, &e.bytes); err != nil {
			return nil, err
		}
		events = append(events, e)
		bytes += e.bytes
	}
	return events, rows.Err()
}
