package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server"
	"github.com/sentrial/sentrial-go/server/demo/standin"
	"github.com/sentrial/sentrial-go/server/store/sqlite"
	"github.com/sentrial/sentrial-go/types"
)

// repository is the root of the repository, from this directory.
var repository = filepath.Join("..", "..")

// binaries is a directory of compiled commands.
type binaries struct{ dir string }

// build compiles the commands that a pattern of packages matches.
func build(t *testing.T, pattern string) binaries {
	t.Helper()
	bin := binaries{t.TempDir()}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", bin.dir+string(filepath.Separator), pattern)
	cmd.Dir = repository
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pattern, err, out)
	}
	return bin
}

// program is a command and where it runs.
type program struct {
	path string
	dir  string
	env  []string
}

// program is the named command in an empty directory, with none of the caller's settings.
func (b binaries) program(t *testing.T, name string) *program {
	t.Helper()
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return &program{path: filepath.Join(b.dir, name), dir: t.TempDir(), env: cleanEnvironment()}
}

func cleanEnvironment() (env []string) {
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "SENTRIAL_") && !strings.HasPrefix(entry, "OTEL_") && !strings.HasPrefix(entry, "OPENAI_") {
			env = append(env, entry)
		}
	}
	return env
}

// outcome is what a program printed and how it ended.
type outcome struct {
	stdout, stderr string
	code           int
}

// run runs the program to its end, with nothing on its standard input.
func (p *program) run(t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), p.path, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.dir, p.env, &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// mustRun runs the program, which must succeed, and returns what it printed.
func (p *program) mustRun(t *testing.T, args ...string) string {
	t.Helper()
	got := p.run(t, args...)
	if got.code != 0 {
		t.Fatalf("%s %q: exit code %d\n%s%s", filepath.Base(p.path), args, got.code, got.stdout, got.stderr)
	}
	return got.stdout
}

func (p *program) set(name, value string) { p.env = append(p.env, name+"="+value) }

func (p *program) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ingestion is a server of this test.
type ingestion struct{ url string }

func serve(t *testing.T) ingestion {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	handler, err := server.New(server.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return ingestion{srv.URL}
}

// sessions is all sessions, the oldest first.
func (i ingestion) sessions(t *testing.T) []types.Session {
	t.Helper()
	list := get[types.Session](t, i.url+"/v1/sessions?limit=1000")
	slices.Reverse(list)
	return list
}

// one is the only session there is, with its events.
func (i ingestion) one(t *testing.T) (types.Session, []types.Event) {
	t.Helper()
	sessions := i.sessions(t)
	if len(sessions) != 1 {
		t.Fatalf("the server has %d sessions, want 1", len(sessions))
	}
	return sessions[0], i.events(t, sessions[0].ID)
}

func (i ingestion) events(t *testing.T, session string) []types.Event {
	t.Helper()
	return get[types.Event](t, i.url+"/v1/sessions/"+session+"/events?limit=1000")
}

// get reads a list that fits one page.
func get[T any](t *testing.T, url string) []T {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		Data []T    `json:"data"`
		Next string `json:"next_cursor"`
	}
	if err := json.Unmarshal(body, &page); err != nil || resp.StatusCode != http.StatusOK || page.Next != "" {
		t.Fatalf("GET %s: %s, %v: %s", url, resp.Status, err, body)
	}
	return page.Data
}

// example is an example with a server to record to and, where it wants one, a model.
func (b binaries) example(t *testing.T, name string) (*program, ingestion) {
	t.Helper()
	p, to := b.program(t, name), serve(t)
	model := httptest.NewServer(standin.Handler())
	t.Cleanup(model.Close)
	p.set("SENTRIAL_API_URL", to.url)
	p.set("OPENAI_BASE_URL", model.URL+"/v1")
	return p, to
}

// kinds is the types of the events, in order.
func kinds(events []types.Event) string {
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = string(e.Type)
	}
	return strings.Join(names, " ")
}

func TestExamples(t *testing.T) {
	bin := build(t, "./examples/...")
	for _, test := range []struct {
		name string
		run  func(*testing.T, binaries)
	}{
		{"quickstart", exampleQuickstart},
		{"quickstart records nothing without a key", exampleQuickstartRecordsNothingWithoutAKey},
		{"agentloop", exampleAgentloop},
		{"agentloop survives an error", exampleAgentloopSurvivesAnError},
		{"subagents", exampleSubagents},
		{"subagents that fail fail the lead", exampleSubagentsThatFailFailTheLead},
		{"streaming", exampleStreaming},
		{"streaming that breaks off", exampleStreamingThatBreaksOff},
		{"testing", exampleTesting},
		{"replay twice adds nothing", exampleReplayTwiceAddsNothing},
		{"replay notices what is not the same", exampleReplayNoticesWhatIsNotTheSame},
		{"replay refuses", exampleReplayRefuses},
		{"replay of whole benchmark runs", exampleReplayOfWholeBenchmarkRuns},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, bin) })
	}
}

