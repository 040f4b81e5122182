package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/clients/hivium/hiviumtest"
	"github.com/sentrial/sentrial-go/server/internal/cli"
)

// runsSummary is what --json prints of an import of runs.
type runsSummary struct {
	Accepted, Duplicates, Rejected       int
	Reasons                              []struct{ At, Code string }
	DryRun                               bool `json:"dry_run"`
	Runs, Unfinished, Passed, Unreadable int
	CostUSD                              float64 `json:"cost_usd"`
	Statuses, Events                     map[string]int
	Problems                             []struct{ File, At, Message string }
}

func importingRuns(t *testing.T, args ...string) (got outcome, sum runsSummary) {
	t.Helper()
	got = run(t, append([]string{"import", "hivium-runs", "--json"}, args...)...)
	if got.out != "" {
		if err := json.Unmarshal([]byte(got.out), &sum); err != nil {
			t.Fatalf("%v: %s", err, got.out)
		}
	}
	return got, sum
}

var runsBegan = time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)

// platform has three runs, and is what the variables name.
func platform(t *testing.T, opts ...hiviumtest.Option) *hiviumtest.Server {
	t.Helper()
	h := hiviumtest.Start(t, opts...)
	t.Setenv("HIVIUM_API_KEY", h.APIKey())
	t.Setenv("HIVIUM_API_URL", h.URL())
	h.AddRun(hiviumtest.Run{
		ID: "run_1", AgentSlug: "daily-brief", Status: "succeeded", CostUSD: 0.1, Tokens: map[string]int{"input": 1200, "output": 300}, Output: []byte(`{"leads":3}`),
		CreatedAt: runsBegan, StartedAt: runsBegan.Add(time.Second), FinishedAt: runsBegan.Add(9500 * time.Millisecond),
	})
	h.AddRun(hiviumtest.Run{
		ID: "run 2/ñ", AgentSlug: "lead-triage", Status: "failed", CostUSD: 0.2, Tokens: 77, Error: map[string]string{"code": "timeout", "message": "the model was slow"},
		CreatedAt: runsBegan.Add(time.Hour), FinishedAt: runsBegan.Add(2 * time.Hour),
	})
	h.AddRun(hiviumtest.Run{ID: "run_3", AgentSlug: "lead-triage", Status: "awaiting_approval", CostUSD: 9, CreatedAt: runsBegan.Add(48 * time.Hour)})
	return h
}

func TestImportHiviumRuns(t *testing.T) {
	h := platform(t)
	house := newHouse(t)
	for _, to := range [][]string{{"--db", filepath.Join(t.TempDir(), "new.db")}, {"--url", house.url}} {
		out := succeed(t, append([]string{"import", "hivium-runs"}, to...)...)
		for _, want := range []string{
			"7 events accepted, 0 duplicates, 0 rejected\n", "       3  session_start\n", "       2  llm_call\n", "       2  session_end\n",
			"from 3 runs, of which 1 has not ended; together they cost $0.3\n", "       1  awaiting_approval\n",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("%v: stdout lacks %q: %s", to, want, out)
			}
		}
		brief := succeed(t, append([]string{"sessions", "get", "hivium-run_1", "--json"}, to...)...)
		for _, want := range []string{
			`"agent_name":"daily-brief"`, `"status":"success"`, `"created_at":"2026-05-01T08:00:01Z"`, `"closed_at":"2026-05-01T08:00:09.5Z"`, `"cost":0.1`,
			`"prompt_tokens":1200`, `"completion_tokens":300`, `"tokens_used":1500`, `"output":{"leads":3}`,
		} {
			if !strings.Contains(brief, want) {
				t.Errorf("%v: the session lacks %s: %s", to, want, brief)
			}
		}
		failed := succeed(t, append([]string{"sessions", "list", "--status", "error", "--agent", "lead-triage", "--json"}, to...)...)
		for _, want := range []string{`"summary":"timeout: the model was slow"`, `"cost":0.2`, `"tokens_used":77`, `"errors":1`} {
			if !strings.Contains(failed, want) {
				t.Errorf("%v: the failed session lacks %s: %s", to, want, failed)
			}
		}
		waiting := succeed(t, append([]string{"sessions", "get", "hivium-run_3", "--json"}, to...)...)
		if strings.Contains(waiting, "closed_at") || strings.Contains(waiting, `"cost"`) {
			t.Errorf("%v: a run that has not ended: %s", to, waiting)
		}
		if _, again := importingRuns(t, to...); again.Accepted != 0 || again.Duplicates != 7 || again.Runs != 3 {
			t.Errorf("%v: the second run: %+v", to, again)
		}
	}
	same := h.AddRun(hiviumtest.Run{ID: "run_3", AgentSlug: "lead-triage", Status: "succeeded", CostUSD: 0.5, CreatedAt: runsBegan.Add(48 * time.Hour), FinishedAt: runsBegan.Add(49 * time.Hour)})
	if _, later := importingRuns(t, "--url", house.url); later.Accepted != 2 || later.Duplicates != 7 {
		t.Errorf("after %s has ended: %+v", same, later)
	}
	if got := succeed(t, "sessions", "get", "hivium-run_3", "--json", "--url", house.url); !strings.Contains(got, `"cost":0.5`) || !strings.Contains(got, `"status":"success"`) {
		t.Errorf("after it has ended: %s", got)
	}
}

