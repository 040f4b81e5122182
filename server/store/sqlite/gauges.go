package sqlite

import (
	"context"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// gaugePatience is how long counting what is not indexed may take.
const gaugePatience = 200 * time.Millisecond

// Gauges implements [store.Gauger].
func (s *Store) Gauges() store.Gauges {
	var g store.Gauges
	if s.writer != nil {
		g = store.Gauges{QueueBytes: s.writer.queue.held(), Commits: s.writer.commits.Load(), LastCommit: time.Duration(s.writer.lastCommit.Load())}
	}
	ctx, cancel := context.WithTimeout(context.Background(), gaugePatience)
	defer cancel()
	if s.index != nil {
		g.SearchFailures = s.index.failures.Load()
	}
	g.SearchLag, _ = s.Unindexed(ctx) // a store that cannot say shows 0
	return g
}
