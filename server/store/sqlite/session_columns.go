package sqlite

import (
	"database/sql"
	"slices"
)

// scanner is a *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// scan reads the columns of selectSession.
func (r *sessionRow) scan(row scanner) error {
	var created, received int64
	var closed sql.NullInt64
	c, t := &r.Counters, &r.Counters.Tokens
	err := row.Scan(&r.key, &r.ID, &r.Name, &r.AgentName, &r.AgentVersion, &r.UserID, &r.ConversationID, &r.ParentSessionID, &r.Status, &r.Summary,
		&created, &closed, &r.Started, &c.Events, &c.Errors, &t.Prompt, &t.Completion, &t.Total, &t.Cached, &t.CacheWrite, &t.Reasoning,
		&c.Cost, &c.Costed, &r.contents.encoding, &r.contents.data, &received)
	if err != nil {
		return err
	}
	r.CreatedAt, r.LastReceivedAt = timeOf(created), timeOf(received)
	if closed.Valid {
		r.ClosedAt = timeOf(closed.Int64)
	}
	return nil
}

// columns are the values of updateSessionSQL before the counters.
func (r *sessionRow) columns() []any {
	return []any{
		nullText(r.Name), nullText(r.AgentName), nullText(r.AgentVersion), nullText(r.UserID), nullText(r.ConversationID),
		nullText(r.ParentSessionID), string(r.Status), nullText(r.Summary), r.CreatedAt.UnixNano(), nullTime(r.ClosedAt), r.Started,
	}
}

// counterColumns are the values of countersSQL before its condition.
func (r *sessionRow) counterColumns(receivedAt int64) []any {
	c, t := &r.Counters, &r.Counters.Tokens
	return []any{
		receivedAt, c.Events, c.Errors, t.Prompt, t.Completion, t.Total, t.Cached, t.CacheWrite, t.Reasoning, int64(c.Cost), c.Costed,
	}
}

func concat(parts ...[]any) []any { return slices.Concat(parts...) }
