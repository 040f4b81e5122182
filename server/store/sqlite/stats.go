package sqlite

import (
	"context"
	"math"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// Stats implements [store.Store].
func (s *Store) Stats(ctx context.Context, project string, q store.StatsQuery) (store.Stats, error) {
	first, end := spanHours(q.Since, q.Until)
	stats := store.Stats{Events: make(map[types.EventType]int64)}
	if err := s.sumEvents(ctx, &stats, project, first, end); err != nil {
		return store.Stats{}, err
	}
	list, err := s.statuses(ctx, project, q.IdleBefore, hourStart(first), hourStart(end))
	stats.Sessions = make(map[types.Status]int64, len(list))
	for _, v := range list {
		stats.Sessions[types.Status(v.Value)] = v.Sessions
	}
	return stats, err
}

// sumEventsSQL adds up as floating point numbers, which do not overflow and are exact up to 2^53.
const sumEventsSQL = `
SELECT value, total(events), total(errors), total(prompt_tokens), total(completion_tokens), total(total_tokens), total(cached_tokens),
    total(cache_write_tokens), total(reasoning_tokens), total(cost), total(costed), max(last_at)
FROM rollups WHERE project = ? AND facet = ? AND hour >= ? AND hour < ? GROUP BY value`

func (s *Store) sumEvents(ctx context.Context, stats *store.Stats, project string, first, end int64) error {
	rows, err := s.read.QueryContext(ctx, sumEventsSQL, project, facetType, first, end)
	if err != nil {
		return err
	}
	defer rows.Close()
	last := int64(-1)
	for rows.Next() {
		var kind types.EventType
		var c store.Counters
		var at int64
		if err := scanTotals(rows, &kind, &c, &at); err != nil {
			return err
		}
		stats.Events[kind] = c.Events
		stats.Counters.Add(c)
		last = max(last, at)
	}
	if last >= 0 {
		stats.LastEventAt = timeOf(last)
	}
	return rows.Err()
}

func scanTotals(row scanner, kind *types.EventType, c *store.Counters, last *int64) error {
	var sums [10]float64
	err := row.Scan(kind, &sums[0], &sums[1], &sums[2], &sums[3], &sums[4], &sums[5], &sums[6], &sums[7], &sums[8], &sums[9], last)
	t := &c.Tokens
	for i, n := range []*int64{&c.Events, &c.Errors, &t.Prompt, &t.Completion, &t.Total, &t.Cached, &t.CacheWrite, &t.Reasoning, (*int64)(&c.Cost), &c.Costed} {
		*n = whole(sums[i])
	}
	return err
}

// whole is the integer that f stands for, the largest if it is beyond.
func whole(f float64) int64 {
	if f >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(f)
}

// hourStart is when an hour begins, in nanoseconds.
func hourStart(hour int64) int64 {
	if hour >= math.MaxInt64/int64(time.Hour) {
		return math.MaxInt64
	}
	return hour * int64(time.Hour)
}
