package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// on makes an event happen at a time of the day of start.
func on(hour, minute int) func(*store.Event) {
	return func(e *store.Event) { e.Timestamp = time.Date(2026, 11, 22, hour, minute, 0, 0, time.UTC) }
}

func lasting(d time.Duration) func(*store.Event) { return func(e *store.Event) { e.Duration = &d } }

func model(name string) func(*store.Event) { return func(e *store.Event) { e.Model = name } }

func tool(name string) func(*store.Event) { return func(e *store.Event) { e.ToolName = name } }

func (f *fixture) rollups(q store.RollupQuery) store.RollupPage {
	f.t.Helper()
	if q.Limit == 0 {
		q.Limit = 1000
	}
	page, err := f.Rollups(f.t.Context(), project, q)
	if err != nil {
		f.t.Fatal(err)
	}
	return page
}

// sums are rollups as lines: start, value, sessions, events, errors, tokens, cost, latencies in seconds, to a digit.
func (f *fixture) sums(q store.RollupQuery) string {
	f.t.Helper()
	var lines []string
	for _, r := range f.rollups(q).Rollups {
		lines = append(lines, line(r))
	}
	return strings.Join(lines, "; ")
}

func line(r store.Rollup) string {
	text := fmt.Sprintf("%s %q", r.Start.Format("02T15"), r.Value)
	if r.Sessions != 0 {
		text += fmt.Sprintf(" sessions %d", r.Sessions)
	}
	text += fmt.Sprintf(" %d/%d tokens %d", r.Counters.Events, r.Counters.Errors, r.Counters.Tokens.Total)
	if r.Counters.Costed > 0 {
		text += fmt.Sprintf(" cost %d", r.Counters.Cost)
	}
	return text + seconds(r.Median) + seconds(r.P95)
}

func seconds(d *time.Duration) string {
	if d == nil {
		return ""
	}
	return fmt.Sprintf(" %.1g", d.Seconds())
}

func rollupsByTheHour(t *testing.T, f *fixture) {
	f.ingest(
		event(types.EventLLMCall, "e1", 0, on(1, 0), model("gpt"), lasting(10*time.Second), costing(5)),
		event(types.EventLLMCall, "e2", 0, on(1, 59), model("gpt"), status(types.StatusError), func(e *store.Event) { e.Tokens.Prompt = 7 }),
		event(types.EventLLMCall, "e3", 0, on(2, 0), model("claude"), lasting(20*time.Second)),
		event(types.EventLLMCall, "e4", 0, on(2, 0)),
		event(types.EventToolCall, "e5", 0, on(2, 0), tool("search"), model("never mind"), in("s2")),
	)
	f.ingestAs("p2", "c1", event(types.EventLLMCall, "e1", 0, on(1, 0), model("gpt")))
	for _, c := range []struct {
		q    store.RollupQuery
		sums string
	}{
		{store.RollupQuery{By: store.FacetModel}, `22T01 "gpt" 2/1 tokens 7 cost 5 1e+01 1e+01; 22T02 "" 1/0 tokens 0; 22T02 "claude" 1/0 tokens 0 2e+01 2e+01`},
		{store.RollupQuery{By: store.FacetModel, Daily: true}, `22T00 "" 1/0 tokens 0; 22T00 "claude" 1/0 tokens 0 2e+01 2e+01; 22T00 "gpt" 2/1 tokens 7 cost 5 1e+01 1e+01`},
		{store.RollupQuery{By: store.FacetModel, Value: "claude"}, `22T02 "claude" 1/0 tokens 0 2e+01 2e+01`},
		{store.RollupQuery{By: store.FacetTool}, `22T02 "search" 1/0 tokens 0`},
		{store.RollupQuery{By: store.FacetType, Daily: true}, `22T00 "llm_call" 4/1 tokens 7 cost 5 1e+01 2e+01; 22T00 "tool_call" 1/0 tokens 0`},
		{
			store.RollupQuery{By: store.FacetModel, Since: time.Date(2026, 11, 22, 1, 59, 0, 0, time.UTC), Until: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)},
			`22T01 "gpt" 2/1 tokens 7 cost 5 1e+01 1e+01`,
		},
		{store.RollupQuery{By: store.FacetTool, Since: time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)}, ``},
		{store.RollupQuery{By: store.FacetTool, Until: time.Date(2026, 11, 22, 2, 0, 0, 1, time.UTC)}, `22T02 "search" 1/0 tokens 0`},
	} {
		want(t, fmt.Sprintf("%+v", c.q), f.sums(c.q), c.sums)
	}
}

