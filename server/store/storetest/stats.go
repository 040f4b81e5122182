package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func (f *fixture) stats(q store.StatsQuery) store.Stats {
	f.t.Helper()
	stats, err := f.Stats(f.t.Context(), project, q)
	if err != nil {
		f.t.Fatal(err)
	}
	return stats
}

func statsOfEverything(t *testing.T, f *fixture) {
	want(t, "of nothing", f.stats(store.StatsQuery{}), store.Stats{Sessions: map[types.Status]int64{}, Events: map[types.EventType]int64{}})
	f.ingest(
		event(types.EventSessionStart, "e1", 0, on(1, 0)), call("e2", types.StatusSuccess, 20, 100),
		event(types.EventSessionEnd, "e3", 0, on(1, 9), status(types.StatusSuccess)),
		event(types.EventError, "e4", 0, on(5, 0), in("s2")),
		event(types.EventStep, "e5", 0, on(6, 0), in("s3")),
	)
	f.ingestAs("p2", "c1", event(types.EventStep, "e1", 0, on(7, 0)))
	all := f.stats(store.StatsQuery{})
	want(t, "sessions", all.Sessions, map[types.Status]int64{types.StatusActive: 2, types.StatusSuccess: 1})
	want(t, "events", all.Events, map[types.EventType]int64{"session_start": 1, "llm_call": 1, "session_end": 1, "error": 1, "step": 1})
	want(t, "counters", all.Counters, store.Counters{Events: 5, Errors: 1, Tokens: store.Tokens{Prompt: 20, Completion: 1, Total: 21}, Cost: 100, Costed: 1})
	want(t, "last", all.LastEventAt, time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC))
	some := f.stats(store.StatsQuery{Since: start.Add(3 * time.Hour), Until: time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)})
	want(t, "some", fmt.Sprint(some.Sessions, some.Events, some.Counters.Errors, some.LastEventAt.Hour()), "map[active:1] map[error:1] 1 5")
	idle := f.stats(store.StatsQuery{IdleBefore: start.Add(2 * time.Hour)})
	want(t, "idle", idle.Sessions, map[types.Status]int64{types.StatusAbandoned: 2, types.StatusSuccess: 1})
}

func facetsByFrequency(t *testing.T, f *fixture) {
	for i, agent := range []string{"a", "b", "b", "", "c"} {
		session := in(fmt.Sprint("s", i))
		f.ingest(
			event(types.EventSessionStart, fmt.Sprint("start", i), i, session, saying(func(c *store.Change) { c.AgentName, c.UserID, c.ConversationID = agent, "u", fmt.Sprint("c", i) })),
			event(types.EventLLMCall, fmt.Sprint("m", i), i, session, model("gpt")), event(types.EventLLMCall, fmt.Sprint("n", i), i, session, model("gpt")),
			event(types.EventToolCall, fmt.Sprint("t", i), i, session, tool(fmt.Sprint("tool", 9-i/3))),
		)
	}
	f.ingest(event(types.EventSessionEnd, "end", 9, in("s1"), status(types.StatusError)))
	f.ingestAs("p2", "c1", event(types.EventToolCall, "x", 1, tool("theirs")))
	all := []store.Facet{store.FacetStatus, store.FacetAgent, store.FacetUser, store.FacetModel, store.FacetTool, store.FacetConversation, store.FacetType}
	for _, c := range []struct {
		q    store.FacetQuery
		want string
	}{
		{store.FacetQuery{Names: all, Limit: 2}, "[{status [{active 4} {error 1}]} {agent [{b 2} {a 1}]} {user [{u 5}]} {model [{gpt 5}]} {tool [{tool9 3} {tool8 2}]} " +
			"{conversation [{c0 1} {c1 1}]} {type []}]"},
		{store.FacetQuery{Names: all[:1], Limit: 1}, "[{status [{active 4}]}]"},
		{store.FacetQuery{Names: all[:1], Limit: 9, IdleBefore: start.Add(2 * time.Hour)}, "[{status [{abandoned 4} {error 1}]}]"},
		{store.FacetQuery{Limit: 1}, "[]"},
	} {
		got, err := f.Facets(t.Context(), project, c.q)
		if err != nil {
			t.Fatal(err)
		}
		want(t, fmt.Sprint(c.q.Names), fmt.Sprint(got), c.want)
	}
}
