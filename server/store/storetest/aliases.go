package storetest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

func set(words string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		all[word] = true
	}
	return all
}

// alias is an event that says that what comes under from belongs to into.
func alias(id, from, into string) store.Event {
	return event("session_alias", id, 5, in(from), func(e *store.Event) { e.Into = into })
}

// wantJoined checks that the ids all stand for session, which has that many events and is the only one.
func (f *fixture) wantJoined(session string, events int64, ids ...string) {
	f.t.Helper()
	for _, id := range append(ids, session) {
		want(f.t, "session of "+id, f.session(id).ID, session)
		want(f.t, "events of "+id, f.session(id).Counters.Events, events)
		page, err := f.Events(f.t.Context(), project, id, store.EventQuery{Limit: 1000})
		if err != nil || int64(len(page.Events)) != events {
			f.t.Errorf("%d events are listed of %s, %v; want %d", len(page.Events), id, err, events)
		}
		resolved, err := f.Resolve(f.t.Context(), project, id)
		want(f.t, id+" stands for", fmt.Sprint(resolved, err), session+"<nil>")
		if known, err := store.Knows(f.t.Context(), f.Store, project, id); !known || err != nil {
			f.t.Errorf("%s is known: %v %v", id, known, err)
		}
	}
	want(f.t, "sessions", len(f.sessions(store.SessionQuery{}).Sessions), 1)
}

func aliasBeforeAndAfter(t *testing.T, f *fixture) {
	f.ingest(call("e1", types.StatusSuccess, 3, 10), event(types.EventStep, "e2", 1, in("a")), event(types.EventError, "e3", 2, in("a")))
	want(t, "outcomes", f.ingest(event(types.EventStep, "e4", 3, in("a")), alias("e5", "a", "s1"), event(types.EventStep, "e6", 4, in("a"))), "aaa")
	f.ingest(event(types.EventStep, "e7", 5, in("a")), event(types.EventStep, "e8", 5))
	f.wantJoined("s1", 8, "a")
	want(t, "counters", f.session("s1").Counters,
		store.Counters{Events: 8, Errors: 1, Tokens: store.Tokens{Prompt: 3, Completion: 1, Total: 4}, Cost: 10, Costed: 1})
	want(t, "again", f.ingest(alias("e5", "a", "s1"), event(types.EventStep, "e2", 1), event(types.EventStep, "e8", 1, in("a"))), "ddd")
	want(t, "the same once more, and another target: the first wins", f.ingest(alias("e9", "a", "s1"), alias("e10", "a", "s3")), "aa")
	f.wantJoined("s1", 10, "a")
}

func aliasComesFirst(t *testing.T, f *fixture) {
	f.ingest(alias("e1", "a", "s1"))
	f.wantJoined("s1", 1, "a")
	f.ingest(event(types.EventStep, "e2", 1, in("a")), event(types.EventStep, "e3", 1))
	f.wantJoined("s1", 3, "a")
	f.ingestAs("p2", "c1", event(types.EventStep, "e2", 1, in("a")))
	if s, err := f.Session(t.Context(), "p2", "a"); err != nil || s.ID != "a" {
		t.Errorf("the alias's id in another project: %v %v", s.ID, err)
	}
}

func aliasChains(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 1, in("a")), event(types.EventStep, "e2", 1, in("b")), event(types.EventStep, "e3", 1, in("c")))
	f.ingest(alias("x1", "a", "b"))
	f.ingest(alias("x2", "c", "a")) // into an alias
	f.ingest(alias("x3", "b", "s1"))
	f.wantJoined("s1", 6, "a", "b", "c")
	f.ingest(event(types.EventStep, "e4", 1, in("a")), alias("x4", "d", "c"), event(types.EventStep, "e5", 1, in("d")))
	f.wantJoined("s1", 9, "a", "b", "c", "d")
}