// rollupsFollowTheirEvents has a call end in another hour, session and model than it was announced in.
func rollupsFollowTheirEvents(t *testing.T, f *fixture) {
	f.ingest(event(types.EventLLMCall, "e1", 0, on(1, 0), model("asked"), status(types.StatusRunning)))
	want(t, "running", f.sums(store.RollupQuery{By: store.FacetModel}), `22T01 "asked" 1/0 tokens 0`)
	final := event(types.EventLLMCall, "e1", 0, on(2, 0), model("answered"), lasting(10*time.Second), in("s2"))
	want(t, "outcomes", f.ingest(final, final), "ad")
	want(t, "final", f.sums(store.RollupQuery{By: store.FacetModel}), `22T02 "answered" 1/0 tokens 0 1e+01 1e+01`)
	want(t, "types", f.sums(store.RollupQuery{By: store.FacetType}), `22T02 "llm_call" 1/0 tokens 0 1e+01 1e+01`)
}

func rollupsOfAgents(t *testing.T, f *fixture) {
	named := func(name string) func(*store.Event) {
		return saying(func(c *store.Change) { c.AgentName = name })
	}
	agents := func() string { return f.sums(store.RollupQuery{By: store.FacetAgent}) }
	f.ingest(event(types.EventStep, "e1", 0, on(3, 0)))
	want(t, "unknown", agents(), `22T03 "" sessions 1 1/0 tokens 0`)
	f.ingest(event(types.EventSessionStart, "e2", 0, on(2, 59), named("a")), event(types.EventError, "e3", 0, on(4, 0), in("s2")))
	want(t, "begun", agents(), `22T02 "a" sessions 1 2/0 tokens 0; 22T04 "" sessions 1 1/1 tokens 0`)
	f.ingest(event(types.EventSessionEnd, "e4", 0, on(3, 9)), event(types.EventSessionUpdate, "e5", 0, on(5, 0), named("b")))
	want(t, "renamed late", agents(), `22T02 "b" sessions 1 4/0 tokens 0 6e+02 6e+02; 22T04 "" sessions 1 1/1 tokens 0`)
}

func rollupsPageByPage(t *testing.T, f *fixture) {
	for i := range 60 {
		f.ingest(event(types.EventLLMCall, fmt.Sprint("e", i), 0, func(e *store.Event) { e.Timestamp = start.Add(time.Duration(i) * 7 * time.Hour) }, model(fmt.Sprint("m", i%5))),
			event(types.EventLLMCall, fmt.Sprint("f", i), 0, func(e *store.Event) { e.Timestamp = start.Add(time.Duration(i) * 7 * time.Hour) }, model(fmt.Sprint("m", i%7))))
	}
	for _, q := range []store.RollupQuery{
		{By: store.FacetModel},
		{By: store.FacetModel, Daily: true},
		{By: store.FacetModel, Daily: true, Value: "m3"},
		{By: store.FacetModel, Since: start.Add(50 * time.Hour), Until: start.Add(222 * time.Hour), Daily: true},
	} {
		all := f.sums(q)
		for _, limit := range []int{1, 3, 1000} {
			var lines []string
			for q.Limit, q.After = limit, nil; ; {
				page := f.rollups(q)
				if len(page.Rollups) > limit {
					t.Fatalf("%d rows, limit %d", len(page.Rollups), limit)
				}
				for _, r := range page.Rollups {
					lines = append(lines, line(r))
				}
				if q.After = page.Next; q.After == nil {
					break
				}
			}
			want(t, fmt.Sprintf("pages of %d, %+v", limit, q), strings.Join(lines, "; "), all)
			q.Limit, q.After = 0, nil
		}
	}
}
