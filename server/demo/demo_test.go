package demo_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/server/demo"
	"github.com/sentrial/sentrial-go/server/demo/chat"
	"github.com/sentrial/sentrial-go/server/demo/standin"
	"github.com/sentrial/sentrial-go/types"
)

// project is a small repository to ask about.
func project(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"README.md":   "# Hammer\n\nDrives nails.\n",
		"hammer.go":   "package hammer\n",
		"cmd/nail.go": "package main\n\nfunc main() {}\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// shown is what the server of a demo holds.
type shown struct {
	session *types.Session
	events  []*types.Event
	stdout  string
	stderr  string
}

// run runs a demo that must succeed and reads the session back while its server is up.
func run(t *testing.T, opts demo.Options) shown {
	t.Helper()
	got, err := try(t, opts)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func try(t *testing.T, opts demo.Options) (got shown, err error) {
	t.Helper()
	var stdout, stderr strings.Builder
	opts.Stdout, opts.Stderr = &stdout, &stderr
	opts.Show = func(ctx context.Context, url, id string) error {
		client, err := sentrial.New(sentrial.WithAPIURL(url))
		if err != nil {
			return err
		}
		defer client.Close(ctx)
		if got.session, err = client.GetSession(ctx, id); err != nil {
			return err
		}
		for event, err := range client.Events(ctx, id) {
			if err != nil {
				return err
			}
			got.events = append(got.events, event)
		}
		return nil
	}
	err = demo.Run(t.Context(), opts)
	got.stdout, got.stderr = stdout.String(), stderr.String()
	return got, err
}

// of is the events of one type.
func (s shown) of(kind types.EventType) (out []*types.Event) {
	for _, e := range s.events {
		if e.Type == kind {
			out = append(out, e)
		}
	}
	return out
}

func (s shown) tools() string {
	var names []string
	for _, e := range s.of(types.EventToolCall) {
		names = append(names, e.ToolCall.ToolName)
	}
	return strings.Join(names, " ")
}

func TestDefaultQuestionShowsAnErrorAndItsRecovery(t *testing.T) {
	got := run(t, demo.Options{Dir: project(t)})
	if tools := got.tools(); tools != "read_file list_files read_file list_files calculate" {
		t.Errorf("tools: %s", tools)
	}
	failed := slices.IndexFunc(got.events, func(e *types.Event) bool { return e.Type == types.EventError })
	if failed < 0 {
		t.Fatalf("no error among %d events", len(got.events))
	}
	if e := got.events[failed].Error; !e.Recoverable || !strings.Contains(e.RecoveryAction, "list_files") || !strings.Contains(e.ErrorType, "PathError") || !strings.Contains(e.ErrorMessage, "docs/ARCHITECTURE.md") {
		t.Errorf("error: %+v", e)
	}
	if !slices.ContainsFunc(got.events[failed:], func(e *types.Event) bool { return e.Type == types.EventToolCall && e.Status == types.StatusSuccess }) {
		t.Error("no tool call succeeds after the error")
	}
	if first := got.of(types.EventToolCall)[0]; first.Status != types.StatusError || first.ToolCall.CallID == "" {
		t.Errorf("first tool call: status %s, call id %q", first.Status, first.ToolCall.CallID)
	}
}

func TestEveryTurnIsRecorded(t *testing.T) {
	got := run(t, demo.Options{Dir: project(t), UserID: "ada"})
	if calls, decisions := got.of(types.EventLLMCall), got.of(types.EventDecision); len(calls) != 6 || len(decisions) != 5 {
		t.Errorf("got %d LLM calls and %d decisions, want 6 and 5", len(calls), len(decisions))
	}
	for _, e := range got.of(types.EventLLMCall) {
		call := e.LLMCall
		if call.Usage.PromptTokens == 0 || call.Usage.CompletionTokens == 0 || call.Model != standin.Name || call.Cost != nil || len(call.OutputMessages) != 1 || len(call.ToolDefinitions) == 0 {
			t.Errorf("LLM call %s: usage %+v, model %s, cost %v", e.ID, call.Usage, call.Model, call.Cost)
		}
	}
	for _, e := range got.of(types.EventDecision) {
		if d := e.Decision; len(d.Alternatives) < 2 || !slices.Contains(d.Alternatives, d.Chosen) || d.Confidence == nil || d.Reasoning == "" {
			t.Errorf("decision %+v", d)
		}
	}
	if s := got.session; s.Status != types.StatusSuccess || s.AgentName != "repository-agent" || s.UserID != "ada" || s.Input != demo.DefaultQuestion || s.Output == nil || s.Summary == "" || s.Cost != nil {
		t.Errorf("session %+v", s)
	}
}

func TestAnswerAndHintsArePrinted(t *testing.T) {
	got := run(t, demo.Options{Dir: project(t)})
	for _, want := range []string{"Answer: README.md says: Hammer Drives nails.", "The 2 Go files have 44 bytes in all, 22 on average.", "19 events recorded, 19 delivered", "sentrial demo --db demo.db"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
		}
	}
	for _, want := range []string{"OPENAI_BASE_URL is not set", "not a language model", standin.Name, "http://127.0.0.1:"} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, got.stderr)
		}
	}
}

