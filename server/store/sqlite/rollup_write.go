package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/sentrial/sentrial-go/server/store"
)

// rollupStatements are what write needs, prepared.
type rollupStatements struct{ read, write, erase *sql.Stmt }

const (
	rollupColumns = `sessions, events, errors, prompt_tokens, completion_tokens, total_tokens, cached_tokens, cache_write_tokens, reasoning_tokens,
    cost, costed, latency, last_at`
	rollupRow      = ` FROM rollups WHERE project = ? AND facet = ? AND hour = ? AND value = ?`
	readRollupSQL  = `SELECT ` + rollupColumns + rollupRow
	eraseRollupSQL = `DELETE` + rollupRow
	writeRollupSQL = `REPLACE INTO rollups (project, facet, hour, value, ` + rollupColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

// write brings the rows up to date and forgets the changes.
func (r *rollups) write(ctx context.Context, stmt rollupStatements) error {
	for key, d := range r.deltas {
		if err := d.write(ctx, stmt, key); err != nil {
			return err
		}
	}
	clear(r.deltas)
	return nil
}

func (d *rollupDelta) write(ctx context.Context, stmt rollupStatements, key rollupKey) error {
	var sum rollupSum
	err := sum.scan(stmt.read.QueryRowContext(ctx, key.project, key.facet, key.hour, key.value))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	sum.sessions += d.sessions
	sum.Add(d.plus)
	sum.Sub(d.minus)
	sum.last = max(sum.last, d.last)
	sum.latency.Merge(&d.latency)
	if sum.sessions <= 0 && sum.Events <= 0 {
		_, err = stmt.erase.ExecContext(ctx, key.project, key.facet, key.hour, key.value)
	} else {
		_, err = stmt.write.ExecContext(ctx, append([]any{key.project, key.facet, key.hour, key.value}, sum.columns()...)...)
	}
	return err
}

// uncountStored takes back what the stored event at a position counts for. It must be called before the row goes.
func (in *ingestion) uncountStored(position int64) error {
	var e store.Event
	if err := scanCounted(in.row(in.stmt.findCounted, in.batch.Project, position), &e); err != nil {
		return err
	}
	in.sums.countEvent(in.batch.Project, &e, uncounted)
	return nil
}

// rollups are the statements that [rollups.write] needs, for a transaction.
func (s *statements) rollups(ctx context.Context, tx *sql.Tx) rollupStatements {
	return rollupStatements{
		read: tx.StmtContext(ctx, s.readRollup), write: tx.StmtContext(ctx, s.writeRollup), erase: tx.StmtContext(ctx, s.eraseRollup),
	}
}
