package storetest

import (
	"errors"
	"testing"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func firstEventWins(t *testing.T, f *fixture) {
	want(t, "first", f.ingest(event(types.EventStep, "e1", 0, status(types.StatusSuccess))), "a")
	want(t, "second", f.ingest(event(types.EventStep, "e1", 5, status(types.StatusError)), event(types.EventStep, "e2", 1)), "da")
	page := f.events(store.EventQuery{})
	want(t, "events", len(page.Events), 2)
	want(t, "e1", string(page.Events[0].Raw), `{"id":"e1","type":"step","session_id":"s1","status":"success"}`)
	want(t, "counters", f.session("s1").Counters, store.Counters{Events: 2})
}

func duplicatesWithinABatch(t *testing.T, f *fixture) {
	want(t, "outcomes", f.ingest(event(types.EventStep, "e1", 0), event(types.EventError, "e1", 0), event(types.EventStep, "e2", 0)), "ada")
	want(t, "counters", f.session("s1").Counters, store.Counters{Events: 2})
}

func duplicateCreatesNoSession(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 0))
	want(t, "outcome", f.ingest(event(types.EventStep, "e1", 0, in("s2"))), "d")
	if _, err := f.Session(t.Context(), project, "s2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("session s2: %v", err)
	}
}

// call is an LLM call with figures that tell the running report from the final one.
func call(id string, s types.Status, tokens int64, cost store.NanoUSD) store.Event {
	return event(types.EventLLMCall, id, 0, status(s), costing(cost), func(e *store.Event) { e.Tokens = store.Tokens{Prompt: tokens, Completion: 1} })
}

func finalReplacesRunning(t *testing.T, f *fixture) {
	want(t, "running", f.ingest(call("e1", types.StatusRunning, 5, 10)), "a")
	before := f.events(store.EventQuery{}).Events[0].Position
	want(t, "running again", f.ingest(call("e1", types.StatusRunning, 6, 11)), "d")
	want(t, "final", f.ingest(call("e1", types.StatusError, 7, 12)), "a")
	want(t, "final again", f.ingest(call("e1", types.StatusSuccess, 8, 13)), "d")
	page := f.events(store.EventQuery{})
	want(t, "events", len(page.Events), 1)
	want(t, "event", string(page.Events[0].Raw), `{"id":"e1","type":"llm_call","session_id":"s1","status":"error"}`)
	if page.Events[0].Position <= before {
		t.Errorf("position %d after %d: who follows positions misses the final event", page.Events[0].Position, before)
	}
	want(t, "counters", f.session("s1").Counters,
		store.Counters{Events: 1, Errors: 1, Tokens: store.Tokens{Prompt: 7, Completion: 1, Total: 8}, Cost: 12, Costed: 1})
}

func runningAfterFinalIsADuplicate(t *testing.T, f *fixture) {
	f.ingest(call("e1", types.StatusSuccess, 7, 12))
	want(t, "running", f.ingest(call("e1", types.StatusRunning, 5, 10)), "d")
	want(t, "tokens", f.session("s1").Counters.Tokens.Prompt, 7)
	f.ingest(call("e2", "", 7, 12))
	want(t, "running after a final of unknown status", f.ingest(call("e2", types.StatusRunning, 5, 10)), "d")
}

func runningAndFinalInOneBatch(t *testing.T, f *fixture) {
	want(t, "outcomes", f.ingest(
		call("e1", types.StatusRunning, 5, 10), call("e1", types.StatusSuccess, 7, 12),
		call("e2", types.StatusSuccess, 7, 12), call("e2", types.StatusRunning, 5, 10),
	), "aaad")
	want(t, "counters", f.session("s1").Counters,
		store.Counters{Events: 2, Tokens: store.Tokens{Prompt: 14, Completion: 2, Total: 16}, Cost: 24, Costed: 2})
	want(t, "events", len(f.events(store.EventQuery{}).Events), 2)
}

func finalMayNameAnotherSession(t *testing.T, f *fixture) {
	f.ingest(call("e1", types.StatusRunning, 5, 10), event(types.EventStep, "e2", 0))
	final := call("e1", types.StatusSuccess, 7, 12)
	final.SessionID = "s2"
	want(t, "final", f.ingest(final), "a")
	want(t, "old session", f.session("s1").Counters, store.Counters{Events: 1})
	want(t, "new session", f.session("s2").Counters.Tokens.Prompt, 7)
}

func projectsAreApart(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 0))
	want(t, "the same ids elsewhere", f.ingestAs("p2", "c1", event(types.EventError, "e1", 0), event(types.EventError, "e2", 0)), "aa")
	want(t, "p1", f.session("s1").Counters, store.Counters{Events: 1})
	want(t, "events of p1", len(f.events(store.EventQuery{}).Events), 1)
	want(t, "sessions of p1", len(f.sessions(store.SessionQuery{}).Sessions), 1)
	if _, err := f.Event(t.Context(), project, "e2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("e2 of p2 was found in p1: %v", err)
	}
	r, err := f.Event(t.Context(), "p2", "e1")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "e1 of p2", string(r.Raw), `{"id":"e1","type":"error","session_id":"s1","status":""}`)
}