func TestAnotherQuestionGivesOtherToolCalls(t *testing.T) {
	dir := project(t)
	for question, want := range map[string]string{
		"Where is main defined?":       "search_files",
		"What is 6 * 7?":               "calculate",
		"What does cmd/nail.go say?":   "read_file",
		"Which is the largest file?":   "list_files",
		"How many lines has gone.txt?": "read_file list_files",
	} {
		if got := run(t, demo.Options{Dir: dir, Question: question}).tools(); got != want {
			t.Errorf("%s used %s, want %s", question, got, want)
		}
	}
}

func TestDatabaseIsKeptWhereNamed(t *testing.T) {
	dir, db := project(t), filepath.Join(t.TempDir(), "demo.db")
	t.Setenv("TMPDIR", t.TempDir())
	first, second := run(t, demo.Options{Dir: dir, DBPath: db}), run(t, demo.Options{Dir: dir, DBPath: db})
	if first.session.ID == second.session.ID {
		t.Error("two demos share a session")
	}
	if _, err := os.Stat(db); err != nil {
		t.Error(err)
	}
	if !strings.Contains(second.stdout, "sentrial sessions get "+second.session.ID+" --db "+db) {
		t.Errorf("stdout does not say where to look:\n%s", second.stdout)
	}
}

func TestHintCanBePasted(t *testing.T) {
	db := filepath.Join(t.TempDir(), "my demo's.db")
	got := run(t, demo.Options{Dir: project(t), Question: "What is 6 * 7?", DBPath: db})
	if want := "--db '" + strings.ReplaceAll(db, "'", `'\''`) + "'\n"; !strings.Contains(got.stdout, want) {
		t.Errorf("stdout lacks %q:\n%s", want, got.stdout)
	}
}

func TestModelsWordsDoNotSteerTheTerminal(t *testing.T) {
	model, _ := scripted(t, strings.ReplaceAll(answers, "It drives nails.", `It\u001b[2J drives\r\u202e\nnails.`))
	got := run(t, demo.Options{Dir: project(t), Model: model})
	if !strings.Contains(got.stdout, `Answer: It\x1b[2J drives\x0d\u202e`+"\nnails.") {
		t.Errorf("stdout: %q", got.stdout)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} { // whichever the system asks
		t.Setenv(name, temp)
	}
	run(t, demo.Options{Dir: project(t)})
	left, err := os.ReadDir(temp)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 0 {
		t.Errorf("temporary files are left: %v", left)
	}
}

