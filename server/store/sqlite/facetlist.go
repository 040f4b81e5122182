package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// Facets implements [store.Store].
func (s *Store) Facets(ctx context.Context, project string, q store.FacetQuery) ([]store.FacetValues, error) {
	list := make([]store.FacetValues, 0, len(q.Names))
	for _, name := range q.Names {
		values, err := s.facet(ctx, project, name, q)
		if err != nil {
			return nil, fmt.Errorf("facet %s: %w", name, err)
		}
		list = append(list, store.FacetValues{Name: name, Values: values})
	}
	return list, nil
}

func (s *Store) facet(ctx context.Context, project string, name store.Facet, q store.FacetQuery) ([]store.FacetValue, error) {
	switch name {
	case store.FacetStatus:
		list, err := s.statuses(ctx, project, q.IdleBefore, math.MinInt64, math.MaxInt64)
		return list[:min(len(list), q.Limit)], err
	case store.FacetModel, store.FacetTool:
		return s.values(ctx, `SELECT value, count(*) AS n FROM session_facets WHERE project = ? AND facet = ? GROUP BY value ORDER BY n DESC, value LIMIT ?`,
			project, rollupFacets[name], q.Limit)
	}
	column, known := sessionColumns[name]
	if !known {
		return nil, nil
	}
	return s.values(ctx, `SELECT `+column+`, count(*) AS n FROM sessions WHERE project = ? AND `+column+` IS NOT NULL GROUP BY `+column+
		` ORDER BY n DESC, `+column+` LIMIT ?`, project, q.Limit)
}

// sessionColumns are the columns of sessions that are facets.
var sessionColumns = map[store.Facet]string{
	store.FacetAgent: "agent_name", store.FacetUser: "user_id", store.FacetConversation: "conversation_id",
}

// createdIn are the sessions of a span, from the index that has their status too.
const createdIn = `FROM sessions INDEXED BY sessions_by_status WHERE project = ? AND created_at >= ? AND created_at < ?`

// statuses counts the sessions created in a span by status.
func (s *Store) statuses(ctx context.Context, project string, idleBefore time.Time, first, end int64) ([]store.FacetValue, error) {
	list, err := s.values(ctx, `SELECT status, count(*) `+createdIn+` GROUP BY status`, project, first, end)
	if err != nil || idleBefore.IsZero() {
		return mostFrequent(list), err
	}
	var idle int64
	err = s.read.QueryRowContext(ctx, `SELECT count(*) `+createdIn+` AND status = ? AND last_received_at < ?`,
		project, first, end, string(types.StatusActive), idleBefore.UnixNano()).Scan(&idle)
	for i := range list {
		if list[i].Value == string(types.StatusActive) {
			list[i].Sessions -= idle
		}
	}
	return mostFrequent(append(list, store.FacetValue{Value: string(types.StatusAbandoned), Sessions: idle})), err
}

// mostFrequent sorts values, without those that nothing has.
func mostFrequent(list []store.FacetValue) []store.FacetValue {
	list = slices.DeleteFunc(list, func(v store.FacetValue) bool { return v.Sessions <= 0 })
	slices.SortFunc(list, func(a, b store.FacetValue) int {
		return cmp.Or(cmp.Compare(b.Sessions, a.Sessions), cmp.Compare(a.Value, b.Value))
	})
	return list
}

func (s *Store) values(ctx context.Context, query string, args ...any) ([]store.FacetValue, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []store.FacetValue
	for rows.Next() {
		var v store.FacetValue
		if err := rows.Scan(&v.Value, &v.Sessions); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}
