package storetest

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// rollupsAreWhatIsStored ingests events at random, in any order, repeated, running and final, with sessions that change late, and holds the sums
// to those made anew of what is stored.
func rollupsAreWhatIsStored(t *testing.T, f *fixture) {
	for seed := range uint64(8) {
		m := &rollupModel{f: f, random: rand.New(rand.NewPCG(seed, 6)), stored: make(map[string]store.Event), prefix: fmt.Sprint(seed, "-")}
		m.project = fmt.Sprint("random", seed)
		for range 25 {
			m.step()
		}
		for _, by := range []store.Facet{store.FacetModel, store.FacetTool, store.FacetType, store.FacetAgent} {
			m.check(by)
		}
	}
}

// rollupModel knows what a store should have, in plain maps.
type rollupModel struct {
	f               *fixture
	random          *rand.Rand
	project, prefix string
	stored          map[string]store.Event // by id
}

// modelKey names a row.
type modelKey struct {
	start time.Time
	value string
}

type modelSum struct {
	store.Counters
	sessions  int64
	durations []time.Duration
}

// step ingests a batch.
func (m *rollupModel) step() {
	batch := store.Batch{Project: m.project, ReceivedAt: start}
	for range 1 + m.random.IntN(12) {
		batch.Events = append(batch.Events, m.event())
	}
	receipt, err := m.f.Ingest(m.f.t.Context(), batch)
	if err != nil {
		m.f.t.Fatal(err)
	}
	for i, o := range receipt.Outcomes {
		if o == store.Accepted {
			m.stored[batch.Events[i].ID] = batch.Events[i]
		}
	}
}

var modelTypes = []types.EventType{
	types.EventLLMCall, types.EventToolCall, types.EventStep, types.EventError, types.EventSessionStart, types.EventSessionUpdate, types.EventSessionEnd, "custom",
}

// event is one of 60 ids, sessions and names of few, at any of some hours.
func (m *rollupModel) event() store.Event {
	r := m.random
	e := event(modelTypes[r.IntN(len(modelTypes))], fmt.Sprint("e", r.IntN(60)), r.IntN(5*3600), in(m.prefix+fmt.Sprint(r.IntN(6))))
	e.Status = []types.Status{"", types.StatusRunning, types.StatusSuccess, types.StatusError}[r.IntN(4)]
	if e.Change != nil {
		e.Change.AgentName = []string{"", "a", "b"}[r.IntN(3)]
		if e.Status == types.StatusRunning {
			e.Status = types.StatusSuccess
		}
	}
	switch e.Type {
	case types.EventLLMCall:
		e.Model = []string{"", "m1", "m2"}[r.IntN(3)]
		e.Tokens = store.Tokens{Prompt: r.Int64N(100), Completion: r.Int64N(100), Cached: r.Int64N(9), Reasoning: r.Int64N(9)}
	case types.EventToolCall:
		e.ToolName = []string{"t1", "t2"}[r.IntN(2)]
	}
	if r.IntN(2) == 0 {
		d := time.Duration(r.Int64N(1e11))
		e.Duration = &d
	}
	if cost := store.NanoUSD(r.Int64N(1e9)); r.IntN(2) == 0 {
		e.Cost = &cost
	}
	return e
}

// check compares the store's sums by the hour.
func (m *rollupModel) check(by store.Facet) {
	m.f.t.Helper()
	page, err := m.f.Rollups(m.f.t.Context(), m.project, store.RollupQuery{By: by, Limit: 1000})
	if err != nil {
		m.f.t.Fatal(err)
	}
	sums := m.sums(by)
	keys := slices.SortedFunc(maps.Keys(sums), func(a, b modelKey) int {
		if c := a.start.Compare(b.start); c != 0 {
			return c
		}
		return slices.Compare([]byte(a.value), []byte(b.value))
	})
	if len(keys) != len(page.Rollups) {
		m.f.t.Fatalf("%s %s: %d rows, want %d", m.project, by, len(page.Rollups), len(keys))
	}
	for i, r := range page.Rollups {
		sum := sums[keys[i]]
		got := fmt.Sprintf("%v %q %d %+v", r.Start, r.Value, r.Sessions, r.Counters)
		want(m.f.t, m.project, got, fmt.Sprintf("%v %q %d %+v", keys[i].start, keys[i].value, sum.sessions, sum.Counters))
		wantNear(m.f.t, r.Median, sum.durations, 0.5)
		wantNear(m.f.t, r.P95, sum.durations, 0.95)
	}
}

// sums makes the sums anew.
func (m *rollupModel) sums(by store.Facet) map[modelKey]*modelSum {
	sums := make(map[modelKey]*modelSum)
	if by == store.FacetAgent {
		m.agents(sums)
		return sums
	}
	for _, e := range m.stored {
		switch {
		case by == store.FacetType:
			sumAt(sums, e.Timestamp, string(e.Type)).add(e.Counters(), e.Duration)
		case by == store.FacetModel && e.Type == types.EventLLMCall:
			sumAt(sums, e.Timestamp, e.Model).add(e.Counters(), e.Duration)
		case by == store.FacetTool && e.Type == types.EventToolCall:
			sumAt(sums, e.Timestamp, e.ToolName).add(e.Counters(), e.Duration)
		}
	}
	return sums
}

func (m *rollupModel) agents(sums map[modelKey]*modelSum) {
	page, err := m.f.Sessions(m.f.t.Context(), m.project, store.SessionQuery{Limit: 1000})
	if err != nil {
		m.f.t.Fatal(err)
	}
	for _, s := range page.Sessions {
		var lasted *time.Duration
		if d := max(s.ClosedAt.Sub(s.CreatedAt), 0); !s.ClosedAt.IsZero() {
			lasted = &d
		}
		sum := sumAt(sums, s.CreatedAt, s.AgentName)
		sum.add(s.Counters, lasted)
		sum.sessions++
	}
}

func sumAt(sums map[modelKey]*modelSum, at time.Time, value string) *modelSum {
	key := modelKey{at.Truncate(time.Hour), value}
	if sums[key] == nil {
		sums[key] = new(modelSum)
	}
	return sums[key]
}

func (s *modelSum) add(c store.Counters, lasted *time.Duration) {
	s.Add(c)
	if lasted != nil {
		s.durations = append(s.durations, *lasted)
	}
}

// wantNear holds a latency to the exact one, within 5 %.
func wantNear(t *testing.T, got *time.Duration, durations []time.Duration, q float64) {
	t.Helper()
	if len(durations) == 0 {
		if got != nil {
			t.Errorf("quantile %v of nothing is %v", q, *got)
		}
		return
	}
	slices.Sort(durations)
	exact := durations[int(math.Ceil(q*float64(len(durations))))-1]
	if got == nil || math.Abs(float64(*got-exact)) > float64(exact)/20 {
		t.Errorf("quantile %v is %v, exactly %v", q, got, exact)
	}
}
