package sqlite

import (
	"context"

	"github.com/sentrial/sentrial-go/server/store"
)

// SchemaVersion is the version that this program writes.
var SchemaVersion = schemaVersion

// Plan returns how SQLite would find a page of sessions.
func (s *Store) PlanSessions(ctx context.Context, project string, q store.SessionQuery) (string, error) {
	text, args := sessionsSQL(project, q, nil)
	return s.plan(ctx, text, args)
}

// PlanRareSessions is PlanSessions for a tool that few sessions used.
func (s *Store) PlanRareSessions(ctx context.Context, project string, q store.SessionQuery) (string, error) {
	text, args := sessionsSQL(project, q, &mark{facet: facetTool, value: q.Tool})
	return s.plan(ctx, text, args)
}

// PlanEvents returns how SQLite would find a page of events.
func (s *Store) PlanEvents(ctx context.Context, project string, q store.EventQuery) (string, error) {
	text, args := eventsSQL(project, 1, q)
	return s.plan(ctx, text, args)
}

// Rarest returns the model or tool that a list of sessions begins with, "" when it goes by time.
func (s *Store) Rarest(ctx context.Context, project string, q store.SessionQuery) (string, error) {
	m, err := s.rare(ctx, project, q)
	if m == nil {
		return "", err
	}
	return m.value, err
}

// PlanFollow returns how SQLite would find what to follow.
func (s *Store) PlanFollow(ctx context.Context, project string, q store.FollowQuery) (string, error) {
	text, args := followSQL(project, q, q.After+1)
	return s.plan(ctx, text, args)
}

func (s *Store) plan(ctx context.Context, text string, args []any) (string, error) {
	rows, err := s.read.QueryContext(ctx, `EXPLAIN QUERY PLAN `+text, args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	plan := ""
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return "", err
		}
		plan += detail + "\n"
	}
	return plan, rows.Err()
}

// RebuildRollups sums up a file anew.
var RebuildRollups = rebuildRollups
