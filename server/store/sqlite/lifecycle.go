package sqlite

import (
	"context"
	"database/sql"

	"github.com/sentrial/sentrial-go/server/store"
)

// lifecycleStatements are those that only some batches need, and what is not ingestion.
type lifecycleStatements struct {
	lookUp, knowsEvent                     *sql.Stmt
	insertAlias, retarget                  *sql.Stmt
	moveEvents, moveMarks                  *sql.Stmt
	firstEvent, changes                    *sql.Stmt
	deleteSession, deleteContents          *sql.Stmt
	deleteMarks, searchAgain               *sql.Stmt
	insertErased, insertRemoval            *sql.Stmt
	nextRemoval, removable, deleteRemoval  *sql.Stmt
	tombstone, sessionsOfUser, deleteReply *sql.Stmt
	beginScrub, endScrub                   *sql.Stmt
}

func (s *lifecycleStatements) lifecycleTexts() map[**sql.Stmt]string {
	return map[**sql.Stmt]string{
		&s.lookUp:         lookUpSQL,
		&s.knowsEvent:     `SELECT EXISTS (SELECT 1 FROM events WHERE project = ? AND id = ?)`,
		&s.insertAlias:    `INSERT INTO aliases (project, id, target) VALUES (?, ?, ?)`,
		&s.retarget:       `UPDATE aliases SET target = ? WHERE project = ? AND target = ?`,
		&s.moveEvents:     `UPDATE events SET session_key = ? WHERE session_key = ?`,
		&s.moveMarks:      `UPDATE OR IGNORE session_facets SET session_key = ? WHERE session_key = ?`,
		&s.firstEvent:     `SELECT min(timestamp) FROM events WHERE session_key = ?`,
		&s.changes:        changesSQL,
		&s.deleteSession:  `DELETE FROM sessions WHERE key = ?`,
		&s.deleteContents: `DELETE FROM session_contents WHERE session_key = ?`,
		&s.deleteMarks:    `DELETE FROM session_facets WHERE session_key = ?`,
		&s.searchAgain:    `INSERT OR IGNORE INTO search_again (session_key) VALUES (?)`,
		&s.beginScrub:     `UPDATE erased_sessions SET scrubbed = ? WHERE scrubbed <= 0`,
		&s.endScrub:       `UPDATE erased_sessions SET scrubbed = 1 WHERE scrubbed = ?`,
		&s.insertErased:   `INSERT OR IGNORE INTO erased_sessions (project, id, at) VALUES (?, ?, ?)`,
		&s.insertRemoval:  `INSERT INTO removals (session_key, project) VALUES (?, ?)`,
		&s.nextRemoval:    `SELECT session_key, project FROM removals LIMIT 1`,
		&s.removable:      removableSQL,
		&s.deleteRemoval:  `DELETE FROM removals WHERE session_key = ?`,
		&s.tombstone:      tombstoneSQL,
		&s.sessionsOfUser: selectSession + ` WHERE s.project = ? AND s.user_id = ? LIMIT ?`,
		&s.deleteReply:    `DELETE FROM receipts WHERE (project, key) IN (SELECT project, key FROM receipts WHERE at < ? LIMIT ?)`,
	}
}

// change runs fn alone in a transaction of one project, with the statements that ingestion has. Sessions that fn changes it saves itself.
func (s *Store) change(ctx context.Context, project string, fn func(in *ingestion) error) error {
	if s.writer == nil {
		return store.ErrReadOnly
	}
	defer s.index.wake()
	return s.writer.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		in := &ingestion{
			ctx: ctx, tx: tx, stmt: &s.writer.stmt, payload: s.payload, batch: &store.Batch{Project: project}, byID: make(map[string]*sessionRow),
			sums: new(rollups),
		}
		if err := fn(in); err != nil {
			return err
		}
		return in.sums.write(ctx, s.writer.stmt.rollups(ctx, tx))
	})
}