func TestWhichRunsAreImported(t *testing.T) {
	h := platform(t)
	page := rawRuns(t, h)
	for _, source := range [][]string{nil, {file(t, "runs.json", page)}} {
		for _, test := range []struct {
			args []string
			runs int
		}{
			{nil, 3},
			{[]string{"--agent", "lead-triage"}, 2},
			{[]string{"--status", "failed"}, 1},
			{[]string{"--agent", "x"}, 0},
			{[]string{"--since", "2026-05-01T08:30:00Z"}, 2},
			{[]string{"--since", "2026-05-02"}, 1},
			{[]string{"--since", "1h"}, 0},
			{[]string{"--since", "60000d1h"}, 3},
		} {
			got, sum := importingRuns(t, append(append([]string{"--dry-run", "--db", filepath.Join(t.TempDir(), "x.db")}, test.args...), source...)...)
			if got.code != 0 || sum.Runs != test.runs || !sum.DryRun || len(source) > 0 && sum.Passed != 3-test.runs {
				t.Errorf("%q %q: %+v", test.args, source, got)
			}
		}
	}
	if n := h.Count("agents.runs.list"); n != 9 {
		t.Errorf("%d requests: files are not asked of the platform", n)
	}
}

// rawRuns is what the platform answers, as curl would keep it.
func rawRuns(t *testing.T, h *hiviumtest.Server) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/v1/agents/runs", nil)
	r.Header.Set("Authorization", "Bearer "+h.APIKey())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// TestRunsInFiles: pages, lists and single runs, one after the other, are the same runs.
func TestRunsInFiles(t *testing.T) {
	h := platform(t)
	page := rawRuns(t, h)
	var list struct{ Data []json.RawMessage }
	if err := json.Unmarshal([]byte(page), &list); err != nil || len(list.Data) != 3 {
		t.Fatalf("%v: %s", err, page)
	}
	array, _ := json.MarshalIndent(list.Data, "", "  ")
	lines := string(list.Data[0]) + "\n" + string(list.Data[1]) + "\n\n" + string(list.Data[2])
	for name, text := range map[string]string{"page": page, "list": string(array), "lines": lines, "pages": `{"data":[]}` + page + page, "other order": `{"next_cursor":"x",` + page[1:]} {
		db := filepath.Join(t.TempDir(), "new.db")
		got, sum := importingRuns(t, "--db", db, file(t, "runs.json", text))
		if got.code != 0 || sum.Accepted != 7 || sum.CostUSD != 0.3 && name != "pages" || sum.Rejected+sum.Unreadable != 0 {
			t.Errorf("%s: %+v", name, got)
		}
		if _, again := importingRuns(t, "--db", db); again.Accepted != 0 || again.Duplicates != 7 {
			t.Errorf("%s: the same from the platform: %+v", name, again)
		}
	}
	t.Setenv("HIVIUM_API_KEY", "")
	if got := feed(t, page, "import", "hivium-runs", "-", "--dry-run"); got.code != 0 || !strings.Contains(got.out, "7 events would be stored\n") {
		t.Errorf("stdin: %+v", got)
	}
}

