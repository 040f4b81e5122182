package sqlite

import (
	"context"
	"strings"

	"github.com/sentrial/sentrial-go/server/store"
)

// SetLookUpMost changes up to how many sessions are looked up one by one.
func (s *Store) SetLookUpMost(n int) { s.lookUpMost = n }

// Settle returns when the index is up to date, nothing is left to be merged and nothing to be removed.
func (s *Store) Settle(ctx context.Context) error {
	for {
		if err := s.WaitIndexed(ctx); err != nil {
			return err
		}
		many, err := s.index.mergeable(ctx)
		if err != nil {
			return err
		}
		dead, err := segments(ctx, s.read, `live <> 1`)
		if err != nil || len(many)+len(dead) == 0 {
			return err
		}
	}
}

// Segments returns how many segments there are, and how many blocks they have.
func (s *Store) Segments(ctx context.Context) (n, blocks int, err error) {
	all, err := segments(ctx, s.read, `TRUE`)
	for i := range all {
		blocks += all[i].blocks
	}
	return len(all), blocks, err
}

// PlanSearch returns how SQLite would look up what was found, walk the list for it, and look into a segment.
func (s *Store) PlanSearch(ctx context.Context, project string, q store.SessionQuery) ([]string, error) {
	var plans []string
	lookUpText, lookUpArgs := foundSQL(project, q, "[1,2]")
	walkText, walkArgs := walkSQL(project, q, nil)
	for _, c := range []struct {
		text string
		args []any
	}{{lookUpText, lookUpArgs}, {walkText, walkArgs}, {selectBlocks, []any{1, []byte("x"), 1, 2}}} {
		plan, err := s.plan(ctx, c.text, c.args)
		if err != nil {
			return nil, err
		}
		plans = append(plans, strings.TrimSpace(plan))
	}
	return plans, nil
}
