package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/sentrial/sentrial-go/server/store"
)

// resolvedID is the session that an id stands for; its arguments are the project, the id, and the id again.
const resolvedID = `coalesce((SELECT a.target FROM aliases a WHERE a.project = ? AND a.id = ?), ?)`

// notRemoved is true of events e whose session is there: those of a session that was deleted go one by one.
const notRemoved = `EXISTS (SELECT 1 FROM sessions s WHERE s.key = e.session_key)`

// Resolve implements [store.Lifecycle].
func (s *Store) Resolve(ctx context.Context, project, id string) (resolved string, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT `+resolvedID, project, id, id).Scan(&resolved)
	return resolved, err
}

// sessionKey finds a session by its id or an alias.
func (s *Store) sessionKey(ctx context.Context, project, id string) (key int64, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT key FROM sessions WHERE project = ? AND id = `+resolvedID, project, project, id, id).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		err = store.ErrNotFound
	}
	return key, err
}