// TestRunsThatCannotBeRead are named with file and place, and the rest is stored.
func TestRunsThatCannotBeRead(t *testing.T) {
	bad := file(t, "bad.json", `[{"id":"a","status":"succeeded"},{"status":"failed"},17,{"id":"b","cost_usd":{}},{"id":"c"}]{"id":"d"} nonsense {"id":"e"}`)
	cut := file(t, "cut.json", `{"data":[{"id":"f"}`)
	rest := file(t, "rest.json", `{"id":"g","status":"timed_out","finished_at":"2026-05-01T08:00:00Z"}{"id":"h","status":"canceled"}{"id":"i","status":"odd","error":"e"}`)
	got, sum := importingRuns(t, "--db", filepath.Join(t.TempDir(), "new.db"), bad, cut, rest)
	if got.code != 1 || sum.Runs != 6 || sum.Unreadable != 5 || sum.Accepted != 6+2*4 || sum.Rejected != 0 {
		t.Errorf("%+v", got)
	}
	for _, want := range []string{"5 could not be read", "bad.json value:1 run:2: it is no run: it has no id", "bad.json value:1 run:3", "cost_usd", "bad.json value:3: it is no JSON", "cut.json value:1"} {
		if !strings.Contains(got.errors, want) {
			t.Errorf("stderr lacks %q: %s", want, got.errors)
		}
	}
	large := file(t, "large.json", `{"id":"x","status":"succeeded","output":"`+strings.Repeat("x", 2<<20)+`"}`)
	if got, sum := importingRuns(t, "--db", filepath.Join(t.TempDir(), "new.db"), large); got.code != 1 || sum.Rejected != 1 || sum.Reasons[0].At != "run:x" {
		t.Errorf("an event that is too large: %+v", got)
	}
	if got := run(t, "import", "hivium-runs", "--dry-run", "none.json"); got.code != 3 {
		t.Errorf("a file that is not there: %+v", got)
	}
}

