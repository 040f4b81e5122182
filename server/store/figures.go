package store

import (
	"context"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// Facet is a property that sessions and events are told apart by.
type Facet string

// The facets. Rollups know the first four.
const (
	FacetModel        Facet = "model"        // of llm_call events
	FacetTool         Facet = "tool"         // of tool_call events
	FacetType         Facet = "type"         // of all events
	FacetAgent        Facet = "agent"        // of sessions, as the rest
	FacetStatus       Facet = "status"       // with abandoned, see StatsQuery.IdleBefore
	FacetUser         Facet = "user"         //
	FacetConversation Facet = "conversation" //
)

// Figures is the part of a [Store] that sums up what a project has. The sums are those of what is stored at that moment, to the last event:
// what is replaced or deleted counts no more.
type Figures interface {
	// Rollups returns a page of sums by the hour or the day, oldest first, then by value. [RollupQuery.By] is a facet that rollups know.
	Rollups(ctx context.Context, project string, q RollupQuery) (RollupPage, error)

	// Facets returns the values of facets with the number of sessions that have them, the most frequent first, then by value. FacetType has none.
	Facets(ctx context.Context, project string, q FacetQuery) ([]FacetValues, error)

	// Stats returns the sums of everything.
	Stats(ctx context.Context, project string, q StatsQuery) (Stats, error)
}

// RollupQuery selects sums. Since and Until, where given, select whole hours UTC: from the one that Since lies in up to the one that Until lies in,
// which is left out when Until is its very beginning. A day that they cut has the sum of its hours that are left.
type RollupQuery struct {
	By           Facet
	Daily        bool   // sums of days UTC instead of hours
	Value        string // only this one; "" = all
	Since, Until time.Time
	After        *RollupKey
	Limit        int // rows; must be positive
}

// RollupKey is a place in the list of sums.
type RollupKey struct {
	Start time.Time
	Value string
}

// Rollup is the sum of one value in one hour or day: of the events that happened then, or for an agent of the sessions created then.
type Rollup struct {
	RollupKey
	Sessions int64 // of an agent
	Counters Counters
	// Median and P95 are those of durations, of an agent's sessions from creation to end, and nearly exact: see package histogram. nil = nothing had one.
	Median, P95 *time.Duration
}

// RollupPage is part of a list. Next is nil at its end.
type RollupPage struct {
	Rollups []Rollup
	Next    *RollupKey
}

// FacetQuery selects values.
type FacetQuery struct {
	Names      []Facet
	Limit      int       // values of each; must be positive
	IdleBefore time.Time // as in StatsQuery
}

// FacetValues are the values of a facet. Sessions that have none are in none of them.
type FacetValues struct {
	Name   Facet
	Values []FacetValue
}

// FacetValue is a value and how many sessions have it.
type FacetValue struct {
	Value    string
	Sessions int64
}

// StatsQuery selects what to sum up: the events that happened and the sessions that were created in a span, of whole hours as in RollupQuery.
type StatsQuery struct {
	Since, Until time.Time
	IdleBefore   time.Time // an active session of which nothing was received since then is abandoned; zero = none is
}

// Stats sums up a project.
type Stats struct {
	Sessions    map[types.Status]int64    // by status; without those that are 0
	Events      map[types.EventType]int64 // by type, likewise
	Counters    Counters                  // of the events
	LastEventAt time.Time                 // the latest timestamp of an event, deleted ones included as long as their hour has others; zero = none
}
