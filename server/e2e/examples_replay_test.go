package e2e_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

const kitchen = "examples/replay/testdata/kitchen.json"

// fixture copies the runs of the replay example to the directory where the program runs, changed by edit.
func (p *program) fixture(t *testing.T, name string, edit func(string) string) {
	t.Helper()
	runs, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(kitchen)))
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, name, edit(string(runs)))
}

func same(s string) string { return s }

func exampleReplayTwiceAddsNothing(t *testing.T, bin binaries) {
	p, to := bin.example(t, "replay")
	p.fixture(t, "runs.json", same)
	for i, want := range []string{"15 events are new, 0 were there already", "0 events are new, 15 were there already"} {
		madeAt := time.Unix(1_700_000_000+int64(i), 0) // each as if from another copy of the file
		if err := os.Chtimes(filepath.Join(p.dir, "runs.json"), madeAt, madeAt); err != nil {
			t.Fatal(err)
		}
		if out := p.mustRun(t, "-parallel", "3", "runs.json"); !strings.HasPrefix(out, "3 sessions, 4 tool calls, 5 LLM calls in ") || !strings.Contains(out, want) {
			t.Errorf("run %d printed %q, want %q", i+1, out, want)
		}
	}
	sessions := to.sessions(t)
	if len(sessions) != 3 || sessions[0].ID != "sess_runs.0000" || sessions[1].Status != types.StatusError {
		t.Fatalf("the server has %+v", sessions)
	}
	events := to.events(t, "sess_runs.0000")
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Errorf("event %d has seq %d", i, e.Seq)
		}
	}
	if got := kinds(events); got != "session_start llm_call tool_call llm_call llm_call tool_call llm_call session_end" {
		t.Errorf("the first run is %s", got)
	}
	raw := get[json.RawMessage](t, to.url+"/v1/sessions/sess_runs.0000/events?limit=1000")
	if !strings.Contains(string(raw[2]), `"tool_input":{"litres":2.50}`) {
		t.Errorf("numbers do not come back as they were: %s", raw[2])
	}
}

// The check of replay is worth something only if it fails when the server has something else.
func exampleReplayNoticesWhatIsNotTheSame(t *testing.T, bin binaries) {
	for name, edit := range map[string]func(string) string{
		"other content": func(s string) string { return strings.Replace(s, "How soft?", "How hard?", 1) },
		"another order": func(s string) string { return strings.Replace(s, `"call_c", "name"`, `"call_b", "name"`, 1) },
		"a message more": func(s string) string {
			return strings.Replace(s, `"traj": []`, `"traj": [{"role": "assistant", "content": "Hello."}]`, 1)
		},
		"another judgment": func(s string) string { return strings.Replace(s, `"reward": 0.0`, `"reward": 1.0`, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := bin.example(t, "replay")
			p.fixture(t, "runs.json", same)
			p.mustRun(t, "runs.json")
			p.fixture(t, "runs.json", edit)
			if got := p.run(t, "runs.json"); got.code != 1 || !strings.Contains(got.stderr, "is not the run in the file") {
				t.Errorf("got %+v, want exit code 1", got)
			}
		})
	}
}

func exampleReplayRefuses(t *testing.T, bin binaries) {
	p, to := bin.example(t, "replay")
	p.fixture(t, "cut.json", func(s string) string { return s[:len(s)-10] })
	p.fixture(t, "whole.json", same)
	p.write(t, "empty.json", "")
	for name, tc := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no file":        {nil, 2, "usage"},
		"a missing file": {[]string{"gone.json"}, 1, "gone.json"},
		"an empty file":  {[]string{"empty.json"}, 1, "empty.json: want a JSON array"},
		"a cut file":     {[]string{"cut.json"}, 1, "cut.json: run 2"},
		"no server":      {[]string{"-url", "http://127.0.0.1:1", "whole.json"}, 1, "http://127.0.0.1:1 cannot be used"},
		"no workers":     {[]string{"-parallel", "0", "whole.json"}, 2, "usage"},
		"the same ids":   {[]string{"whole.json", "./whole.json"}, 1, "rename one"},
		"not the API":    {[]string{"-url", to.url + "/nowhere", "whole.json"}, 1, "cannot be used"},
	} {
		if got := p.run(t, tc.args...); got.code != tc.code || !strings.Contains(got.stderr, tc.want) {
			t.Errorf("%s: got %+v, want exit code %d and %q", name, got, tc.code, tc.want)
		}
	}
}

// Recorded runs of a benchmark lie next to the repository on some machines; the small fixture above shows the same on any.
func exampleReplayOfWholeBenchmarkRuns(t *testing.T, bin binaries) {
	files, err := filepath.Glob(filepath.Join(repository, "..", "shared", "trajectories", "*.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Log("left out: there are no ../shared/trajectories/*.json.gz here")
		return
	}
	p, to := bin.example(t, "replay")
	for i, file := range files {
		if files[i], err = filepath.Abs(file); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if out := p.mustRun(t, append([]string{"-parallel", "16"}, files...)...); !strings.HasPrefix(out, "200 sessions, 1164 tool calls, 2454 LLM calls in ") {
			t.Errorf("it printed %q", out)
		}
	}
	if n := len(to.sessions(t)); n != 200 {
		t.Errorf("the server has %d sessions, want 200", n)
	}
}
