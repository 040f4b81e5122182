package sqlite

import (
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/histogram"
)

// rollupSum is a row of rollups, or several added up.
type rollupSum struct {
	store.Counters
	sessions int64
	latency  histogram.Histogram
	last     int64
}

// scan adds a row of rollupColumns, behind what first scans. It must not be called twice with sums that were not read.
func (s *rollupSum) scan(row scanner, first ...any) error {
	var latency []byte
	t := &s.Tokens
	err := row.Scan(append(first, &s.sessions, &s.Events, &s.Errors, &t.Prompt, &t.Completion, &t.Total, &t.Cached, &t.CacheWrite, &t.Reasoning,
		&s.Cost, &s.Costed, &latency, &s.last)...)
	if err != nil {
		return err
	}
	return s.latency.MergeEncoded(latency)
}

// columns are the values of rollupColumns.
func (s *rollupSum) columns() []any {
	t := &s.Tokens
	return []any{
		s.sessions, s.Events, s.Errors, t.Prompt, t.Completion, t.Total, t.Cached, t.CacheWrite, t.Reasoning, int64(s.Cost), s.Costed,
		s.latency.Append(nil), s.last,
	}
}

// add adds another sum.
func (s *rollupSum) add(o *rollupSum) {
	s.Add(o.Counters)
	s.sessions += o.sessions
	s.latency.Merge(&o.latency)
	s.last = max(s.last, o.last)
}

// rollup returns the sum as the store tells it.
func (s *rollupSum) rollup(key store.RollupKey) store.Rollup {
	return store.Rollup{RollupKey: key, Sessions: s.sessions, Counters: s.Counters, Median: s.quantile(0.5), P95: s.quantile(0.95)}
}

func (s *rollupSum) quantile(q float64) *time.Duration {
	if d, ok := s.latency.Quantile(q); ok {
		return &d
	}
	return nil
}
