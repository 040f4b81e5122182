package cli_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestExportIntoAPipe(t *testing.T) {
	h := newHouse(t)
	golden(t, "export-markdown", succeed(t, "export", "sess_refund", "sess_hostile", "--format", "markdown", "--url", h.url))
	for _, args := range [][]string{{"export"}, {"export", "--format", "json"}, {"export", "--format", "markdown"}, {"export", "sess_weather"}, {"export", "--status", "active"}} {
		online, offline := succeed(t, append(args, "--url", h.url)...), succeed(t, append(args, "--db", h.db)...)
		if online != offline || online == "" {
			t.Errorf("%v: the server gives\n%s\nthe file\n%s", args, online, offline)
		}
	}
}

func TestExportedEventsAreOneALine(t *testing.T) {
	h := newHouse(t)
	post(t, h.url, []byte("{\"events\":[{\n\"id\":\"multi\",\n \"type\":\"step\",\"session_id\":\"sess_weather\",\"timestamp\":\"2026-03-04T09:30:33Z\",\"input\":{\n\"n\": 1.50 }}]}"))
	lines := strings.Split(strings.TrimSpace(succeed(t, "export", "--url", h.url)), "\n")
	if len(lines) != 15 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("line %q", line)
		}
	}
	if all := strings.Join(lines, "\n"); !strings.Contains(all, `"exact":12345678901234567890`) || !strings.Contains(all, `"input":{"n":1.50}`) {
		t.Error("a value came out different")
	}
	var doc struct{ Events []json.RawMessage }
	if err := json.Unmarshal([]byte(succeed(t, "export", "--format", "json", "--url", h.url)), &doc); err != nil || len(doc.Events) != 15 {
		t.Errorf("%d events, %v", len(doc.Events), err)
	}
}

// TestARoundTripLosesNothing moves sessions to an empty store, among them some whose meaning hangs on the order in which events came and on
// which client they are from.
func TestARoundTripLosesNothing(t *testing.T) {
	h := newHouse(t)
	for _, body := range []string{
		`{"client":{"id":"b"},"events":[{"id":"o1","type":"session_update","session_id":"o","timestamp":"2026-01-01T00:00:09Z","seq":1,"name":"later"}]}`,
		`{"client":{"id":"a"},"events":[{"id":"o2","type":"session_update","session_id":"o","timestamp":"2026-01-01T00:00:02Z","seq":1,"name":"came last"},
		  {"id":"o3","type":"llm_call","session_id":"o","timestamp":"2026-01-01T00:00:02Z","seq":2,"model":"m","prompt_tokens":3,"cost":0.000000001,"metadata":{"\u2028":"\ud83d\ude00"}}]}`,
		`{"client":{"id":"b"},"events":[{"id":"o4","type":"session_end","session_id":"o","timestamp":"2026-01-01T00:00:02Z","seq":2,"status":"cancelled"},
		  {"id":"o5","type":"session_end","session_id":"o","timestamp":"2026-01-01T00:00:01Z","seq":3,"status":"success","summary":"too late"}]}`,
		`{"events":[{"id":"x1","type":"session_start","session_id":"x","timestamp":"2026-01-01T00:00:03Z","user_id":"late","tags":["a"]},
		  {"id":"x2","type":"session_alias","session_id":"x","timestamp":"2026-01-01T00:00:04Z","into":"o"}]}`,
		`{"events":[{"id":"r1","type":"tool_call","session_id":"r","timestamp":"2026-01-01T00:00:01Z","status":"running","tool_name":"t"}]}`,
		`{"events":[{"id":"r1","type":"tool_call","session_id":"r","timestamp":"2026-01-01T00:00:01Z","status":"error","tool_name":"t","error":"x"}]}`,
	} {
		post(t, h.url, []byte(body))
	}
	for _, format := range []string{"ndjson", "json"} {
		dir := t.TempDir()
		events, db := filepath.Join(dir, "events"), filepath.Join(dir, "new.db")
		succeed(t, "export", "--format", format, "--url", h.url, "-o", events)
		succeed(t, "import", events, "--db", db)
		for _, id := range []string{"sess_refund", "sess_weather", "sess_hostile", "o", "r"} {
			for _, args := range [][]string{{"sessions", "get", id, "--full"}, {"events", "list", id}, {"export", id, "--format", "markdown"}} {
				if before, after := succeed(t, append(args, "--url", h.url)...), succeed(t, append(args, "--db", db)...); before != after {
					t.Errorf("%s, %v: before\n%s\nafter\n%s", format, args, before, after)
				}
			}
		}
		before, after := succeed(t, "sessions", "list", "--url", h.url), succeed(t, "sessions", "list", "--db", db)
		if before != after {
			t.Errorf("%s: before\n%s\nafter\n%s", format, before, after)
		}
		if got, want := sorted(succeed(t, "export", "--db", db)), sorted(succeed(t, "export", "--url", h.url)); got != want {
			t.Errorf("%s: exported again\n%s\nwant\n%s", format, got, want)
		}
	}
}

