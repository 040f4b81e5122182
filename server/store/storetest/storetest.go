// Package storetest is the conformance suite of [store.Store]: what the server relies on, whatever the engine.
package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// Run runs the suite. Every test opens a store of its own, which must be empty; open registers its end with t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, f *fixture)
	}{
		{"FirstEventWins", firstEventWins},
		{"DuplicatesWithinABatch", duplicatesWithinABatch},
		{"DuplicateCreatesNoSession", duplicateCreatesNoSession},
		{"FinalReplacesRunning", finalReplacesRunning},
		{"RunningAfterFinalIsADuplicate", runningAfterFinalIsADuplicate},
		{"RunningAndFinalInOneBatch", runningAndFinalInOneBatch},
		{"FinalMayNameAnotherSession", finalMayNameAnotherSession},
		{"ProjectsAreApart", projectsAreApart},
		{"UnknownSessionIsCreated", unknownSessionIsCreated},
		{"StartFillsWhatIsAbsent", startFillsWhatIsAbsent},
		{"SecondStartUpdates", secondStartUpdates},
		{"UpdateChangesOnlyWhatItNames", updateChangesOnlyWhatItNames},
		{"EndMayComeFirst", endMayComeFirst},
		{"EventsAfterTheEndAreStored", eventsAfterTheEndAreStored},
		{"CountersAreExact", countersAreExact},
		{"UnknownCostStaysUnknown", unknownCostStaysUnknown},
		{"TotalsCountOnceBeyondTheEvents", totalsCountOnceBeyondTheEvents},
		{"TotalsAtOnce", totalsAtOnce},
		{"OutcomeBeforeTheEnd", outcomeBeforeTheEnd},
		{"InputMayComeLast", inputMayComeLast},
		{"EventsComeInOrder", eventsComeInOrder},
		{"EventsComeAsTheyWere", eventsComeAsTheyWere},
		{"EventsPageByPage", eventsPageByPage},
		{"EventsByType", eventsByType},
		{"PositionsGrow", positionsGrow},
		{"SessionsNewestFirst", sessionsNewestFirst},
		{"SessionsPageByPage", sessionsPageByPage},
		{"SessionFilters", sessionFilters},
		{"FiltersTakeTextLiterally", filtersTakeTextLiterally},
		{"PagesAreBoundedInBytes", pagesAreBoundedInBytes},
		{"SearchFindsWords", searchFindsWords},
		{"SearchFindsSessionFields", searchFindsSessionFields},
		{"SearchFindsWhatReplaced", searchFindsWhatReplaced},
		{"SearchIsOneOfTheFilters", searchIsOneOfTheFilters},
		{"SearchTakesTextLiterally", searchTakesTextLiterally},
		{"SearchPageByPage", searchPageByPage},
		{"SearchStaysInTheProject", searchStaysInTheProject},
		{"SearchWaitsForWhatWasStored", searchWaitsForWhatWasStored},
		{"ErasedForGood", erasedForGood},
		{"ErasedFromTheSums", erasedFromTheSums},
		{"ErasedUsers", erasedUsers},
		{"ErasedInPieces", erasedInPieces},
		{"ErasedWhileEventsCome", erasedWhileEventsCome},
		{"ErasedWithAliases", erasedWithAliases},
		{"PurgedWhenOld", purgedWhenOld},
		{"AliasBeforeAndAfter", aliasBeforeAndAfter},
		{"AliasComesFirst", aliasComesFirst},
		{"AliasChains", aliasChains},
		{"AliasCycles", aliasCycles},
		{"AliasOfRunning", aliasOfRunning},
		{"AliasMovesMarks", aliasMovesMarks},
		{"AliasOfAChild", aliasOfAChild},
		{"AliasesLikeDirectSending", aliasesLikeDirectSending},
		{"SilentSessions", silentSessions},
		{"GapsOfEachClient", gapsOfEachClient},
		{"GapsClose", gapsClose},
		{"RollupsByTheHour", rollupsByTheHour},
		{"RollupsFollowTheirEvents", rollupsFollowTheirEvents},
		{"RollupsOfAgents", rollupsOfAgents},
		{"RollupsPageByPage", rollupsPageByPage},
		{"RollupsAreWhatIsStored", rollupsAreWhatIsStored},
		{"StatsOfEverything", statsOfEverything},
		{"FacetsByFrequency", facetsByFrequency},
		{"FollowsCommits", followsCommits},
		{"FollowsSomeOnly", followsSomeOnly},
		{"FollowsPastMuch", followsPastMuch},
		{"FollowsBesideWriters", followsBesideWriters},
		{"UnknownIDs", unknownIDs},
		{"KnownSessions", knownSessions},
		{"KeyIsAnsweredOnce", keyIsAnsweredOnce},
		{"KeyWithoutEvents", keyWithoutEvents},
		{"KeysAreForgotten", keysAreForgotten},
		{"KeyIsAnsweredOnceToMany", keyIsAnsweredOnceToMany},
		{"ConcurrentIngest", concurrentIngest},
		{"EndedContextStoresNothing", endedContextStoresNothing},
		{"ClosedStoreFails", closedStoreFails},
		{"InboxKeepsRequests", inboxKeepsRequests},
		{"InboxSettles", inboxSettles},
		{"InboxIsReadInPieces", inboxIsReadInPieces},
		{"InboxOfAClosedStore", inboxOfAClosedStore},
		{"KeysAreFoundByPrefix", keysAreFoundByPrefix},
		{"KeysOfAProject", keysOfAProject},
		{"RevokedKeysStay", revokedKeysStay},
		{"KeysRememberTheirLastUse", keysRememberTheirLastUse},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, &fixture{t: t, Store: open(t)}) })
	}
}

