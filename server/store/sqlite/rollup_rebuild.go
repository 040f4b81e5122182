package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/sentrial/sentrial-go/server/store"
)

// mostDeltas bounds what rebuildRollups keeps in memory.
const mostDeltas = 50_000

// countedColumns are what an event counts by, as scanCounted reads them.
const countedColumns = `e.type, coalesce(e.status, ''), e.timestamp, e.duration, coalesce(e.model, ''), coalesce(e.tool_name, ''),
    coalesce(e.prompt_tokens, 0), coalesce(e.completion_tokens, 0), coalesce(e.total_tokens, 0), coalesce(e.cached_tokens, 0),
    coalesce(e.cache_write_tokens, 0), coalesce(e.reasoning_tokens, 0), e.cost`

// findCountedSQL reads a stored event that is about to go.
const findCountedSQL = `SELECT ` + countedColumns + ` FROM events e WHERE e.project = ? AND e.position = ? AND e.session_key > 0`

// scanCounted reads an event, so far as it counts, behind what first scans.
func scanCounted(row scanner, e *store.Event, first ...any) error {
	var at int64
	t := &e.Tokens
	err := row.Scan(append(first, &e.Type, &e.Status, &at, &e.Duration, &e.Model, &e.ToolName,
		&t.Prompt, &t.Completion, &t.Total, &t.Cached, &t.CacheWrite, &t.Reasoning, &e.Cost)...)
	e.Timestamp = timeOf(at)
	return err
}

// rebuildRollups sums up all that a file has, for one that was written before there were sums. The table must be empty.
func rebuildRollups(ctx context.Context, tx *sql.Tx) (err error) {
	b := &rollupRebuild{ctx: ctx, tx: tx}
	for stmt, text := range map[**sql.Stmt]string{&b.stmt.read: readRollupSQL, &b.stmt.write: writeRollupSQL, &b.stmt.erase: eraseRollupSQL} {
		if *stmt, err = tx.PrepareContext(ctx, text); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, (*stmt).Close()) }()
	}
	if err := b.each(`SELECT e.project, `+countedColumns+` FROM events e WHERE e.session_key > 0`, b.event); err != nil {
		return err
	}
	return b.each(`SELECT s.project, coalesce(s.agent_name, ''), s.created_at, s.closed_at, s.events, s.errors, s.prompt_tokens, s.completion_tokens,
		s.total_tokens, s.cached_tokens, s.cache_write_tokens, s.reasoning_tokens, s.cost, s.costed FROM sessions s`, b.session)
}

// rollupRebuild is rebuildRollups under way.
type rollupRebuild struct {
	ctx  context.Context
	tx   *sql.Tx
	stmt rollupStatements
	sums rollups
}

// each counts the rows of a query.
func (b *rollupRebuild) each(query string, count func(scanner) error) error {
	rows, err := b.tx.QueryContext(b.ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := count(rows); err != nil {
			return err
		}
		if len(b.sums.deltas) >= mostDeltas {
			if err := b.sums.write(b.ctx, b.stmt); err != nil {
				return err
			}
		}
	}
	return errors.Join(rows.Err(), b.sums.write(b.ctx, b.stmt))
}

func (b *rollupRebuild) event(row scanner) error {
	var project string
	var e store.Event
	if err := scanCounted(row, &e, &project); err != nil {
		return err
	}
	b.sums.countEvent(project, &e, counted)
	return nil
}

func (b *rollupRebuild) session(row scanner) error {
	var s store.Session
	var created int64
	var closed *int64
	c, t := &s.Counters, &s.Counters.Tokens
	err := row.Scan(&s.Project, &s.AgentName, &created, &closed, &c.Events, &c.Errors, &t.Prompt, &t.Completion, &t.Total, &t.Cached, &t.CacheWrite,
		&t.Reasoning, &c.Cost, &c.Costed)
	if err != nil {
		return err
	}
	s.CreatedAt = timeOf(created)
	if closed != nil {
		s.ClosedAt = timeOf(*closed)
	}
	b.sums.addSession(s.Project, sumOf(&s), counted)
	return nil
}
