package sqlite

import (
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/server/store/histogram"
	"github.com/sentrial/sentrial-go/types"
)

// What a rollup is of, in the column facet. Models and tools have the numbers that marks have.
const (
	facetType  = 3
	facetAgent = 4
)

// rollupKey names a row of rollups.
type rollupKey struct {
	project string
	facet   int
	hour    int64
	value   string
}

// rollupDelta is what a transaction changes of a row. What comes and what goes are apart, because sums know no numbers below zero.
type rollupDelta struct {
	plus, minus store.Counters
	sessions    int64
	latency     histogram.Histogram
	last        int64
}

// rollups gathers what a transaction changes of the sums, to be written once at its end. The zero value is ready to use.
type rollups struct {
	deltas map[rollupKey]*rollupDelta
}

// sign says whether something comes (+1) or goes (-1).
type sign int

const (
	counted   sign = +1
	uncounted sign = -1
)

// countEvent counts an event that was stored, or takes back one that is no more.
func (r *rollups) countEvent(project string, e *store.Event, sign sign) {
	r.count(project, facetType, string(e.Type), e, sign)
	switch e.Type {
	case types.EventLLMCall:
		r.count(project, facetModel, label(e.Model), e, sign)
	case types.EventToolCall:
		r.count(project, facetTool, label(e.ToolName), e, sign)
	}
}

func (r *rollups) count(project string, facet int, value string, e *store.Event, sign sign) {
	d := r.delta(rollupKey{project, facet, hourOf(e.Timestamp), value})
	d.add(e.Counters(), e.Duration, sign)
	if sign == counted {
		d.last = max(d.last, e.Timestamp.UnixNano())
	}
}

// sessionSum is what a session counts for.
type sessionSum struct {
	agent    string
	created  time.Time
	lasted   *time.Duration // nil while it is open
	counters store.Counters
}

// sumOf returns what s counts for as it is now.
func sumOf(s *store.Session) *sessionSum {
	sum := &sessionSum{agent: label(s.AgentName), created: s.CreatedAt, counters: s.Counters}
	if !s.ClosedAt.IsZero() {
		d := s.ClosedAt.Sub(s.CreatedAt)
		sum.lasted = &d
	}
	return sum
}

// countSession lets a session count as it is to be saved instead of as it counted before. It may be called again.
func (r *rollups) countSession(s *sessionRow) {
	r.uncountSession(s)
	s.counted = sumOf(&s.Session)
	r.addSession(s.Project, s.counted, counted)
}

// uncountSession takes back what a session counted for, if it did: it is about to be no more.
func (r *rollups) uncountSession(s *sessionRow) {
	if s.counted != nil {
		r.addSession(s.Project, s.counted, uncounted)
		s.counted = nil
	}
}

func (r *rollups) addSession(project string, s *sessionSum, sign sign) {
	d := r.delta(rollupKey{project, facetAgent, hourOf(s.created), s.agent})
	d.sessions += int64(sign)
	d.add(s.counters, s.lasted, sign)
}

func (r *rollups) delta(key rollupKey) *rollupDelta {
	d := r.deltas[key]
	if d == nil {
		if r.deltas == nil {
			r.deltas = make(map[rollupKey]*rollupDelta)
		}
		d = new(rollupDelta)
		r.deltas[key] = d
	}
	return d
}

func (d *rollupDelta) add(c store.Counters, lasted *time.Duration, sign sign) {
	if sign == uncounted {
		d.minus.Add(c)
	} else {
		d.plus.Add(c)
	}
	switch {
	case lasted == nil:
	case sign == uncounted:
		d.latency.Remove(*lasted)
	default:
		d.latency.Add(*lasted)
	}
}

func hourOf(t time.Time) int64 { return floorHour(t.UnixNano()) }

// floorHour returns the hour since 1970 that a time lies in.
func floorHour(nanos int64) int64 {
	hour := nanos / int64(time.Hour)
	if nanos%int64(time.Hour) < 0 {
		hour--
	}
	return hour
}
