package e2e_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// hostedScript goes through all of the hosted wire.
var hostedScript = filepath.Join(repository, "docs", "hosted-wire.sh")

// TestHostedWireScript runs the script of the documentation, as it is where there are bash and curl, and in any case its requests one by one.
// Either way the server must have what they recorded.
func TestHostedWireScript(t *testing.T) {
	script := readHostedScript(t)
	t.Run("replayed", func(t *testing.T) {
		to := serve(t)
		script.replay(t, to.url)
		checkHostedScript(t, to)
	})
	bash, noBash := exec.LookPath("bash")
	if _, noCurl := exec.LookPath("curl"); noBash != nil || noCurl != nil {
		t.Log("there is no bash or no curl here: the script's requests were made by this test alone")
		return
	}
	t.Run("with curl", func(t *testing.T) {
		to := serve(t)
		p := &program{path: bash, dir: t.TempDir(), env: cleanEnvironment()}
		p.set("SENTRIAL_API_URL", to.url)
		out := p.mustRun(t, absolute(t, hostedScript))
		if want := fmt.Sprintf("\n%d requests, 0 not as expected\n", script.calls()); !strings.HasSuffix(out, want) {
			t.Errorf("it does not end with %q:\n%s", want, out)
		}
		checkHostedScript(t, to)
	})
	t.Run("with curl and no server", func(t *testing.T) {
		p := &program{path: bash, dir: t.TempDir(), env: cleanEnvironment()}
		if got := p.run(t, absolute(t, hostedScript), "http://127.0.0.1:1"); got.code != 1 || !strings.Contains(got.stderr, "no server at http://127.0.0.1:1") {
			t.Errorf("exit code %d\n%s%s", got.code, got.stdout, got.stderr)
		}
	})
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	full, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return full
}

// checkHostedScript looks at what the script recorded, over the routes that everybody reads with.
func checkHostedScript(t *testing.T, to ingestion) {
	t.Helper()
	sessions := to.sessions(t)
	if len(sessions) != 3 {
		t.Fatalf("the server has %d sessions, want 3", len(sessions))
	}
	checkEverything(t, sessions[0], to.events(t, sessions[0].ID))
	failed, unsuccessful := sessions[1], sessions[2]
	if failed.Name != "script: failed" || failed.Status != types.StatusError || failed.Summary != "the card was declined" || failed.Cost == nil || *failed.Cost != 0.5 {
		t.Errorf("the failed session is %+v", failed)
	}
	if unsuccessful.Status != types.StatusError || unsuccessful.UserID != "anonymous" || unsuccessful.Summary != "" || unsuccessful.Cost != nil {
		t.Errorf("the session without success is %+v", unsuccessful)
	}
	for _, s := range sessions[1:] {
		if got := kinds(to.events(t, s.ID)); got != "session_start session_end" {
			t.Errorf("%s is %s", s.Name, got)
		}
	}
}

// checkEverything checks the session that has one of everything.
func checkEverything(t *testing.T, s types.Session, events []types.Event) {
	t.Helper()
	if got := kinds(events); got != "session_start decision tool_call tool_call error step llm_call session_update session_end error" {
		t.Fatalf("the session is %s", got)
	}
	if s.Status != types.StatusSuccess || s.AgentName != "support-agent" || s.ConversationID != "conv_7" || s.AgentVersion != "2.1" || s.Metadata["plan"] != "pro" ||
		s.Input != "How do I reset my password?" || s.Output != "With the link in KB-1." || s.Metrics["satisfaction"] != 4.5 || s.Events != 10 || s.Errors != 3 {
		t.Errorf("the session is %+v", s)
	}
	if s.Usage != (types.Usage{PromptTokens: 1500, CompletionTokens: 80, TotalTokens: 1580}) || s.Cost == nil || *s.Cost != 0.01 {
		t.Errorf("it took %+v and cost %v", s.Usage, s.Cost)
	}
	if d := events[1].Decision; d.Chosen != "search" || len(d.Alternatives) != 2 || *d.Confidence != 0.85 {
		t.Errorf("decision %+v", d)
	}
	if c := events[2]; c.ToolCall.ToolName != "search_kb" || text(t, c.ToolCall.ToolOutput) != `{"articles":["KB-1"]}` || c.Duration.String() != "150.25ms" || *c.ToolCall.Cost != 0.002 ||
		c.TraceID != "4bf92f3577b34da6a3ce929d0e0e4736" || text(t, c.Metadata) != `{"region":"eu"}` {
		t.Errorf("tool call %+v of %+v", c.ToolCall, c)
	}
	if c := events[3]; c.Status != types.StatusError || text(t, c.ToolCall.ToolInput) != `{"value":"EUR 5"}` || c.ToolCall.Error != "card declined" || c.ToolCall.Attempt != 2 {
		t.Errorf("failed tool call %+v of %+v", c.ToolCall, c)
	}
	if e := events[4].Error; e.ErrorType != "CardError" || e.StackTrace != "at charge()" || !e.Recoverable || e.RecoveryAction != "ask for another card" {
		t.Errorf("error %+v", e)
	}
	if st := events[5].Step; st.Kind != "state_change" || text(t, st.Input) != `{"step":"cart"}` || text(t, st.Output) != `{"step":"checkout"}` {
		t.Errorf("step %+v", st)
	}
	if c := events[6].LLMCall; c.Provider != "openai" || c.Model != "gpt-4o" || len(c.Messages) != 2 || c.Response != "Hello." || c.FinishReason != "stop" || c.Usage.TotalTokens != 1280 {
		t.Errorf("LLM call %+v", c)
	}
}
