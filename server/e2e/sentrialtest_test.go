package e2e_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/types"
)

// TestSentrialtestFoldsAsTheServer: what package sentrialtest makes of a session's events is what a server makes of them, in whatever order they say what.
func TestSentrialtestFoldsAsTheServer(t *testing.T) {
	ours, kit := serve(t), sentrialtest.Server(t)
	kit.Allow(sentrialtest.OpenSpans)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 100 {
		session := fmt.Sprintf("sess_%d", i)
		body := `{"events":[` + strings.Join(randomEvents(random, session), ",") + `]}`
		for _, url := range []string{ours.url, kit.URL()} {
			reply, status := sendTo(t, http.MethodPost, url+"/v1/events", "default", body)
			if status != http.StatusOK || len(reply["rejected"].([]any)) > 0 {
				t.Fatalf("%d %v\n%s", status, reply, body)
			}
		}
		want, got := sessionOf(t, ours.url, session), sessionOf(t, kit.URL(), session)
		if got != want {
			t.Fatalf("of %s\nthe server makes       %s\npackage sentrialtest   %s", body, want, got)
		}
	}
}

// sessionOf is a session as package types writes it, without its project.
func sessionOf(t *testing.T, url, id string) string {
	t.Helper()
	var s types.Session
	if err := json.Unmarshal([]byte(text(t, getFrom(t, url, "default", "/v1/sessions/"+id))), &s); err != nil {
		t.Fatal(err)
	}
	s.ProjectID = ""
	return text(t, s)
}

// sayings are what events may say, each type those that it has and some that it has not.
var sayings = []string{
	`"name":"a"`, `"agent_name":"b"`, `"agent_version":"1"`, `"user_id":"u"`, `"conversation_id":"c"`, `"parent_session_id":"p"`, `"input":{"q":1}`, `"input":"ask"`,
	`"tags":["x","y"]`, `"tags":[]`, `"metadata":{"k":1}`, `"metadata":{"k":2,"l":{"m":null}}`, `"metadata":{}`, `"summary":"short"`, `"summary":""`, `"output":[1,2]`,
	`"output":"done"`, `"output":null`, `"metrics":{"m":1.5}`, `"metrics":{"m":2,"n":0}`, `"metrics":{}`, `"cost":0.1`, `"cost":0.2`, `"cost":0`, `"prompt_tokens":7`,
	`"completion_tokens":5`, `"tokens_used":30`, `"cached_tokens":3`, `"cache_write_tokens":2`, `"reasoning_tokens":4`, `"status":"error"`, `"status":"success"`,
	`"status":"cancelled"`, `"recoverable":false`,
}

// randomEvents are few, so that each may be the one that something depends on. Each begins later than the one before.
func randomEvents(random *rand.Rand, session string) (events []string) {
	kinds := []string{"session_start", "session_update", "session_end", "session_end", "llm_call", "tool_call", "error", "step", "handoff"}
	at := time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC)
	for i := range 1 + random.IntN(8) {
		said := map[string]string{}
		for range random.IntN(8) {
			saying := sayings[random.IntN(len(sayings))]
			name, _, _ := strings.Cut(saying, ":")
			said[name] = saying
		}
		event := fmt.Sprintf(`{"id":"%s_%d","session_id":%q,"timestamp":%q,"type":%q`, session, i, session, at.Format(time.RFC3339Nano), kinds[random.IntN(len(kinds))])
		for _, saying := range said {
			event += "," + saying
		}
		events = append(events, event+"}")
		at = at.Add(time.Duration(1+random.IntN(1e9)) * time.Nanosecond)
	}
	return events
}
