package sqlite_test

import (
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
		"sessions_by_time (project=? AND created_at>? AND (created_at,id)<(?,?))":  {After: after, Since: time.Unix(1, 0), Status: types.StatusError, Text: "x", Limit: 5},
		"sessions_by_agent (project=? AND agent_name=? AND (created_at,id)<(?,?))": {Agent: "a", After: after, Limit: 5},
		"sessions_by_user (project=? AND user_id=?":                                {User: "u", Limit: 5},
		"sessions_by_conversation (project=? AND conversation_id=?":                {Conversation: "c", Limit: 5},
		"(session_key=? AND project=? AND facet=? AND value=?)":                    {Model: "m", Limit: 5},
	} {
		plan, err := s.PlanSessions(t.Context(), "p", q)
		wantPlan(t, plan, index, err)
	}
	plan, err := s.PlanEvents(t.Context(), "p", store.EventQuery{After: &store.EventKey{}, Types: []types.EventType{"a", "b"}, Limit: 5})
	wantPlan(t, plan, "events_by_session (session_key=? AND (timestamp,client_key,seq", err)
}

func wantPlan(t *testing.T, plan, index string, err error) {
	t.Helper()
	if err != nil || !strings.Contains(plan, index) || strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "SCAN ") {
		t.Errorf("want %s (%v), plan:\n%s", index, err, plan)
	}
}
