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

// HoldTurn keeps everybody else from writing until release is called.
func (s *Store) HoldTurn() (release func()) {
	<-s.writer.turn
	return func() { s.writer.turn <- struct{}{} }
}

// Waiting returns how many batches wait for the writer's turn.
func (s *Store) Waiting() int {
	s.writer.queue.mu.Lock()
	defer s.writer.queue.mu.Unlock()
	return len(s.writer.queue.waiting)
}

// RoundTripPayload packs and unpacks text.
func RoundTripPayload(text []byte) (encoding int, again []byte, err error) {
	codec, err := newPayloadCodec()
	if err != nil {
		return 0, nil, err
	}
	defer codec.close()
	b := codec.pack(text)
	again, err = codec.unpack(b)
	return b.encoding, again, err
}

// UnpackPayload reads a body as the file may hold it.
func UnpackPayload(encoding int, data []byte) ([]byte, error) {
	codec, err := newPayloadCodec()
	if err != nil {
		return nil, err
	}
	defer codec.close()
	return codec.unpack(body{encoding, data})
}

// RebuildRollups sums up a file anew.
var RebuildRollups = rebuildRollups
