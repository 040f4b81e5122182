package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func unknownSessionIsCreated(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e2", 2), event(types.EventStep, "e1", 1))
	s := f.session("s1")
	want(t, "status and name", []string{string(s.Status), s.Name, s.Project, s.ID}, []string{"active", "", project, "s1"})
	want(t, "created", s.CreatedAt, start.Add(time.Second))
	f.ingest(event(types.EventStep, "e0", 0), event(types.EventStep, "e3", 3))
	want(t, "created, after an earlier event", f.session("s1").CreatedAt, start)
}

func startFillsWhatIsAbsent(t *testing.T, f *fixture) {
	f.ingest(
		event(types.EventSessionUpdate, "e1", 1, saying(func(c *store.Change) {
			c.UserID, c.Metadata = "updated", json.RawMessage(`{"k":"updated","u":1.50}`)
		})),
	)
	f.ingest(event(types.EventSessionStart, "e0", 2, saying(func(c *store.Change) {
		*c = store.Change{
			Name: "n", AgentName: "a", AgentVersion: "1", UserID: "started", ConversationID: "c", ParentSessionID: "s0",
			Input: json.RawMessage(`{"q":10000000000000000000001}`), Tags: []string{"x", "y"}, Metadata: json.RawMessage(`{"k":"started","s":2}`),
		}
	})))
	s := f.session("s1")
	want(t, "texts", []string{s.Name, s.AgentName, s.AgentVersion, s.UserID, s.ConversationID, s.ParentSessionID}, []string{"n", "a", "1", "updated", "c", "s0"})
	want(t, "input", string(s.Input), `{"q":10000000000000000000001}`)
	want(t, "tags", s.Tags, []string{"x", "y"})
	want(t, "metadata", string(s.Metadata), `{"k":"updated","s":2,"u":1.50}`)
	want(t, "created at the start, though an event was earlier", s.CreatedAt, start.Add(2*time.Second))
	want(t, "started", s.Started, true)
}

func secondStartUpdates(t *testing.T, f *fixture) {
	f.ingest(event(types.EventSessionStart, "e0", 0, saying(func(c *store.Change) { c.Name, c.UserID, c.Tags = "n", "u", []string{"x"} })))
	f.ingest(event(types.EventSessionStart, "e1", 5, saying(func(c *store.Change) { c.Name, c.Tags = "m", []string{} })))
	s := f.session("s1")
	want(t, "name, user", []string{s.Name, s.UserID}, []string{"m", "u"})
	want(t, "tags", len(s.Tags), 0)
	want(t, "created", s.CreatedAt, start)
	f.ingest(event(types.EventSessionStart, "e2", -5))
	want(t, "created, after an earlier second start", f.session("s1").CreatedAt, start)
}

func updateChangesOnlyWhatItNames(t *testing.T, f *fixture) {
	f.ingest(event(types.EventSessionStart, "e0", 0, saying(func(c *store.Change) {
		c.Name, c.UserID, c.Input, c.Tags, c.Metadata = "n", "u", json.RawMessage(`1`), []string{"x"}, json.RawMessage(`{"a":1,"b":"<&>"}`)
	})))
	f.ingest(event(types.EventSessionUpdate, "e1", 1, saying(func(c *store.Change) { c.Name, c.Metadata = "m", json.RawMessage(`{"a":2,"c":null}`) })))
	s := f.session("s1")
	want(t, "name, user, input", []string{s.Name, s.UserID, string(s.Input)}, []string{"m", "u", "1"})
	want(t, "tags", s.Tags, []string{"x"})
	want(t, "metadata", string(s.Metadata), `{"a":2,"b":"<&>","c":null}`)
	f.ingest(event(types.EventSessionUpdate, "e1", 2, saying(func(c *store.Change) { c.Name = "never" })))
	want(t, "name after a duplicate update", f.session("s1").Name, "m")
}

func endMayComeFirst(t *testing.T, f *fixture) {
	f.ingest(event(types.EventSessionEnd, "e9", 9, status(types.StatusError), saying(func(c *store.Change) {
		c.Summary, c.Output, c.Metrics, c.Metadata = "sum", json.RawMessage(`"out"`), json.RawMessage(`{"m":0.1}`), json.RawMessage(`{"e":1}`)
	})))
	f.ingest(event(types.EventSessionStart, "e0", 0, saying(func(c *store.Change) { c.Name = "n" })))
	f.ingest(event(types.EventSessionEnd, "e10", 10, status(types.StatusSuccess), saying(func(c *store.Change) { c.Summary = "never" })))
	s := f.session("s1")
	want(t, "name, status, summary", []string{s.Name, string(s.Status), s.Summary}, []string{"n", "error", "sum"})
	want(t, "output, metrics, metadata", []string{string(s.Output), string(s.Metrics), string(s.Metadata)}, []string{`"out"`, `{"m":0.1}`, `{"e":1}`})
	want(t, "created", s.CreatedAt, start)
	want(t, "closed", s.ClosedAt, start.Add(9*time.Second))
	want(t, "counters: the session's error is no event's", s.Counters, store.Counters{Events: 3})
}

func eventsAfterTheEndAreStored(t *testing.T, f *fixture) {
	f.ingest(event(types.EventSessionEnd, "e1", 1))
	f.ingest(event(types.EventStep, "e2", 2), event(types.EventSessionUpdate, "e3", 3, saying(func(c *store.Change) { c.Name = "late" })))
	s := f.session("s1")
	want(t, "status of an end without one, name", []string{string(s.Status), s.Name}, []string{"unknown", "late"})
	want(t, "counters", s.Counters.Events, 3)
	want(t, "closed", s.ClosedAt, start.Add(time.Second))
}

func countersAreExact(t *testing.T, f *fixture) {
	tokens := store.Tokens{Prompt: 100, Completion: 20, Total: 121, Cached: 50, CacheWrite: 7, Reasoning: 9}
	f.ingest(
		event(types.EventSessionStart, "e0", 0, status(types.StatusError)),
		event(types.EventLLMCall, "e1", 1, costing(100_000_001), func(e *store.Event) { e.Tokens = tokens }),
		event(types.EventLLMCall, "e2", 2, status(types.StatusError), costing(2), func(e *store.Event) { e.Tokens = store.Tokens{Prompt: 1, Completion: 2} }),
		event(types.EventToolCall, "e3", 3, status(types.StatusError), costing(30)),
		event(types.EventError, "e4", 4),
	)
	f.ingest(event("custom", "e5", 5, status(types.StatusError)), event(types.EventStep, "e6", 6, costing(1_000_000)))
	want(t, "counters", f.session("s1").Counters, store.Counters{
		Events: 7, Errors: 4, Cost: 100_000_033, Costed: 3,
		Tokens: store.Tokens{Prompt: 101, Completion: 22, Total: 124, Cached: 50, CacheWrite: 7, Reasoning: 9},
	})
}

func unknownCostStaysUnknown(t *testing.T, f *fixture) {
	f.ingest(event(types.EventLLMCall, "e1", 1))
	want(t, "costed", f.session("s1").Counters.Costed, 0)
	f.ingest(event(types.EventToolCall, "e2", 2, costing(0)))
	want(t, "counters, with a known cost of nothing", f.session("s1").Counters, store.Counters{Events: 2, Costed: 1})
	f.ingest(event(types.EventLLMCall, "e3", 3, status(types.StatusRunning), costing(5), in("s2")))
	f.ingest(event(types.EventLLMCall, "e3", 3, status(types.StatusSuccess), in("s2")))
	want(t, "costed, after a final event without the running one's cost", f.session("s2").Counters, store.Counters{Events: 1})
}