func aliasCycles(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 1), alias("x1", "s1", "s1"))
	f.wantJoined("s1", 2)
	f.ingest(alias("x2", "a", "s1"), alias("x3", "s1", "a"))
	f.wantJoined("s1", 4, "a")
	f.ingest(alias("x4", "b", "a"))
	f.ingest(alias("x5", "s1", "b"))
	f.wantJoined("s1", 6, "a", "b")
}

func aliasOfRunning(t *testing.T, f *fixture) {
	running, final := call("e1", types.StatusRunning, 3, 10), call("e1", types.StatusSuccess, 5, 20)
	running.SessionID = "a"
	f.ingest(running)
	f.ingest(alias("x1", "a", "s1"))
	f.ingest(final)
	f.wantJoined("s1", 2, "a")
	want(t, "tokens", f.session("s1").Counters.Tokens.Prompt, 5)
	want(t, "once", f.ingest(running, final), "dd")
}

func aliasMovesMarks(t *testing.T, f *fixture) {
	used := func(model string, edit ...func(*store.Event)) store.Event {
		return event(types.EventLLMCall, "e_"+model, 1, append(edit, func(e *store.Event) { e.Model = model })...)
	}
	f.ingest(used("m1"), used("m2", in("a")))
	f.ingest(event(types.EventToolCall, "t1", 1, in("a"), func(e *store.Event) { e.ToolName = "t" }), alias("x1", "a", "s1"))
	for _, q := range []store.SessionQuery{{Model: "m1"}, {Model: "m2"}, {Tool: "t"}} {
		want(t, fmt.Sprint(q), len(f.sessions(q).Sessions), 1)
	}
}

func erasedWithAliases(t *testing.T, f *fixture) {
	f.ingest(event(types.EventStep, "e1", 1, in("a")), alias("x1", "a", "s1"), alias("x2", "b", "a"))
	want(t, "erased by an alias", f.erase("a"), store.Removed{Sessions: 1, Events: 3})
	for _, id := range []string{"s1", "a", "b"} {
		f.wantGone(id, "e1", "x1", "x2")
		want(t, "more for "+id, f.ingest(event(types.EventStep, "late_"+id, 1, in(id)), event(types.EventStep, "e1", 1, in(id))), "ed")
	}
	f.ingest(event(types.EventStep, "e2", 1, in("c")))
	want(t, "an alias into what is erased", f.ingest(alias("x3", "c", "b")), "e")
	want(t, "who would have become part of it", f.session("c").Counters.Events, 1)
}

// aliasesLikeDirectSending: whatever the order and the batches, a session joined of three is as if all had been sent for it.
func aliasesLikeDirectSending(t *testing.T, f *fixture) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	for round := range 40 {
		target := fmt.Sprint("s", round)
		events := mixture(random, target)
		random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		direct := slices.Clone(events)
		for i := range direct {
			direct[i].SessionID, direct[i].Into = target, ""
		}
		for batch := range slices.Chunk(events, 1+random.IntN(8)) {
			f.ingestAs(project, "c", batch...)
		}
		f.ingestAs("direct", "c", direct...)
		f.wantSame(target, fmt.Sprintf("seed %d, round %d", seed, round))
	}
	for _, by := range []store.Facet{store.FacetModel, store.FacetTool, store.FacetType, store.FacetAgent} {
		want(t, fmt.Sprintf("seed %d, sums by %s", seed, by), f.sumsOf(project, by), f.sumsOf("direct", by))
	}
}

// sumsOf are all rollups of a project.
func (f *fixture) sumsOf(project string, by store.Facet) (sums []string) {
	f.t.Helper()
	page, err := f.Rollups(f.t.Context(), project, store.RollupQuery{By: by, Limit: 10_000})
	if err != nil {
		f.t.Fatal(err)
	}
	for _, r := range page.Rollups {
		sums = append(sums, line(r))
	}
	return sums
}