// start is when the tests' events happen, to the nanosecond.
var start = time.Date(2026, 11, 22, 0, 16, 56, 123456789, time.UTC)

const project = "p1"

// fixture is a store with a test's words for using it.
type fixture struct {
	store.Store
	t *testing.T
}

// event makes an event of session s1 that happened n seconds after start.
func event(kind types.EventType, id string, n int, edit ...func(*store.Event)) store.Event {
	e := store.Event{ID: id, Type: kind, SessionID: "s1", Timestamp: start.Add(time.Duration(n) * time.Second)}
	switch kind {
	case types.EventSessionStart, types.EventSessionUpdate, types.EventSessionEnd:
		e.Change = new(store.Change)
	}
	for _, f := range edit {
		f(&e)
	}
	if e.Raw == nil {
		e.Raw = fmt.Appendf(nil, `{"id":%q,"type":%q,"session_id":%q,"status":%q%s}`, e.ID, e.Type, e.SessionID, e.Status, said(e.Change))
	}
	return e
}

// said is what c says in words, as further members of an event.
func said(c *store.Change) string {
	if c == nil {
		return ""
	}
	var out strings.Builder
	for _, f := range [][2]string{{"name", c.Name}, {"agent_name", c.AgentName}, {"user_id", c.UserID}, {"conversation_id", c.ConversationID}, {"summary", c.Summary}} {
		if text, err := json.Marshal(f[1]); err == nil && f[1] != "" {
			fmt.Fprintf(&out, `,"%s":%s`, f[0], text)
		}
	}
	return out.String()
}

func in(session string) func(*store.Event) { return func(e *store.Event) { e.SessionID = session } }

func status(s types.Status) func(*store.Event) { return func(e *store.Event) { e.Status = s } }

func costing(n store.NanoUSD) func(*store.Event) { return func(e *store.Event) { e.Cost = &n } }

func saying(f func(*store.Change)) func(*store.Event) {
	return func(e *store.Event) { f(e.Change) }
}

// ingest stores events and returns the outcomes as letters: a accepted, d duplicate, e erased.
func (f *fixture) ingest(events ...store.Event) string {
	f.t.Helper()
	return f.ingestAs(project, "c1", events...)
}

func (f *fixture) ingestAs(project, client string, events ...store.Event) string {
	f.t.Helper()
	receipt, err := f.Ingest(f.t.Context(), store.Batch{
		Project: project, Client: store.Client{ID: client}, ReceivedAt: start.Add(time.Hour), Events: events,
	})
	if err != nil {
		f.t.Fatal(err)
	}
	var letters strings.Builder
	for _, o := range receipt.Outcomes {
		letters.WriteByte(o.String()[0])
	}
	return letters.String()
}

func (f *fixture) session(id string) store.Session {
	f.t.Helper()
	s, err := f.Session(f.t.Context(), project, id)
	if err != nil {
		f.t.Fatalf("session %s: %v", id, err)
	}
	return s
}

func (f *fixture) events(q store.EventQuery) store.EventPage {
	f.t.Helper()
	if q.Limit == 0 {
		q.Limit = 1000
	}
	page, err := f.Events(f.t.Context(), project, "s1", q)
	if err != nil {
		f.t.Fatal(err)
	}
	return page
}

func (f *fixture) sessions(q store.SessionQuery) store.SessionPage {
	f.t.Helper()
	if q.Limit == 0 {
		q.Limit = 1000
	}
	page, err := f.Sessions(f.t.Context(), project, q)
	if err != nil {
		f.t.Fatal(err)
	}
	return page
}

// want compares by the values' printed form.
func want[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}
