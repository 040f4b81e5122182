package e2e_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/types"
)

// demoProgram is the command with a small repository around it to ask about.
func demoProgram(t *testing.T, bin binaries) *program {
	t.Helper()
	p := bin.program(t, "sentrial")
	if err := os.Mkdir(filepath.Join(p.dir, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.write(t, "README.md", "# Hammer\n\nDrives nails.\n")
	p.write(t, "hammer.go", "package hammer\n")
	return p
}

// kept is what the command says about the newest session of a file.
func kept(t *testing.T, p *program, db string) []types.Event {
	t.Helper()
	var list struct{ Data []types.Session }
	if err := json.Unmarshal([]byte(p.mustRun(t, "sessions", "list", "--db", db, "--json")), &list); err != nil || len(list.Data) == 0 {
		t.Fatalf("sessions list: %v, %d sessions", err, len(list.Data))
	}
	var got struct {
		Session types.Session
		Events  []types.Event
	}
	if err := json.Unmarshal([]byte(p.mustRun(t, "sessions", "get", list.Data[0].ID, "--db", db, "--json")), &got); err != nil {
		t.Fatal(err)
	}
	return got.Events
}

func find(events []types.Event, is func(types.Event) bool) int { return slices.IndexFunc(events, is) }

func TestDemo(t *testing.T) {
	bin := build(t, "./server/cmd/sentrial")
	t.Run("keeps a run with an error and its recovery", func(t *testing.T) { demoKeeps(t, demoProgram(t, bin)) })
	t.Run("answers another question", func(t *testing.T) { demoAnswers(t, demoProgram(t, bin)) })
}

func demoKeeps(t *testing.T, p *program) {
	p.set("SENTRIAL_DISABLED", "true")
	p.set("SENTRIAL_API_URL", "http://127.0.0.1:1")
	out := p.mustRun(t, "demo", "--db", "demo.db")
	if !strings.Contains(out, "Answer: README.md says: Hammer Drives nails.") || !strings.Contains(out, "decision") {
		t.Errorf("it printed %s", out)
	}
	p.env = cleanEnvironment()
	events := kept(t, p, "demo.db")
	for _, kind := range []types.EventType{types.EventDecision, types.EventLLMCall, types.EventToolCall} {
		if find(events, func(e types.Event) bool { return e.Type == kind }) < 0 {
			t.Errorf("there is no %s", kind)
		}
	}
	failed := find(events, func(e types.Event) bool {
		return e.Type == types.EventError && e.Error.Recoverable && e.Error.RecoveryAction != ""
	})
	if failed < 0 || find(events[failed:], func(e types.Event) bool { return e.Type == types.EventToolCall && e.Status == types.StatusSuccess }) < 0 {
		t.Errorf("there is no error that was recovered from: %s", kinds(events))
	}
	calls := slices.DeleteFunc(events, func(e types.Event) bool { return e.Type != types.EventLLMCall })
	if len(calls) == 0 || calls[0].LLMCall.Usage.PromptTokens == 0 {
		t.Error("LLM calls have no token counts")
	}
}

func demoAnswers(t *testing.T, p *program) {
	if out := p.mustRun(t, "demo", "--db", "demo.db", "What is 6 * 7?"); !strings.Contains(out, "6 * 7 = 42") {
		t.Errorf("it printed %s", out)
	}
	events := kept(t, p, "demo.db")
	i := find(events, func(e types.Event) bool { return e.Type == types.EventToolCall })
	if i < 0 || events[i].ToolCall.ToolName != "calculate" {
		t.Errorf("the tool for arithmetic was not used: %s", kinds(events))
	}
}
