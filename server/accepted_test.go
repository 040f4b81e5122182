package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/store"
	"github.com/sentrial/sentrial-go/types"
)

// FuzzAccepted: what the server stores package types reads, and the store reads from it what it says of its session.
func FuzzAccepted(f *testing.F) {
	for _, event := range odd {
		f.Add([]byte(event))
	}
	f.Fuzz(func(t *testing.T, event []byte) {
		for _, e := range server.AcceptedEvents(fmt.Appendf(nil, `{"events":[%s]}`, event)) {
			checkAccepted(t, &e)
		}
	})
}

func checkAccepted(t *testing.T, e *store.Event) {
	t.Helper()
	var read types.Event
	if err := json.Unmarshal(e.Raw, &read); err != nil {
		t.Errorf("package types cannot read %s: %v", e.Raw, err)
	}
	if read.ID != e.ID || read.Type != e.Type || !read.Timestamp.Equal(e.Timestamp) || read.Seq != e.Seq {
		t.Errorf("package types reads %+v of %s", read, e.Raw)
	}
	if got := store.ReadChange(e.Type, e.Raw); shown(got) != shown(e.Change) {
		t.Errorf("the store reads %s of %s, want %s", shown(got), e.Raw, shown(e.Change))
	}
}

func shown(c *store.Change) string {
	if c == nil {
		return "nothing"
	}
	return fmt.Sprintf("%q %q %q %q %q %q %s %#v %s %q %s %s", c.Name, c.AgentName, c.AgentVersion, c.UserID, c.ConversationID, c.ParentSessionID,
		c.Input, c.Tags, c.Metadata, c.Summary, c.Output, c.Metrics)
}

// odd are events that the wire allows, if only just.
var odd = []string{
	ev("e1", "llm_call", `"prompt_tokens":12.0,"completion_tokens":12.00000000000000000000001,"tokens_used":1e-400,"attempts":0.99999999999999999999`),
	ev("e1", "llm_call", `"messages":[1,"hi",null,[],{"role":5,"parts":"x"},{"parts":[{"type":"text","content":5},{"type":{}},7]},{"content":{}}],"output_messages":[true]`),
	ev("e1", "llm_call", `"messages":[{"parts":[{"type":"tool_call","id":1,"arguments":{}}]}],"tool_definitions":"x","parameters":{"a":1e400}`),
	ev("e1", "step", `"seq":5.0,"duration_ms":1e-400,"input":[[[1e999]]],"output":null,"name":"\ud800"`),
	strings.Replace(ev("e1", "step"), "123456789Z", `123456789\u005a`, 1),
	strings.Replace(ev("e1", "step"), "2026-11-22T00:16:56.123456789Z", "1970-01-01T23:59:59.9+23:59", 1),
	ev("e1", "session_start", `"name":"n","agent_name":null,"agent_version":"1","user_id":"u","conversation_id":"c","parent_session_id":"p"`, `"tags":["a",null]`,
		`"input": {"q" : 1.50 } , "metadata" : { "k":[1e400]},"summary":"a start has none","Name":"not a name"`),
	ev("e1", "session_update", `"\u006eame":"n","tags":[],"summary":"s","output":"o","metrics":{"m":1.0},"metadata":{}`),
	ev("e1", "session_end", `"name":"an end has none","status":"cancelled","input":1,"output":[ 1 ],"metrics":{},"summary":"","metadata":{"a":{}}`),
	ev("e1", "decision", `"alternatives":[null,"a"],"confidence":1e-400`), ev("e1", "feedback", `"score":-5e300,"event_id":"any text"`),
	ev("e1", "tool_call", `"attempt":1e3,"cost":1e-400,"tool_input":"x"`), ev("e1", "error", `"recoverable":null`), ev("e1", "handoff", `"seq":1.0,"messages":7`),
	ev("e1", "session_alias", `"into":"s2"`),
}

// TestOddEventsAreStoredAndRead sends each and reads it back over HTTP.
func TestOddEventsAreStoredAndRead(t *testing.T) {
	a := newApp(t)
	for i, event := range odd {
		id := fmt.Sprint("o", i)
		if got := a.send(strings.Replace(event, `"e1"`, `"`+id+`"`, 1)); got.Accepted != 1 {
			t.Errorf("%s: %+v", event, got)
			continue
		}
		var e types.Event
		if err := json.Unmarshal([]byte(a.get("/v1/events/"+id)), &e); err != nil || e.ID != id {
			t.Errorf("%s: %v", event, err)
		}
	}
	for _, accepted := range odd {
		for _, e := range server.AcceptedEvents([]byte(`{"events":[` + accepted + `]}`)) {
			checkAccepted(t, &e)
		}
	}
}