// sorted are events without what the store adds by itself.
func sorted(ndjson string) string {
	var out []string
	for line := range strings.Lines(ndjson) {
		before, rest, _ := strings.Cut(line, `,"position":`)
		client := ""
		if _, id, ok := strings.Cut(rest, `"client_id":`); ok {
			client = id
		}
		out = append(out, before+" "+client)
	}
	return strings.Join(out, "\n")
}

func TestAnExportedFileIsCompleteOrNotThere(t *testing.T) {
	h := newHouse(t)
	dir := t.TempDir()
	name := filepath.Join(dir, "out.ndjson")
	if got := run(t, "export", "sess_refund", "sess_nobody", "-o", name, "--url", h.url); got.code != 3 || !strings.Contains(got.errors, "sess_nobody") {
		t.Errorf("%+v", got)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := succeed(t, "export", "-o", name, "--url", h.url); out != "" {
		t.Errorf("stdout has %q", out)
	}
	info, err := os.Stat(name)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if text, _ := os.ReadFile(name); string(text) != succeed(t, "export", "--url", h.url) {
		t.Error("the file is not what stdout has")
	}
	if got := run(t, "export", "-o", filepath.Join(dir, "missing", "x"), "--url", h.url); got.code != 3 {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat(os.DevNull); !errors.Is(err, fs.ErrNotExist) {
		succeed(t, "export", "-o", os.DevNull, "--url", h.url)
	}
}

func TestASessionThatIsNamedTwiceIsExportedOnce(t *testing.T) {
	h := newHouse(t)
	post(t, h.url, []byte(`{"events":[{"id":"alias","type":"session_alias","session_id":"other","timestamp":"2026-03-04T09:31:00Z","into":"sess_refund"}]}`))
	once := succeed(t, "export", "sess_refund", "sess_weather", "--url", h.url)
	if got := succeed(t, "export", "sess_refund", "sess_refund", "sess_weather", "other", "--url", h.url); got != once {
		t.Errorf("twice gives\n%s\nonce\n%s", got, once)
	}
}

func TestNothingToExport(t *testing.T) {
	h := newHouse(t)
	for kind, want := range map[string]string{"ndjson": "", "markdown": "", "json": "{\"events\":[\n]}\n"} {
		if out := succeed(t, "export", "--agent", "nobody", "--format", kind, "--url", h.url); out != want {
			t.Errorf("%s: %q", kind, out)
		}
	}
}

func TestExportUsage(t *testing.T) {
	h := newHouse(t)
	for _, args := range [][]string{{"--format", "xml"}, {"sess_refund", "--status", "error"}, {"--status", "done"}} {
		if got := run(t, append(append([]string{"export"}, args...), "--url", h.url)...); got.code != 2 || got.out != "" {
			t.Errorf("%v: %+v", args, got)
		}
	}
}