func TestHiviumSaysNo(t *testing.T) {
	h := platform(t)
	db := filepath.Join(t.TempDir(), "new.db")
	for name, test := range map[string]struct {
		key, url string
		args     []string
		code     int
		says     string
	}{
		"no key":      {"", h.URL(), nil, 2, "HIVIUM_API_KEY"},
		"wrong key":   {"sk_wrong", h.URL(), nil, 4, "agents:read"},
		"other scope": {h.NewKey("contacts:read"), h.URL(), nil, 4, "insufficient_scope"},
		"torn key":    {"sk_ SECRET", h.URL(), nil, 2, "Set HIVIUM_API_KEY"},
		"wrong URL":   {h.APIKey(), "ftp://x", nil, 2, "--hivium-url"},
		"status":      {h.APIKey(), h.URL(), []string{"--status", "lost"}, 2, "awaiting_approval"},
		"since":       {h.APIKey(), h.URL(), []string{"--since", "lately"}, 2, "--since"},
		"stdin twice": {h.APIKey(), h.URL(), []string{"-", "-"}, 2, "read once"},
	} {
		t.Setenv("HIVIUM_API_KEY", test.key)
		t.Setenv("HIVIUM_API_URL", test.url)
		for _, dry := range [][]string{nil, {"--dry-run"}} {
			got := run(t, append(append([]string{"import", "hivium-runs", "--db", db}, dry...), test.args...)...)
			if got.code != test.code || !strings.Contains(got.errors, test.says) || test.key != "" && strings.Contains(got.errors+got.out, test.key) {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
	_ = os.Remove(db)
}

// A platform whose pages are many is asked for all of them, and one whose pages go round is not asked for ever.
func TestPagesOfRuns(t *testing.T) {
	h := platform(t)
	for range 120 {
		h.AddRun(hiviumtest.Run{AgentSlug: "many", Status: "succeeded"})
	}
	if got, sum := importingRuns(t, "--dry-run"); got.code != 0 || sum.Runs != 123 || h.Count("agents.runs.list") != 3 {
		t.Errorf("%+v", got)
	}
	h.Fault(func(string, int) hiviumtest.Fault {
		return hiviumtest.Body("application/json", `{"data":[{"id":"x"}],"next_cursor":"again"}`)
	})
	if got := run(t, "import", "hivium-runs", "--dry-run"); got.code != 1 || !strings.Contains(got.errors, "does not end") || !strings.Contains(got.out, "from 1 run,") {
		t.Errorf("%+v", got)
	}
	h.Fault(func(_ string, n int) hiviumtest.Fault {
		return hiviumtest.Body("application/json", fmt.Sprintf(`{"data":[{"id":"x"}],"next_cursor":"%d"}`, n%3))
	})
	if got := run(t, "import", "hivium-runs", "--dry-run"); got.code != 1 || !strings.Contains(got.errors, "does not end") || !strings.Contains(got.out, "from 3 runs,") {
		t.Errorf("pages that go round: %+v", got)
	}
}

// TestAPageWithARunThatIsNone: it is named, and the others of its page and of the next ones are stored.
func TestAPageWithARunThatIsNone(t *testing.T) {
	h := platform(t)
	h.Fault(func(_ string, n int) hiviumtest.Fault {
		if n > 1 {
			return hiviumtest.Body("application/json", `{"data":[{"id":"c","status":"succeeded"}]}`)
		}
		return hiviumtest.Body("application/json", `{"data":[{"id":"a","status":"succeeded"},{"id":"b","cost_usd":{}},null],"next_cursor":"2"}`)
	})
	got, sum := importingRuns(t, "--db", filepath.Join(t.TempDir(), "new.db"))
	if got.code != 1 || sum.Runs != 2 || sum.Accepted != 6 || sum.Unreadable != 2 || h.Count("agents.runs.list") != 2 {
		t.Errorf("%+v", got)
	}
	for _, want := range []string{"2 could not be read", "page:1 run:2: it is no run", "page:1 run:3: it is no run: it has no id"} {
		if !strings.Contains(got.errors, want) {
			t.Errorf("stderr lacks %q: %s", want, got.errors)
		}
	}
}

// TestAPlatformThatBreaksOff: what it gave is stored, and the same command goes on.
func TestAPlatformThatBreaksOff(t *testing.T) {
	h := platform(t)
	for range 50 {
		h.AddRun(hiviumtest.Run{AgentSlug: "many", Status: "succeeded"})
	}
	h.Fault(func(_ string, n int) hiviumtest.Fault {
		if n == 2 {
			return hiviumtest.Status(http.StatusForbidden)
		}
		return nil
	})
	db := filepath.Join(t.TempDir(), "new.db")
	got, sum := importingRuns(t, "--db", db)
	if got.code != 4 || sum.Runs != 50 || sum.Accepted != 3*49+1 || !strings.Contains(got.errors, "the same command goes on") {
		t.Errorf("%+v", got)
	}
	if got, sum = importingRuns(t, "--db", db); got.code != 0 || sum.Runs != 53 || sum.Accepted != 3*3 || sum.Duplicates != 3*49+1 {
		t.Errorf("once more: %+v", got)
	}
}

// TestRunsThatDoNotSayWhoseTheyAre are those of the agent and the status that were asked for.
func TestRunsThatDoNotSayWhoseTheyAre(t *testing.T) {
	h := platform(t)
	h.Fault(func(string, int) hiviumtest.Fault {
		return hiviumtest.Body("application/json", `{"data":[{"id":"a","cost_usd":0.5},{"id":"b","agent_slug":"another","status":"failed"}]}`)
	})
	db := filepath.Join(t.TempDir(), "new.db")
	if got, sum := importingRuns(t, "--db", db, "--agent", "daily-brief", "--status", "succeeded"); got.code != 0 || sum.Runs != 1 || sum.Passed != 1 || sum.CostUSD != 0.5 {
		t.Errorf("%+v", got)
	}
	if got := succeed(t, "sessions", "get", "hivium-a", "--json", "--db", db); !strings.Contains(got, `"agent_name":"daily-brief"`) || !strings.Contains(got, `"status":"success"`) {
		t.Errorf("the session is %s", got)
	}
}

// Whatever is in a file of runs, reading it ends, and says so when something is wrong.
func FuzzRunFiles(f *testing.F) {
	for _, seed := range []string{`{"data":[{"id":"a"}]}`, `[{"id":"a"},{}]`, `{"id":"a"}{"id":"b","tokens":1}`, `{"data":null}`, `[`, "\x1f\x8b", ``, `{"id":"\u0000","created_at":"9999-12-31T23:59:59Z"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var stdout, stderr strings.Builder
		code := cli.Run(t.Context(), []string{"import", "hivium-runs", "-", "--dry-run", "--json"}, strings.NewReader(text), &stdout, &stderr)
		var sum runsSummary
		if err := json.Unmarshal([]byte(stdout.String()), &sum); err != nil || code != 0 && code != 1 || (code == 1) != (sum.Unreadable > 0) {
			t.Errorf("exit %d, %s%s", code, &stdout, &stderr)
		}
	})
}