func TestCallersEnvironmentIsIgnored(t *testing.T) {
	t.Setenv("SENTRIAL_DISABLED", "true")
	t.Setenv("SENTRIAL_TIMEOUT", "nonsense")
	t.Setenv("SENTRIAL_API_URL", "http://127.0.0.1:1")
	t.Setenv("SENTRIAL_PROJECT_ID", "another")
	t.Setenv("OTEL_SDK_DISABLED", "maybe")
	if got := run(t, demo.Options{Dir: project(t)}); len(got.events) == 0 {
		t.Error("nothing was recorded")
	}
	for _, name := range []string{"SENTRIAL_DISABLED", "OTEL_SDK_DISABLED"} {
		if _, there := os.LookupEnv(name); there {
			t.Errorf("%s is still set", name)
		}
	}
}

func TestTwoDemosAtOnce(t *testing.T) {
	dir := project(t)
	results := make(chan error, 2)
	for range cap(results) {
		go func() {
			_, err := try(t, demo.Options{Dir: dir, Question: "How many files?"})
			results <- err
		}()
	}
	for range cap(results) {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestInteractiveServesUntilTheContextEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, in := io.Pipe()
	ended := make(chan error, 1)
	var url string
	go func() {
		defer in.Close()
		ended <- demo.Run(ctx, demo.Options{Dir: project(t), Question: "How many files?", Interactive: true, Stdout: in, Stderr: io.Discard, Show: func(_ context.Context, u, _ string) error {
			url = u
			return nil
		}})
	}()
	text := readUntil(t, out, "until Ctrl-C")
	if !strings.Contains(text, "--url "+url) {
		t.Errorf("stdout does not say where the server is: %s", text)
	}
	resp, err := http.Get(url + "/healthz")
	if err != nil {
		t.Fatalf("the server is gone: %v", err)
	}
	resp.Body.Close()
	stop()
	if err := <-ended; err != nil {
		t.Errorf("got %v when it was told to end, want nil", err)
	}
}

// readUntil reads until the text has come, and leaves somebody reading on.
func readUntil(t *testing.T, r io.Reader, want string) string {
	t.Helper()
	var text strings.Builder
	buf := make([]byte, 256)
	for !strings.Contains(text.String(), want) {
		n, err := r.Read(buf)
		text.Write(buf[:n])
		if err != nil {
			t.Fatalf("%v after %q", err, text.String())
		}
	}
	go func() { _, _ = io.Copy(io.Discard, r) }()
	return text.String()
}

// scripted is an OpenAI endpoint that gives the replies one after the other and keeps the requests.
func scripted(t *testing.T, replies ...string) (chat.Endpoint, *[]chat.Request) {
	t.Helper()
	var seen []chat.Request
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var req chat.Request
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil || r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer sk-test" || len(seen) == len(replies) {
			http.Error(w, `{"error":{"message":"unexpected request"}}`, http.StatusBadRequest)
			return
		}
		seen = append(seen, req)
		_, _ = io.WriteString(w, replies[len(seen)-1])
	}))
	t.Cleanup(srv.Close)
	return chat.Endpoint{BaseURL: srv.URL + "/v1/", APIKey: "sk-test", Model: "asked"}, &seen
}

const (
	asksForTwo = `{"id":"r1","model":"answered","choices":[{"message":{"role":"assistant","content":null,"tool_calls":[
		{"id":"c1","type":"function","function":{"name":"read_file","arguments":"{\"path\":\"gone.md\"}"}},
		{"id":"c2","type":"function","function":{"name":"list_files","arguments":"{\"pattern\":"}}]},"finish_reason":"tool_calls"}],
		"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":64}}}`
	answers = `{"id":"r2","model":"answered","choices":[{"message":{"role":"assistant","content":"It drives nails."},"finish_reason":"stop"}],
		"usage":{"prompt_tokens":150,"completion_tokens":5,"total_tokens":155}}`
)