func exampleQuickstart(t *testing.T, bin binaries) {
	p, to := bin.example(t, "quickstart")
	if out := p.mustRun(t); out != "19 + 23 = 42\n" {
		t.Errorf("it printed %q", out)
	}
	session, events := to.one(t)
	if session.Name != "quickstart" || session.Status != types.StatusSuccess || kinds(events) != "session_start tool_call session_end" {
		t.Fatalf("the server has %s, %s: %s", session.Name, session.Status, kinds(events))
	}
	if call := events[1].ToolCall; call.ToolName != "add" || text(t, call.ToolInput) != "[19,23]" || text(t, call.ToolOutput) != "42" {
		t.Errorf("tool call %+v", call)
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// Without a key or a server on this machine an agent runs all the same.
func exampleQuickstartRecordsNothingWithoutAKey(t *testing.T, bin binaries) {
	p := bin.program(t, "quickstart")
	if got := p.run(t); got.code != 0 || got.stdout != "19 + 23 = 42\n" || !strings.Contains(got.stderr, "SENTRIAL_API_KEY") {
		t.Errorf("got %+v, want the sum, and on stderr what is missing", got)
	}
}

func exampleAgentloop(t *testing.T, bin binaries) {
	p, to := bin.example(t, "agentloop")
	p.write(t, "go.mod", "module example.org/hammer\n")
	if out := p.mustRun(t); !strings.Contains(out, "module example.org/hammer") {
		t.Errorf("it printed %q", out)
	}
	session, events := to.one(t)
	if kinds(events) != "session_start llm_call tool_call llm_call session_end" || session.Input != "What is in go.mod?" || session.AgentName != "file-agent" {
		t.Fatalf("the server has %+v: %s", session, kinds(events))
	}
	asked, call := events[1].LLMCall, events[2].ToolCall
	parts := asked.OutputMessages[0].Parts
	if last := parts[len(parts)-1]; last.Type != "tool_call" || last.ID != call.CallID || last.Name != call.ToolName || call.CallID == "" {
		t.Errorf("tool call %+v is not joined to %+v", call, last)
	}
	if asked.Model != standin.Name || asked.Usage.PromptTokens == 0 || asked.Usage.CompletionTokens == 0 {
		t.Errorf("LLM call %+v", asked)
	}
}

func exampleAgentloopSurvivesAnError(t *testing.T, bin binaries) {
	p, to := bin.example(t, "agentloop")
	p.mustRun(t, "What does gone.txt say?")
	_, events := to.one(t)
	if kinds(events) != "session_start llm_call tool_call error llm_call tool_call llm_call session_end" {
		t.Fatalf("the server has %s", kinds(events))
	}
	if e := events[3].Error; events[2].Status != types.StatusError || !e.Recoverable || e.RecoveryAction == "" || events[5].Status != types.StatusSuccess {
		t.Errorf("failed call %s, error %+v, next call %s", events[2].Status, e, events[5].Status)
	}
}

func exampleSubagents(t *testing.T, bin binaries) {
	p, to := bin.example(t, "subagents")
	p.write(t, "a.txt", "one two three")
	p.write(t, "b.txt", "four")
	if out := p.mustRun(t, "a.txt", "b.txt"); !strings.Contains(out, "3 a.txt") || !strings.Contains(out, "1 b.txt") {
		t.Errorf("it printed %q", out)
	}
	sessions := to.sessions(t)
	if len(sessions) != 3 || sessions[0].AgentName != "lead" || text(t, sessions[0].Output) != "4" {
		t.Fatalf("the server has %+v", sessions)
	}
	for _, s := range sessions[1:] {
		if s.ParentSessionID != sessions[0].ID || s.AgentName != "counter" || s.Status != types.StatusSuccess || kinds(to.events(t, s.ID)) != "session_start tool_call step session_end" {
			t.Errorf("sub-agent %+v: %s", s, kinds(to.events(t, s.ID)))
		}
	}
}

func exampleSubagentsThatFailFailTheLead(t *testing.T, bin binaries) {
	p, to := bin.example(t, "subagents")
	if got := p.run(t, "gone.txt"); got.code != 1 || !strings.Contains(got.stderr, "gone.txt") {
		t.Errorf("got %+v, want exit code 1", got)
	}
	for _, s := range to.sessions(t) {
		if s.Status != types.StatusError {
			t.Errorf("session %s of %s has status %s, want error", s.Name, s.AgentName, s.Status)
		}
	}
}

func exampleStreaming(t *testing.T, bin binaries) {
	p, to := bin.example(t, "streaming")
	out := p.mustRun(t, "Why?")
	_, events := to.one(t)
	if kinds(events) != "session_start llm_call session_end" {
		t.Fatalf("the server has %s", kinds(events))
	}
	call := events[1].LLMCall
	if call.Prompt != "Why?" || call.Response+"\n" != out || call.TimeToFirstToken <= 0 || call.TimeToFirstToken > events[1].Duration || call.Usage.CompletionTokens == 0 || call.FinishReason != "stop" {
		t.Errorf("LLM call %+v, %v in all, for %q", call, events[1].Duration, out)
	}
}

// A stream that breaks off is an error, with what had come by then.
func exampleStreamingThatBreaksOff(t *testing.T, bin binaries) {
	p, to := bin.example(t, "streaming")
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `data: {"choices":[{"delta":{"content":"Becau"}}]}`+"\n\n")
	}))
	t.Cleanup(broken.Close)
	p.set("OPENAI_BASE_URL", broken.URL)
	if got := p.run(t); got.code != 1 {
		t.Errorf("got %+v, want exit code 1", got)
	}
	_, events := to.one(t)
	if call := events[1]; call.LLMCall == nil || call.Status != types.StatusError || call.LLMCall.Response != "Becau" {
		t.Errorf("the server has %s with %+v", kinds(events), events[1].LLMCall)
	}
}

func exampleTesting(t *testing.T, bin binaries) {
	p, to := bin.example(t, "testing")
	if out := p.mustRun(t); out != "9 to 17\n" {
		t.Errorf("it printed %q", out)
	}
	if _, events := to.one(t); kinds(events) != "session_start llm_call tool_call error llm_call tool_call llm_call session_end" {
		t.Errorf("the server has %s", kinds(events))
	}
}
