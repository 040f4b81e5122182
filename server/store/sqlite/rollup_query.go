package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
)

// rollupFacets are the numbers of the facets that rollups know.
var rollupFacets = map[store.Facet]int{
	store.FacetModel: facetModel, store.FacetTool: facetTool, store.FacetType: facetType, store.FacetAgent: facetAgent,
}

// Rollups implements [store.Store].
func (s *Store) Rollups(ctx context.Context, project string, q store.RollupQuery) (store.RollupPage, error) {
	text, args := rollupsSQL(project, q)
	rows, err := s.read.QueryContext(ctx, text, args...)
	if err != nil {
		return store.RollupPage{}, err
	}
	defer rows.Close()
	r := rollupReader{rows: rows, hours: 1, after: q.After}
	if q.Daily {
		r.hours = 24
	}
	var page store.RollupPage
	for r.next() {
		for _, sum := range r.sums {
			if len(page.Rollups) == q.Limit {
				page.Next = &page.Rollups[q.Limit-1].RollupKey
				return page, nil
			}
			page.Rollups = append(page.Rollups, sum)
		}
	}
	return page, errors.Join(r.err, rows.Err())
}

// rollupsSQL begins with the hour or day that the page before ended in: the rest of its values may be left.
func rollupsSQL(project string, q store.RollupQuery) (string, []any) {
	first, end := spanHours(q.Since, q.Until)
	if q.After != nil {
		first = max(first, hourOf(q.After.Start))
	}
	w := where{}
	w.add(`project = ?`, project)
	w.add(`facet = ?`, rollupFacets[q.By])
	w.add(`hour >= ?`, first)
	w.add(`hour < ?`, end)
	w.equal(`value`, label(q.Value))
	return `SELECT hour, value, ` + rollupColumns + ` FROM rollups` + w.String() + ` ORDER BY hour, value`, w.args
}

// rollupReader reads rows of hours and adds them up to intervals.
type rollupReader struct {
	rows  *sql.Rows
	hours int64 // of an interval
	after *store.RollupKey

	sums  []store.Rollup // of the interval that next read
	ahead *rollupHour    // the first row of the one after
	err   error
}

// rollupHour is a row.
type rollupHour struct {
	hour  int64
	value string
	rollupSum
}

// next reads an interval that has anything to show.
func (r *rollupReader) next() bool {
	for r.err == nil {
		if r.ahead == nil && !r.read() {
			return false
		}
		if r.sums = r.interval(); len(r.sums) > 0 {
			return r.err == nil
		}
	}
	return false
}

// read moves on to the next row.
func (r *rollupReader) read() bool {
	r.ahead = nil
	if !r.rows.Next() {
		return false
	}
	row := new(rollupHour)
	r.err = row.scan(r.rows, &row.hour, &row.value)
	r.ahead = row
	return r.err == nil
}

// interval adds up the rows of the interval that the row ahead begins.
func (r *rollupReader) interval() []store.Rollup {
	first := r.ahead.hour - r.ahead.hour%r.hours
	byValue := make(map[string]*rollupSum)
	for r.ahead != nil && r.ahead.hour < first+r.hours {
		if sum := byValue[r.ahead.value]; sum != nil {
			sum.add(&r.ahead.rollupSum)
		} else {
			byValue[r.ahead.value] = &r.ahead.rollupSum
		}
		if !r.read() {
			break
		}
	}
	return r.left(timeOf(first*int64(time.Hour)), byValue)
}

// left are the sums of an interval behind the place where the page begins, by value.
func (r *rollupReader) left(start time.Time, byValue map[string]*rollupSum) []store.Rollup {
	var list []store.Rollup
	for value, sum := range byValue {
		if r.after == nil || start.After(r.after.Start) || value > r.after.Value {
			list = append(list, sum.rollup(store.RollupKey{Start: start, Value: value}))
		}
	}
	slices.SortFunc(list, func(a, b store.Rollup) int { return cmp.Compare(a.Value, b.Value) })
	return list
}

// spanHours turns a span of time into hours: the first, and the first after it.
func spanHours(since, until time.Time) (first, end int64) {
	const never = 1 << 32
	first, end = 0, never
	if !since.IsZero() {
		first = hourOf(since)
	}
	if !until.IsZero() {
		end = hourOf(until.Add(time.Hour - 1))
	}
	return first, end
}
