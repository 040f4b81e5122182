package cli_test

import (
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; -update rewrites it. Got:\n%s", path, got)
	}
}

func TestReadingCommandsIntoAPipe(t *testing.T) {
	h := newHouse(t)
	for name, args := range map[string][]string{
		"sessions-list": {"sessions", "list"},
		"sessions-get":  {"sessions", "get", "sess_refund"},
		"sessions-full": {"sessions", "get", "sess_refund", "--full"},
		"hostile-get":   {"sessions", "get", "sess_hostile", "--full"},
		"events-list":   {"events", "list", "--session", "sess_refund"},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, succeed(t, append(args, "--url", h.url)...))
		})
	}
}

func TestAFileReadsLikeItsServer(t *testing.T) {
	h := newHouse(t)
	for _, args := range [][]string{
		{"sessions", "list"},
		{"sessions", "list", "--json"},
		{"sessions", "list", "--limit", "1", "--json"},
		{"sessions", "get", "sess_refund"},
		{"sessions", "get", "sess_refund", "--json"},
		{"events", "list", "sess_refund", "--type", "tool_call", "--type", "decision"},
		{"events", "list", "sess_refund", "--json"},
	} {
		online := succeed(t, append(args, "--url", h.url)...)
		offline := succeed(t, append(args, "--db", h.db)...)
		if online != offline || online == "" {
			t.Errorf("%s: the server gives\n%s\nthe file\n%s", strings.Join(args, " "), online, offline)
		}
	}
}

func TestSessionAsJSON(t *testing.T) {
	h := newHouse(t)
	out := succeed(t, "sessions", "get", "sess_refund", "--json", "--db", h.db)
	var doc struct {
		Session struct {
			ID   string   `json:"id"`
			Cost *float64 `json:"cost"`
		} `json:"session"`
		Events []map[string]json.RawMessage `json:"events"`
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Session.ID != "sess_refund" || doc.Session.Cost == nil || *doc.Session.Cost != 0.0041 || len(doc.Events) != 8 {
		t.Errorf("document = %s", out)
	}
	if !strings.Contains(out, `"exact":12345678901234567890`) {
		t.Errorf("a number came out different: %s", out)
	}
	if strings.Count(out, "\n") != 1 {
		t.Errorf("a piped document should be one line: %q", out)
	}
}

func TestFilters(t *testing.T) {
	h := newHouse(t)
	for _, test := range []struct{ args, want string }{
		{"--status active", "sess_weather"},
		{"--status error", "sess_hostile"},
		{"--agent support", "sess_refund"},
		{"--user user_7", "sess_weather"},
		{"--conversation conv_9", "sess_refund"},
		{"--model in-house-7b", "sess_weather"},
		{"--tool find_order", "sess_refund"},
		{"-q oslo", "sess_weather"},
		{"--query 4711", "sess_refund"},
		{"--until 2026-03-04T09:30:15Z", "sess_refund"},
		{"--since 2026-03-04T09:30:35Z", "sess_hostile"},
		{"--since 2026-03-04T09:30:15Z --until 2026-03-04T09:30:35Z", "sess_weather"},
		{"--since 2026-03-04 --status success", "sess_refund"},
		{"--limit 1", "sess_hostile"},
	} {
		var doc struct {
			Data []struct {
				ID string `json:"id"`
			} `json:"data"`
		}
		args := append([]string{"sessions", "list", "--json", "--url", h.url}, strings.Fields(test.args)...)
		if err := json.Unmarshal([]byte(succeed(t, args...)), &doc); err != nil {
			t.Fatal(err)
		}
		if len(doc.Data) != 1 || doc.Data[0].ID != test.want {
			t.Errorf("%s gave %v, want %s alone", test.args, doc.Data, test.want)
		}
	}
}

func TestNothingFound(t *testing.T) {
	h := newHouse(t)
	for _, args := range [][]string{
		{"sessions", "list", "--agent", "nobody"},
		{"events", "list", "sess_refund", "--type", "feedback"},
	} {
		got := run(t, append(args, "--url", h.url)...)
		if got.code != 0 || got.out != "" || !strings.Contains(got.errors, "match") {
			t.Errorf("%v = %+v", args, got)
		}
		if out := succeed(t, append(args, "--url", h.url, "--json")...); out != "{\"data\":[]}\n" {
			t.Errorf("%v --json = %q", args, out)
		}
	}
}

func TestStoredTextCannotSteerATerminal(t *testing.T) {
	h := newHouse(t)
	for _, args := range [][]string{
		{"sessions", "list"},
		{"sessions", "list", "-q", "evil"},
		{"sessions", "get", "sess_hostile"},
		{"sessions", "get", "sess_hostile", "--full"},
		{"events", "list", "sess_hostile"},
	} {
		out := succeed(t, append(args, "--url", h.url)...)
		if strings.ContainsFunc(strings.ReplaceAll(out, "\n", ""), func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' }) {
			t.Errorf("%v printed %q", args, out)
		}
	}
}

func TestPagesUntilTheLimitOrTheEnd(t *testing.T) {
	h := newHouse(t)
	ids := func(out string) (list []string, next string) {
		var doc struct {
			Data []struct {
				ID string `json:"id"`
			} `json:"data"`
			Next string `json:"next_cursor"`
		}
		if err := json.Unmarshal([]byte(out), &doc); err != nil {
			t.Fatal(err)
		}
		for _, item := range doc.Data {
			list = append(list, item.ID)
		}
		return list, doc.Next
	}
	args := []string{"events", "list", "sess_refund", "--json", "--url", h.url}
	first, next := ids(succeed(t, append(args, "--limit", "3")...))
	rest, end := ids(succeed(t, append(args, "--cursor", next, "--limit", "100")...))
	all, _ := ids(succeed(t, append(args, "--all", "--limit", "2")...))
	if len(first) != 3 || next == "" || end != "" || len(all) != 8 {
		t.Errorf("first %v, next %q, end %q, all %v", first, next, end, all)
	}
	if got := strings.Join(append(first, rest...), " "); got != strings.Join(all, " ") {
		t.Errorf("page by page %s, all at once %v", got, all)
	}
	if more := run(t, "events", "list", "sess_refund", "--limit", "3", "--url", h.url); !strings.Contains(more.errors, "--cursor "+next) {
		t.Errorf("stderr should say how to go on: %q", more.errors)
	}
}

func TestALongSessionIsReadToItsEnd(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answer := map[string]string{
			"/v1/sessions/s":                               `{"id":"s","status":"active","created_at":"2026-01-02T03:04:05Z","events":2,"errors":0}`,
			"/v1/sessions/s/events?limit=1000":             `{"data":[{"id":"one"}],"next_cursor":"more"}`,
			"/v1/sessions/s/events?cursor=more&limit=1000": `{"data":[{"id":"two"}]}`,
		}[r.URL.RequestURI()]
		_, _ = io.WriteString(w, answer)
	}))
	defer srv.Close()
	out := succeed(t, "sessions", "get", "s", "--json", "--url", srv.URL)
	if !strings.HasSuffix(out, `"events":[{"id":"one"},{"id":"two"}]}`+"\n") {
		t.Errorf("document = %s", out)
	}
}