// wantSame compares a session, and its events, with the one of the same id in project direct.
func (f *fixture) wantSame(id, what string) {
	f.t.Helper()
	read := func(project string) (store.Session, string) {
		s, err := f.Session(f.t.Context(), project, id)
		if err != nil {
			f.t.Fatal(err)
		}
		page, err := f.Events(f.t.Context(), project, id, store.EventQuery{Limit: 1000})
		if err != nil {
			f.t.Fatal(err)
		}
		var events []string
		for _, e := range page.Events {
			events = append(events, string(e.Raw))
		}
		s.Project = ""
		return s, strings.Join(slices.Sorted(slices.Values(events)), "\n")
	}
	joined, itsEvents := read(project)
	direct, theirs := read("direct")
	want(f.t, what, shown(joined), shown(direct))
	want(f.t, what+", events", itsEvents, theirs)
}

func shown(s store.Session) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// mixture is what three ids that become one session are sent: a chain of aliases, runs and ends, and things said of the session more than once.
func mixture(random *rand.Rand, target string) []store.Event {
	a, b := target+"a", target+"b"
	ids := []string{target, a, b}
	n := 0
	var events []store.Event
	add := func(kind types.EventType, edit ...func(*store.Event)) {
		n++
		e := event(kind, fmt.Sprint(target, "_", n), random.IntN(100), append(edit, in(ids[random.IntN(3)]))...)
		if e.Change != nil {
			e.Raw = told(e, *e.Change)
		}
		events = append(events, e)
	}
	for range random.IntN(6) {
		add(types.EventStep)
		add(types.EventLLMCall, costing(store.NanoUSD(random.IntN(9))), func(e *store.Event) { e.Tokens.Prompt = int64(random.IntN(9)) })
	}
	for _, kind := range []types.EventType{types.EventSessionStart, types.EventSessionUpdate, types.EventSessionEnd} {
		for range random.IntN(3) {
			add(kind, status(types.StatusError), saying(func(c *store.Change) { *c = randomChange(random, kind) }))
		}
	}
	n++
	running := call(fmt.Sprint(target, "_", n), types.StatusRunning, 4, 5)
	final := call(running.ID, types.StatusSuccess, 7, 8)
	running.SessionID, final.SessionID = ids[random.IntN(3)], ids[random.IntN(3)]
	return append(events, running, final, final, alias(target+"_x1", a, b), alias(target+"_x2", b, target), alias(target+"_x3", a, target))
}

func randomChange(random *rand.Rand, kind types.EventType) store.Change {
	word := func() string { return []string{"", "x", "y", "z"}[random.IntN(4)] }
	object := json.RawMessage(fmt.Sprintf(`{"k%d":%d}`, random.IntN(3), random.IntN(3)))
	c := store.Change{Metadata: object}
	if kind != types.EventSessionEnd {
		c.Name, c.UserID, c.Tags = word(), word(), [][]string{nil, {}, {"t"}}[random.IntN(3)]
	}
	if kind != types.EventSessionStart {
		c.Summary, c.Output, c.Metrics = word(), json.RawMessage(fmt.Sprint(random.IntN(3))), object
	}
	return c
}

// told is the JSON of an event that says c.
func told(e store.Event, c store.Change) json.RawMessage {
	members := map[string]any{"id": e.ID, "type": e.Type, "session_id": "s"}
	for name, text := range map[string]string{"name": c.Name, "user_id": c.UserID, "summary": c.Summary} {
		if text != "" {
			members[name] = text
		}
	}
	for name, raw := range map[string]json.RawMessage{"metadata": c.Metadata, "output": c.Output, "metrics": c.Metrics} {
		if raw != nil {
			members[name] = raw
		}
	}
	if c.Tags != nil {
		members["tags"] = c.Tags
	}
	text, err := json.Marshal(members)
	if err != nil {
		panic(err)
	}
	return text
}

// aliasOfAChild joins a session with the one that it names as its parent.
func aliasOfAChild(t *testing.T, f *fixture) {
	f.ingest(event(types.EventSessionStart, "e1", 1, in("sub"), saying(func(c *store.Change) { c.ParentSessionID = "main" })))
	f.ingest(alias("e2", "sub", "main"))
	want(t, "parent", f.session("main").ParentSessionID, "")
}
