//go:build unix

package e2e_test

import (
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// A platform freezes the process after each answer, and its connections die.
func TestExampleServerlessFrozenBetweenInvocations(t *testing.T) {
	p := build(t, "./examples/serverless").program(t, "serverless")
	to, conns := serveBehind(t, straight)
	p.set("SENTRIAL_API_URL", to.url)
	p.set("SENTRIAL_FLUSH_INTERVAL", "1h")
	r := p.start(t, "-limit", "1h")
	names := []string{"Ann", "Bob", "Cid", "Dee", "Eve"}
	for i, name := range names {
		r.tell(t, name)
		r.expect(t, "hello "+name+"")
		r.freeze(t)
		if sessions := to.sessions(t); len(sessions) != i+1 || sessions[i].Status != types.StatusSuccess {
			t.Fatalf("frozen after %d invocations, the server has %+v", i+1, sessions)
		}
		conns.drop(i%2 == 0)
		r.thaw(t)
	}
	if got := r.end(t); got.code != 0 {
		t.Errorf("got %+v", got)
	}
	for i, s := range to.sessions(t) {
		events := to.events(t, s.ID)
		if i >= len(names) || kinds(events) != "session_start tool_call session_end" || text(t, events[1].ToolCall.ToolInput) != `"`+names[i]+`"` {
			t.Errorf("session %d is %s", i, kinds(events))
		}
	}
}
