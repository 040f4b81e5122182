package cli_test

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// offered are the words that a shell would offer for the last of args, without descriptions: it chooses those that begin with it.
func offered(t *testing.T, args ...string) []string {
	t.Helper()
	got := run(t, append([]string{"__complete"}, args...)...)
	if got.code != 0 {
		t.Fatalf("%v: %+v", args, got)
	}
	var words []string
	for line := range strings.Lines(got.out) {
		if word, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); !strings.HasPrefix(word, ":") && strings.HasPrefix(word, args[len(args)-1]) {
			words = append(words, word)
		}
	}
	return words
}

func TestCompletionOfSessions(t *testing.T) {
	h := newHouse(t)
	all := []string{"sess_hostile", "sess_weather", "sess_refund"}
	for _, test := range []struct {
		args []string
		want []string
	}{
		{[]string{"sessions", "get", "--url", h.url, ""}, all},
		{[]string{"sessions", "get", "--db", h.db, "sess_w"}, []string{"sess_weather"}},
		{[]string{"sessions", "get", "--url", h.url, "sess_refund", ""}, nil},
		{[]string{"events", "list", "--url", h.url, ""}, all},
		{[]string{"events", "list", "--url", h.url, "--session", "sess_r"}, []string{"sess_refund"}},
		{[]string{"delete", "--url", h.url, "sess_refund", ""}, []string{"sess_hostile", "sess_weather"}},
		{[]string{"export", "--url", h.url, "sess_refund", "sess_h"}, []string{"sess_hostile"}},
		{[]string{"tail", "--url", h.url, "--session", "sess_r"}, []string{"sess_refund"}},
		{[]string{"sessions", "get", "--url", nobody(t), ""}, nil},
		{[]string{"sessions", "get", "--db", "/nowhere.db", ""}, nil},
		{[]string{"sessions", "list", "--url", h.url, "--project", ""}, nil},
	} {
		if got := offered(t, test.args...); !slices.Equal(got, test.want) {
			t.Errorf("%v offers %q, want %q", test.args, got, test.want)
		}
	}
	if got := run(t, "__complete", "sessions", "get", "--url", h.url, "sess_h"); strings.Contains(got.out, "sess_refund") || strings.ContainsAny(got.out, "\x1b\u202e\u009b") || !strings.Contains(got.out, "evil") {
		t.Errorf("offers %q", got.out)
	}
}

func TestCompletionOfKeys(t *testing.T) {
	file := keyring(t)
	for _, test := range []struct {
		args []string
		want []string
	}{
		{[]string{"keys", "revoke", "--db", file, ""}, []string{"key_1", "key_2", "key_3"}}, // key_4 is revoked, key_5 another project's
		{[]string{"keys", "revoke", "--db", file, "key_2", "key_"}, []string{"key_1", "key_3"}},
		{[]string{"keys", "list", "--project", ""}, nil},
		{[]string{"keys", "create", "--url", ""}, nil},
		{[]string{"serve", "--log", ""}, []string{"debug", "info", "warn", "error", "off"}},
	} {
		if got := offered(t, test.args...); !slices.Equal(got, test.want) {
			t.Errorf("%v offers %q, want %q", test.args, got, test.want)
		}
	}
	if got := run(t, "__complete", "keys", "list", "--project", ""); !strings.Contains(got.out, ":4\n") {
		t.Errorf("files are offered: %q", got.out)
	}
}

func TestCompletionOfWords(t *testing.T) {
	for want, args := range map[string][]string{
		"abandoned": {"sessions", "list", "--status", "ab"},
		"tool_call": {"events", "list", "--type", "tool"},
		"llm_call":  {"tail", "--type", "llm"},
		"markdown":  {"export", "--format", "m"},
		"hour":      {"rollups", "--interval", "h"},
		"model":     {"rollups", "--by", "m"},
		"rollups":   {"ro"},
		"doctor":    {"doc"},
		"fish":      {"completion", "f"},
	} {
		if got := offered(t, args...); !slices.Equal(got, []string{want}) {
			t.Errorf("%v offers %q, want %s", args, got, want)
		}
	}
}

func TestCompletionOfFacets(t *testing.T) {
	facets := `{"data":[{"name":"x","values":[{"value":"support","sessions":12},{"value":"sales","sessions":3},{"value":"evil\u001b[2J","sessions":1},{"value":"two\nlines"},{"value":""}]}]}`
	url, asked := newFigures(t, map[string]string{"/v1/facets": facets})
	for _, test := range []struct{ args, facet string }{
		{"sessions list --agent", "agent"},
		{"sessions list --user", "user"},
		{"sessions list --model", "model"},
		{"sessions list --tool", "tool"},
		{"sessions list --conversation", "conversation"},
		{"forget --user", "user"},
		{"rollups --by tool --value", "tool"},
		{"export --agent", "agent"},
	} {
		words := strings.Fields(test.args)
		got := offered(t, append(slices.Insert(words, len(words)-1, "--url", url), "s")...)
		if !slices.Equal(got, []string{"support", "sales"}) || *asked != "/v1/facets?limit=200&name="+test.facet {
			t.Errorf("%s offers %q, asked %s", test.args, got, *asked)
		}
	}
	empty, _ := newFigures(t, nil)
	if got := offered(t, "sessions", "list", "--url", empty, "--agent", ""); got != nil {
		t.Errorf("a server without facets offers %q", got)
	}
}

func TestCompletionWaitsForASecondOnly(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer srv.Close()
	begun := time.Now()
	if got := offered(t, "sessions", "get", "--url", srv.URL, ""); got != nil || time.Since(begun) < 900*time.Millisecond {
		t.Errorf("it offers %q after %v", got, time.Since(begun))
	}
}

func TestCompletionScripts(t *testing.T) {
	for shell, want := range map[string]string{"bash": "__start_sentrial", "zsh": "#compdef sentrial", "fish": "complete -c sentrial", "powershell": "Register-ArgumentCompleter"} {
		out := succeed(t, "completion", shell)
		if !strings.Contains(out, want) {
			t.Errorf("%s: %.200s", shell, out)
		}
		if help := succeed(t, "completion", shell, "--help"); !strings.Contains(help, "sentrial completion "+shell+" >") {
			t.Errorf("the help for %s does not say how to install it: %s", shell, help)
		}
		if path, err := exec.LookPath(shell); err == nil && shell != "powershell" {
			cmd := exec.CommandContext(t.Context(), path, "-n")
			cmd.Stdin = strings.NewReader(out)
			if text, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v, %s", shell, err, text)
			}
		}
	}
}
