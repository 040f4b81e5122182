package sqlite

import (
	"context"
	"database/sql"
	"strings"
)

// statements are those of ingestion, prepared once for the writing connection.
type statements struct {
	readSequence, writeSequence           *sql.Stmt
	seeClient                             *sql.Stmt
	loadSession, loadSessionByKey         *sql.Stmt
	insertSession, updateSession          *sql.Stmt
	countSession, writeContents           *sql.Stmt
	insertEvent, insertMark               *sql.Stmt
	insertPayload, insertPayloads         *sql.Stmt
	findEvent, deleteEvent, deletePayload *sql.Stmt
	findCounted                           *sql.Stmt
	readRollup, writeRollup, eraseRollup  *sql.Stmt
	readReceipt, writeReceipt             *sql.Stmt
	insertKey, revokeKey, touchKey        *sql.Stmt
	insertInbox                           *sql.Stmt
	lifecycleStatements
}

func (s *statements) prepare(ctx context.Context, db *sql.DB) error {
	if err := prepareAll(ctx, db, s.texts()); err != nil {
		return err
	}
	return prepareAll(ctx, db, s.lifecycleTexts())
}

func prepareAll(ctx context.Context, db *sql.DB, texts map[**sql.Stmt]string) error {
	for stmt, text := range texts {
		prepared, err := db.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		*stmt = prepared
	}
	return nil
}

func (s *statements) texts() map[**sql.Stmt]string {
	return map[**sql.Stmt]string{
		&s.readSequence:     `SELECT last FROM sequence`,
		&s.writeSequence:    `UPDATE sequence SET last = ?`,
		&s.seeClient:        seeClientSQL,
		&s.loadSession:      selectSession + ` WHERE s.project = ? AND s.id = ?`,
		&s.loadSessionByKey: selectSession + ` WHERE s.project = ? AND s.key = ?`,
		&s.insertSession:    insertSessionSQL,
		&s.updateSession:    updateSessionSQL,
		&s.countSession:     countSessionSQL,
		&s.writeContents:    `INSERT INTO session_contents (session_key, project, encoding, body) VALUES (?, ?, ?, ?) ON CONFLICT (session_key) DO UPDATE SET encoding = excluded.encoding, body = excluded.body`,
		&s.insertEvent:      insertEventSQL,
		&s.insertPayload:    insertPayloadSQL,
		&s.insertPayloads:   insertPayloadSQL + strings.Repeat(`, (?, ?, ?, ?)`, payloadRows-1),
		&s.insertMark:       `INSERT OR IGNORE INTO session_facets (project, facet, value, session_key) VALUES (?, ?, ?, ?)`,
		&s.findEvent:        findEventSQL,
		&s.findCounted:      findCountedSQL,
		&s.readRollup:       readRollupSQL,
		&s.writeRollup:      writeRollupSQL,
		&s.eraseRollup:      eraseRollupSQL,
		&s.deleteEvent:      `DELETE FROM events WHERE project = ? AND position = ?`,
		&s.deletePayload:    `DELETE FROM payloads WHERE project = ? AND position = ?`,
		&s.readReceipt:      readReceiptSQL,
		&s.writeReceipt:     writeReceiptSQL,
		&s.insertKey:        insertKeySQL,
		&s.revokeKey:        revokeKeySQL,
		&s.touchKey:         touchKeySQL,
		&s.insertInbox:      insertInboxSQL,
	}
}

const seeClientSQL = `
INSERT INTO clients (key, project, id, sdk, version, service, environment, release, first_seen, last_seen, clock_skew_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (project, id) DO UPDATE SET
    sdk = coalesce(excluded.sdk, sdk), version = coalesce(excluded.version, version), service = coalesce(excluded.service, service),
    environment = coalesce(excluded.environment, environment), release = coalesce(excluded.release, release),
    last_seen = max(last_seen, excluded.last_seen), clock_skew_ms = excluded.clock_skew_ms
RETURNING key`

const insertEventSQL = `
INSERT INTO events (position, project, id, session_key, client_key, type, parent_id, seq, timestamp, duration, status, trace_id, span_id, model, tool_name,
    prompt_tokens, completion_tokens, total_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, cost, received_at, clock_skew_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (project, id) DO NOTHING`

const findEventSQL = `
SELECT position, session_key, type, coalesce(status, ''), coalesce(prompt_tokens, 0), coalesce(completion_tokens, 0), coalesce(total_tokens, 0),
    coalesce(cached_tokens, 0), coalesce(cache_write_tokens, 0), coalesce(reasoning_tokens, 0), cost
FROM events WHERE project = ? AND id = ?`

// selectSession lists the columns that scanSession reads.
const selectSession = `
SELECT s.key, s.id, coalesce(s.name, ''), coalesce(s.agent_name, ''), coalesce(s.agent_version, ''), coalesce(s.user_id, ''),
    coalesce(s.conversation_id, ''), coalesce(s.parent_session_id, ''), s.status, coalesce(s.summary, ''), s.created_at, s.closed_at, s.started,
    s.events, s.errors, s.prompt_tokens, s.completion_tokens, s.total_tokens, s.cached_tokens, s.cache_write_tokens, s.reasoning_tokens, s.cost, s.costed,
    coalesce(c.encoding, 0), c.body, s.last_received_at
FROM sessions s LEFT JOIN session_contents c ON c.session_key = s.key`

const insertSessionSQL = `
INSERT INTO sessions (name, agent_name, agent_version, user_id, conversation_id, parent_session_id, status, summary, created_at, closed_at, started,
    last_received_at, events, errors, prompt_tokens, completion_tokens, total_tokens, cached_tokens, cache_write_tokens, reasoning_tokens, cost, costed,
    project, key, id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const updateSessionSQL = `
UPDATE sessions SET name = ?, agent_name = ?, agent_version = ?, user_id = ?, conversation_id = ?, parent_session_id = ?, status = ?, summary = ?,
    created_at = ?, closed_at = ?, started = ?, ` + countersSQL

const countSessionSQL = `
UPDATE sessions SET ` + countersSQL

const countersSQL = `last_received_at = max(last_received_at, ?), events = ?, errors = ?, prompt_tokens = ?, completion_tokens = ?, total_tokens = ?,
    cached_tokens = ?, cache_write_tokens = ?, reasoning_tokens = ?, cost = ?, costed = ?
WHERE project = ? AND key = ?`
