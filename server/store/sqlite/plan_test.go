package sqlite_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// TestQueriesFollowAnIndex holds each list to its index: nothing is scanned whole and nothing sorted.
func TestQueriesFollowAnIndex(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	after := &store.SessionKey{CreatedAt: time.Unix(1, 0), ID: "x"}
	for index, q := range map[string]store.SessionQuery{
		"sessions_by_time (project=? AND created_at>? AND (created_at,id)<(?,?))":  {After: after, Since: time.Unix(1, 0), Text: "x", Limit: 5},
		"sessions_by_agent (project=? AND agent_name=? AND (created_at,id)<(?,?))": {Agent: "a", After: after, Limit: 5},
		"sessions_by_status (project=? AND status=? AND (created_at,id)<(?,?))":    {Status: types.StatusError, After: after, Limit: 5},
		"sessions_by_user (project=? AND user_id=?":                                {User: "u", Limit: 5},
		"sessions_by_conversation (project=? AND conversation_id=?":                {Conversation: "c", Limit: 5},
		"(session_key=? AND project=? AND facet=? AND value=?)":                    {Model: "m", Limit: 5},
	} {
		plan, err := s.PlanSessions(t.Context(), "p", q)
		wantPlan(t, plan, index, err)
	}
	plan, err := s.PlanEvents(t.Context(), "p", store.EventQuery{After: &store.EventKey{}, Types: []types.EventType{"a", "b"}, Limit: 5})
	wantPlan(t, plan, "events_by_session (session_key=? AND (timestamp,client_key,seq", err)
	plan, err = s.PlanFollow(t.Context(), "p", store.FollowQuery{Session: "s", Types: []types.EventType{"a"}, Limit: 5})
	wantPlan(t, plan, "SEARCH e USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", err)
}

func wantPlan(t *testing.T, plan, index string, err error) {
	t.Helper()
	if err != nil || !strings.Contains(plan, index) || strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "SCAN ") {
		t.Errorf("want %s (%v), plan:\n%s", index, err, plan)
	}
}

// TestRareFacetsLeadTheWay begins with the sessions of a rare tool, whatever else is asked for.
func TestRareFacetsLeadTheWay(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	for _, q := range []store.SessionQuery{
		{Tool: "t", Limit: 5}, {Tool: "t", Model: "m", Status: types.StatusError, Agent: "a", User: "u", Conversation: "c", Since: time.Unix(1, 0), Limit: 5},
	} {
		plan, err := s.PlanRareSessions(t.Context(), "p", q)
		if err != nil || !strings.Contains(plan, "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)") || strings.Contains(plan, "SCAN s") {
			t.Errorf("%v, plan:\n%s", err, plan)
		}
	}
}

// TestListsAreTheSameHoweverRare has one tool that few sessions used and one that many did.
func TestListsAreTheSameHoweverRare(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "s.db"))
	batch := store.Batch{Project: "p", ReceivedAt: time.Unix(9, 0)}
	const n = 2500
	for i := range n {
		e := store.Event{ID: fmt.Sprint("e", i), Type: types.EventToolCall, SessionID: fmt.Sprintf("s%04d", i), Timestamp: time.Unix(int64(i/2), 0), ToolName: "often", Raw: []byte(`{}`)}
		batch.Events = append(batch.Events, e)
		if e.ID, e.ToolName = fmt.Sprint("f", i), "seldom"; i%7 == 0 {
			batch.Events = append(batch.Events, e)
		}
	}
	if _, err := s.Ingest(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	for want, q := range map[string]store.SessionQuery{
		"": {Tool: "often"}, "seldom": {Tool: "seldom"}, "never": {Model: "never", Tool: "seldom"},
	} {
		if got, err := s.Rarest(t.Context(), "p", q); err != nil || got != want {
			t.Errorf("%+v begins with %q (%v), want %q", q, got, err, want)
		}
	}
	for tool, every := range map[string]int{"often": 1, "seldom": 7, "never": n} {
		q := store.SessionQuery{Tool: tool, Limit: 100}
		for want := (n - 1) / every * every; ; {
			page, err := s.Sessions(t.Context(), "p", q)
			if err != nil {
				t.Fatal(err)
			}
			for _, session := range page.Sessions {
				if session.ID != fmt.Sprintf("s%04d", want) {
					t.Fatalf("%s: %s, want s%04d", tool, session.ID, want)
				}
				want -= every
			}
			if q.After = page.Next; q.After == nil {
				if tool != "never" && want >= 0 {
					t.Errorf("%s: %d are left", tool, want)
				}
				break
			}
		}
	}
}
