package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

var kitchen = filepath.Join("testdata", "kitchen.json")

// load is the events of every run of the fixture.
func load(t *testing.T) [][]types.Event {
	t.Helper()
	files, err := sources([]string{kitchen})
	if err != nil {
		t.Fatal(err)
	}
	var all [][]types.Event
	for run, err := range files[0].runs() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, files[0].events(len(all), run))
	}
	return all
}

func TestEventsFollowTheFile(t *testing.T) {
	want := [][]types.EventType{
		{
			types.EventSessionStart, types.EventLLMCall, types.EventToolCall, types.EventLLMCall, types.EventLLMCall, types.EventToolCall, types.EventLLMCall,
			types.EventSessionEnd,
		},
		{types.EventSessionStart, types.EventLLMCall, types.EventToolCall, types.EventToolCall, types.EventSessionEnd},
		{types.EventSessionStart, types.EventSessionEnd},
	}
	runs := load(t)
	if len(runs) != len(want) {
		t.Fatalf("got %d runs, want %d", len(runs), len(want))
	}
	for i, events := range runs {
		var got []types.EventType
		for n, e := range events {
			got = append(got, e.Type)
			if e.Seq != int64(n+1) || n > 0 && !e.Timestamp.After(events[n-1].Timestamp) {
				t.Errorf("run %d, event %d: seq %d at %s does not follow", i, n, e.Seq, e.Timestamp)
			}
		}
		if !reflect.DeepEqual(got, want[i]) {
			t.Errorf("run %d: got %v, want %v", i, got, want[i])
		}
	}
}

func TestIDsComeFromThePosition(t *testing.T) {
	first, again := load(t), load(t)
	if !reflect.DeepEqual(first, again) {
		t.Error("reading the file twice gives other events")
	}
	if e := first[1][2]; e.SessionID != "sess_kitchen.0001" || e.ID != "evt_kitchen.0001.0003" {
		t.Errorf("got ids %s and %s", e.SessionID, e.ID)
	}
}

func TestToolCallsAreJoinedToWhatTheyAnswer(t *testing.T) {
	runs := load(t)
	for name, tc := range map[string]struct {
		event         types.Event
		tool          string
		input, output any
		status        types.Status
		parent        string
	}{
		"plain":             {runs[0][2], "find_pot", raw(`{"litres":2.50}`), raw(`{"pot": "blue", "litres": 2.50}`), types.StatusSuccess, runs[0][1].ID},
		"an id used again":  {runs[0][5], "boil", `{"minutes":6`, "Error: minutes is missing", types.StatusError, runs[0][4].ID},
		"the second of two": {runs[1][2], "weigh", raw(`{"what":"sugar"}`), raw(`120.0`), types.StatusSuccess, runs[1][1].ID},
		"the first of two":  {runs[1][3], "weigh", raw(`{"what":"flour"}`), "", types.StatusSuccess, runs[1][1].ID},
	} {
		call := tc.event.ToolCall
		if call.ToolName != tc.tool || !reflect.DeepEqual(call.ToolInput, tc.input) || !reflect.DeepEqual(call.ToolOutput, tc.output) {
			t.Errorf("%s: got %s(%s) = %s", name, call.ToolName, call.ToolInput, call.ToolOutput)
		}
		if tc.event.Status != tc.status || (call.Error != "") != (tc.status == types.StatusError) || tc.event.ParentID != tc.parent {
			t.Errorf("%s: got status %s, error %q, parent %s; want %s below %s", name, tc.event.Status, call.Error, tc.event.ParentID, tc.status, tc.parent)
		}
	}
}

func raw(text string) json.RawMessage { return json.RawMessage(text) }

func TestEveryMessageIsKeptOnce(t *testing.T) {
	var read, written []string
	for _, e := range load(t)[0] {
		if e.LLMCall == nil {
			continue
		}
		for _, m := range e.LLMCall.Messages {
			read = append(read, m.Role)
		}
		for _, m := range e.LLMCall.OutputMessages {
			for _, part := range m.Parts {
				written = append(written, part.Type)
			}
		}
	}
	if got := strings.Join(read, " "); got != "system user tool user tool" {
		t.Errorf("LLM calls read %s", got)
	}
	if got := strings.Join(written, " "); got != "tool_call text tool_call text tool_call text" {
		t.Errorf("LLM calls wrote %s", got)
	}
	end := load(t)[0][7]
	if want := map[string]any{"unanswered": []any{map[string]any{"role": "user", "content": "###STOP###"}}}; !reflect.DeepEqual(end.Metadata, want) {
		t.Errorf("the last words of the user: got %v, want %v", end.Metadata, want)
	}
}