func TestRealEndpointPlans(t *testing.T) {
	model, seen := scripted(t, asksForTwo, answers)
	got := run(t, demo.Options{Dir: project(t), Model: model})
	if tools := got.tools(); tools != "read_file list_files" {
		t.Errorf("tools: %s", tools)
	}
	for _, e := range got.of(types.EventToolCall) {
		if e.Status != types.StatusError {
			t.Errorf("%s of a missing file, or with cut arguments, has status %s", e.ToolCall.ToolName, e.Status)
		}
	}
	errs := got.of(types.EventError)
	if len(errs) != 2 || !errs[0].Error.Recoverable || errs[0].Error.RecoveryAction != "answer without it" {
		t.Errorf("errors: %+v", errs)
	}
	if d := got.of(types.EventDecision); len(d) != 1 || d[0].Decision.Chosen != "read_file, list_files" || d[0].Decision.Confidence != nil || len(d[0].Decision.Alternatives) != 5 {
		t.Errorf("decisions: %+v", d)
	}
	call := got.of(types.EventLLMCall)[0].LLMCall
	if call.Model != "answered" || call.RequestModel != "asked" || call.Usage.CachedTokens != 64 || call.Usage.TotalTokens != 120 || call.ResponseID != "r1" || call.FinishReason != "tool_calls" {
		t.Errorf("LLM call: %+v", call)
	}
	if last := (*seen)[1].Messages; len(last) != 5 || last[3].Role != "tool" || last[3].ToolCallID != "c1" || !strings.HasPrefix(string(last[3].Content), "error: ") {
		t.Errorf("the model was told %+v", last)
	}
	if strings.Contains(got.stderr, "stand-in") || !strings.Contains(got.stderr, model.BaseURL) || strings.Contains(got.stderr, "sk-test") {
		t.Errorf("stderr: %s", got.stderr)
	}
}

func TestFailureOfTheModelIsTheSessions(t *testing.T) {
	model, _ := scripted(t)
	got, err := try(t, demo.Options{Dir: project(t), Model: model})
	if err == nil || !strings.Contains(err.Error(), "400 Bad Request: unexpected request") {
		t.Errorf("got %v", err)
	}
	if got.session == nil || got.session.Status != types.StatusError || got.of(types.EventLLMCall)[0].Status != types.StatusError || len(got.of(types.EventError)) != 1 {
		t.Errorf("session %+v with %d events", got.session, len(got.events))
	}
}

func TestModelThatNeverAnswersIsLeft(t *testing.T) {
	replies := slices.Repeat([]string{asksForTwo}, 20)
	model, seen := scripted(t, replies...)
	if _, err := try(t, demo.Options{Dir: project(t), Model: model}); err == nil || len(*seen) != 16 {
		t.Errorf("got %v after %d turns, want an error after 16", err, len(*seen))
	}
}

func TestModelFromEnv(t *testing.T) {
	t.Setenv("OPENAI_BASE_URL", "")
	t.Setenv("OPENAI_API_KEY", "sk-test")
	t.Setenv("OPENAI_MODEL", "m")
	if got := demo.ModelFromEnv(); got != (chat.Endpoint{}) {
		t.Errorf("a key alone selected %+v", got)
	}
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
	if got := demo.ModelFromEnv(); got != (chat.Endpoint{BaseURL: "http://127.0.0.1:1/v1", APIKey: "sk-test", Model: "m"}) {
		t.Errorf("got %+v", got)
	}
}

func TestWhatCannotBeOpened(t *testing.T) {
	if _, err := try(t, demo.Options{Dir: filepath.Join(t.TempDir(), "gone")}); err == nil {
		t.Error("a directory that is not there was accepted")
	}
	if _, err := try(t, demo.Options{Dir: project(t), DBPath: filepath.Join(t.TempDir(), "gone", "demo.db")}); err == nil {
		t.Error("a database in a directory that is not there was accepted")
	}
}

func TestRepositoryIsTheNearestOne(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "repo", "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "repo", ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := demo.Repository(filepath.Join(dir, "repo", "a", "b")); got != filepath.Join(dir, "repo") {
		t.Errorf("got %s", got)
	}
}
