package store

import (
	"context"
	"time"
)

// Lifecycle is what becomes of sessions over time: they are joined, deleted, and go when they are old.
type Lifecycle interface {
	// Resolve returns the id of the session that id stands for: of an alias the session it belongs to, of any other id the same.
	Resolve(ctx context.Context, project, id string) (string, error)

	// EraseSession deletes a session, its aliases included, or fails with [ErrNotFound]. No more is taken for it: its events sent again are
	// duplicates, others are [Erased]. Nothing of the session can be read from then on; traces that an
	// engine's files may have left of it go with the next Purge or EraseUser.
	EraseSession(ctx context.Context, project, id string, now time.Time) (Removed, error)

	// EraseUser is EraseSession for every session of a user id, and removes the traces before it returns, unless somebody reads or writes
	// where they are all the time. None is no error.
	EraseUser(ctx context.Context, project, user string, now time.Time) (Removed, error)

	// Purge removes what is older than c, and whatever an interrupted removal left. Events that went are duplicates when they are sent again;
	// a later one begins their session anew. It works in short steps, between which others write, and ends early with ctx.
	Purge(ctx context.Context, c Cutoff) (Removed, error)

	// Gaps returns the sequence numbers that are missing in a session, client by client, or fails with [ErrNotFound]. At most limit ranges
	// are listed, all are counted.
	Gaps(ctx context.Context, project, session string, limit int) (Gaps, error)
}

// Cutoff says what is old: what nothing was received for since these moments, and nothing happened in. A zero moment spares all.
type Cutoff struct {
	Sessions time.Time
	Projects map[string]time.Time // in place of Sessions, for the sessions of these projects
	Receipts time.Time            // what was answered to requests with an idempotency key
}

// Of returns the moment for the sessions of a project.
func (c *Cutoff) Of(project string) time.Time {
	if own, ok := c.Projects[project]; ok {
		return own
	}
	return c.Sessions
}

// Removed counts what is gone.
type Removed struct {
	Sessions int64
	Events   int64 // of those sessions
	Receipts int64
}

// Add adds d.
func (r *Removed) Add(d Removed) {
	r.Sessions += d.Sessions
	r.Events += d.Events
	r.Receipts += d.Receipts
}