func TestSessionsTellTheOutcome(t *testing.T) {
	runs := load(t)
	start := runs[0][0].Session
	if start.Input != "Boil two eggs, please." || start.AgentName != "kitchen" || start.Name != "kitchen 0" {
		t.Errorf("session_start: got %+v", start)
	}
	for i, want := range []types.SessionResult{
		{Status: types.StatusSuccess, Output: "The stove refused.", Metrics: map[string]float64{"reward": 1}},
		{Status: types.StatusError, Metrics: map[string]float64{"reward": 0}},
		{Status: types.StatusSuccess},
	} {
		if got := runs[i][len(runs[i])-1].Result; !reflect.DeepEqual(*got, want) {
			t.Errorf("run %d: got %+v, want %+v", i, *got, want)
		}
	}
}

func TestGzipIsRecognised(t *testing.T) {
	plain, err := os.ReadFile(kitchen)
	if err != nil {
		t.Fatal(err)
	}
	runs := 0
	for _, err := range readTrajectories(bytes.NewReader(zip(t, plain))) {
		if err != nil {
			t.Fatal(err)
		}
		runs++
	}
	if runs != 3 {
		t.Errorf("got %d runs, want 3", runs)
	}
}

func zip(t *testing.T, plain []byte) []byte {
	t.Helper()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return zipped.Bytes()
}

func TestWhatIsNoTrajectoryFileIsRefused(t *testing.T) {
	whole := `[{"traj":[{"role":"user","content":"x"}]}]`
	for input, want := range map[string]string{
		"":                                 "want a JSON array",
		"{}":                               "want a JSON array",
		`[{"traj":[]}`:                     "want a JSON array of runs: EOF",
		`[{"traj":[]},`:                    "run 1",
		whole + "x":                        "nothing after",
		whole + whole:                      "nothing after",
		`[null]`:                           `run 0: want an object with "traj"`,
		`[{"task_id":1}]`:                  `run 0: want an object with "traj"`,
		`[{"traj":[{"role":1}]}]`:          "run 0",
		"\x1f\x8bno gzip":                  "gzip",
		string(zip(t, []byte(whole))[:40]): "unexpected EOF",
	} {
		var failed error
		for _, err := range readTrajectories(strings.NewReader(input)) {
			failed = err
		}
		if failed == nil || !strings.Contains(failed.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", input, failed, want)
		}
	}
}

func TestNamesOfFilesInIDs(t *testing.T) {
	for path, want := range map[string]string{
		"dir/tau-bench_1.json.gz": "tau-bench_1",
		"runs.json":               "runs",
		"runs":                    "runs",
		"two words.json":          "two_words-",
		"a.b.json":                "a_b-",
		"ключ.json":               "____-",
		strings.Repeat("x", 200):  strings.Repeat("x", 80) + "-",
	} {
		if got := idName(path); !strings.HasPrefix(got, want) || strings.HasSuffix(want, "-") != (len(got) > len(want)) {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if idName("a b") == idName("a?b") {
		t.Error("two names that differ share their ids")
	}
	if _, err := sources([]string{kitchen, "./testdata/kitchen.json"}); err == nil || !strings.Contains(err.Error(), "rename one") {
		t.Errorf("the same name twice: got %v", err)
	}
}

// Whatever can be read becomes events that can be sent.
func FuzzReadTrajectories(f *testing.F) {
	plain, err := os.ReadFile(kitchen)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(plain)
	f.Add([]byte(`[{"traj":[{"role":"tool","content":[1]},{"role":"assistant","content":{"a":1}}]}]`))
	f.Add([]byte("\x1f\x8b\x08"))
	ids := regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,128}$`)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, n := source{name: "fuzz", modTime: time.Unix(0, 0)}, 0
		for run, err := range readTrajectories(bytes.NewReader(data)) {
			if err != nil {
				return
			}
			for _, e := range s.events(n, run) {
				if _, err := json.Marshal(e); err != nil || !ids.MatchString(e.ID) {
					t.Fatalf("event %s: %v", e.ID, err)
				}
			}
			n++
		}
	})
}
