// Package store declares what the ingestion server keeps and what it asks of a storage engine.
//
// The package holds no engine: [github.com/sentrial/sentrial-go/server/store/sqlite] is the default one, and any other passes the suite in
// [github.com/sentrial/sentrial-go/server/store/storetest]. How events change a session is defined here ([Session.Fold], [Counters]), so that all engines agree.
//
// Everything belongs to a project: the same session or event id in another project is another session or event.
package store

import (
	"context"
	"errors"
)

var (
	// ErrNotFound reports that the project has no session or event of that id.
	ErrNotFound = errors.New("store: not found")
	// ErrReadOnly reports a write to a store opened for reading only.
	ErrReadOnly = errors.New("store: opened for reading only")
)

// Store keeps sessions and events. All methods are safe for concurrent use.
type Store interface {
	Indexer
	Keys

	// Ingest stores a batch atomically: when it returns nil every accepted event is committed, when it returns an error none is.
	// Nothing of the batch is retained after Ingest returns. It fails with [ErrBusy] when too much is waiting, with [ErrConflict] when the
	// batch's idempotency key came with other events before.
	Ingest(ctx context.Context, batch Batch) (Receipt, error)

	// Sessions returns a page of the project's sessions, newest first: by creation time, then id, both descending.
	Sessions(ctx context.Context, project string, q SessionQuery) (SessionPage, error)

	// Session returns one session, or [ErrNotFound].
	Session(ctx context.Context, project, id string) (Session, error)

	// Events returns a page of a session's events by timestamp, then client, then seq, then position; [ErrNotFound] when there is no such session.
	// The order among clients is the engine's, and stable.
	Events(ctx context.Context, project, session string, q EventQuery) (EventPage, error)

	// Event returns one event, or [ErrNotFound].
	Event(ctx context.Context, project, id string) (Record, error)

	Figures
	Follower
	Lifecycle
	Inbox

	// Ping reports whether the store can answer.
	Ping(ctx context.Context) error

	// Close releases the store. Calls under way end first; calls made later fail.
	Close() error
}

// Outcome says what became of one event of a batch.
type Outcome uint8

const (
	// Accepted means the event is stored.
	Accepted Outcome = iota + 1
	// Duplicate means the store already has an event of that id, which stays as it is, or had one that was deleted.
	Duplicate
	// Erased means that the event's session was deleted: the event is not stored.
	Erased
)

// String returns "accepted", "duplicate" or "erased".
func (o Outcome) String() string {
	switch o {
	case Accepted:
		return "accepted"
	case Duplicate:
		return "duplicate"
	case Erased:
		return "erased"
	}
	return "invalid"
}
