package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

// configure writes a configuration file where it is looked for.
func configure(t *testing.T, text string) (path string) {
	t.Helper()
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	path = filepath.Join(home, "sentrial", "config.yaml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheFileComesAfterFlagsAndEnvironment(t *testing.T) {
	byFile, byEnv, byFlag := newListener(t), newListener(t), newListener(t)
	configure(t, "url: "+byFile.url+"\napi-key: k-file\nproject: p-file\n")
	succeedQuietly(t, "sessions", "list")
	if r := byFile.seen; r == nil || r.Header.Get("Authorization") != "Bearer k-file" || r.Header.Get("X-Sentrial-Project") != "p-file" {
		t.Errorf("the file's server saw %v", r)
	}
	t.Setenv("SENTRIAL_API_URL", byEnv.url)
	t.Setenv("SENTRIAL_PROJECT", "p-env")
	succeedQuietly(t, "sessions", "list")
	if r := byEnv.seen; r == nil || r.Header.Get("Authorization") != "" || r.Header.Get("X-Sentrial-Project") != "p-env" {
		t.Errorf("the environment's server saw %v", r)
	}
	succeedQuietly(t, "sessions", "list", "--url", byFlag.url, "--api-key", "k-flag")
	if r := byFlag.seen; r == nil || r.Header.Get("Authorization") != "Bearer k-flag" || r.Header.Get("X-Sentrial-Project") != "p-env" {
		t.Errorf("the flag's server saw %v", r)
	}
}

// succeedQuietly is run for commands that have to work, whatever they find.
func succeedQuietly(t *testing.T, args ...string) {
	t.Helper()
	if got := run(t, args...); got.code != 0 {
		t.Fatalf("%v: %+v", args, got)
	}
}

func TestAFileOfTheConfigurationIsReadUnlessAServerIsNamed(t *testing.T) {
	h, elsewhere := newHouse(t), newListener(t)
	configure(t, "db: "+h.db+"\n")
	if out := succeed(t, "sessions", "list"); !strings.Contains(out, "sess_refund") {
		t.Errorf("printed %q", out)
	}
	succeedQuietly(t, "sessions", "list", "--url", elsewhere.url)
	t.Setenv("SENTRIAL_API_URL", elsewhere.url)
	elsewhere.seen = nil
	succeedQuietly(t, "sessions", "list")
	if elsewhere.seen == nil {
		t.Error("SENTRIAL_API_URL was not asked")
	}
	t.Setenv("SENTRIAL_API_URL", "")
	configure(t, "db: "+h.db+"\nurl: "+elsewhere.url+"\n")
	elsewhere.seen = nil
	succeedQuietly(t, "sessions", "list")
	if elsewhere.seen == nil {
		t.Error("the file's own url was not asked")
	}
}

// TestTheStoreOfTheEnvironmentComesBeforeThatOfTheFile, as config show says, and gives way to a server as that does.
func TestTheStoreOfTheEnvironmentComesBeforeThatOfTheFile(t *testing.T) {
	h, elsewhere := newHouse(t), newListener(t)
	path := configure(t, "db: /nowhere/file.db\n")
	t.Setenv("SENTRIAL_DB", h.db)
	for _, words := range []string{"sessions list", "export"} {
		if out := succeed(t, strings.Fields(words)...); !strings.Contains(out, "sess_refund") {
			t.Errorf("%s printed %q", words, out)
		}
	}
	if out := succeed(t, "doctor"); !strings.Contains(out, "file "+h.db+" (SENTRIAL_DB)") || strings.Contains(out, path+":1") {
		t.Errorf("doctor printed %s", out)
	}
	if out := succeed(t, "config", "show"); !regexp.MustCompile(`(?m)^db +` + regexp.QuoteMeta(h.db) + ` +SENTRIAL_DB$`).MatchString(out) {
		t.Errorf("config show printed %s", out)
	}
	if got := run(t, "sessions", "list", "--db", ""); got.code != 2 || !strings.Contains(got.errors, "names no file") {
		t.Errorf("%+v", got)
	}
	if got := run(t, "sessions", "list", "--db", "/nowhere/flag.db"); got.code != 3 || !strings.Contains(got.errors, "flag.db") {
		t.Errorf("%+v", got)
	}
	succeedQuietly(t, "sessions", "list", "--url", elsewhere.url)
	if elsewhere.seen == nil {
		t.Error("--url was not asked")
	}
	t.Setenv("SENTRIAL_API_URL", elsewhere.url)
	elsewhere.seen = nil
	succeedQuietly(t, "sessions", "list")
	if elsewhere.seen == nil {
		t.Error("SENTRIAL_API_URL was not asked")
	}
}

func TestWhichFile(t *testing.T) {
	l := newListener(t)
	text := "url: " + l.url + "\n"
	elsewhere := configure(t, "broken")
	if out := succeed(t, "config", "path"); out != elsewhere+"\n" {
		t.Errorf("config path printed %q", out)
	}
	t.Setenv("SENTRIAL_CONFIG", file(t, "env.yaml", text))
	succeedQuietly(t, "sessions", "list")
	t.Setenv("SENTRIAL_CONFIG", elsewhere)
	succeedQuietly(t, "sessions", "list", "--config", file(t, "flag.yaml", text))
	for _, args := range [][]string{{"sessions", "list", "--config", "/nowhere/c.yaml"}, {"config", "show", "--config", t.TempDir()}} {
		if got := run(t, args...); got.code == 0 || !strings.Contains(got.errors, "configuration") {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

func TestWhatIsWrongWithAFile(t *testing.T) {
	for text, want := range map[string]string{
		"url: http://127.0.0.1:1\n\nurls: secret\n": `:3: there is no setting "urls", these are: addr, `,
		"no-color: secret\n":                        ":1: no-color: expected true or false, got a text",
		"project: true\n":                           ":1: project: expected a text, got true or false",
		"project: [secret]\n":                       ":1: project: expected a text, got a list",
		"json: true\n":                              `:1: there is no setting "json"`,
		"url: a\nurl: b\n":                          `:2: mapping key "url" already defined`,
		"url: \"secret\n":                           ":1: could not find end",
		"- url\n":                                   ":1: expected settings",
	} {
		path := configure(t, text)
		for _, args := range [][]string{{"sessions", "list"}, {"config", "show"}, {"serve", "--addr", "127.0.0.1:0"}} {
			got := run(t, args...)
			if got.code != 2 || !strings.Contains(got.errors, path+want) || strings.Contains(got.errors, "secret") {
				t.Errorf("%q, %v: exit %d, stderr %q should hold %q", text, args, got.code, got.errors, path+want)
			}
		}
		for _, args := range [][]string{{"version"}, {"config", "path"}, {"--help"}, {"completion", "bash"}} {
			succeed(t, args...)
		}
	}
}

// TestWhatServeCannotDoWithAFile is told with the line, for nobody gave the flag.
func TestWhatServeCannotDoWithAFile(t *testing.T) {
	for text, want := range map[string]string{
		"rate-limit: -5\n":             ":1: rate-limit -5: expected at least 1",
		"\nlog: loud\n":                `:2: log "loud": expected debug`,
		"retain: [30d, soon]\n":        `:1: retain "soon": expected a duration`,
		"session-idle: 0\n":            `:1: session-idle "0": expected a duration`,
		"allow-host: https://agents\n": ":1: allow-host: ",
	} {
		path := configure(t, text)
		args := []string{"serve", "--addr", "127.0.0.1:0", "--db", filepath.Join(t.TempDir(), "never.db")}
		if got := run(t, args...); got.code != 2 || !strings.Contains(got.errors, path+want) {
			t.Errorf("%q: exit %d, stderr %q should hold %q", text, got.code, got.errors, path+want)
		}
		if got := run(t, append(args, "--rate-limit=-6", "--log", "loader", "--retain", "later", "--session-idle", "x")...); got.code != 2 || strings.Contains(got.errors, path) {
			t.Errorf("%q: with flags: %+v", text, got)
		}
	}
}

func TestKindsOfSettings(t *testing.T) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	yes, list, pieces := flags.Bool("yes", false, ""), flags.StringArray("list", nil, ""), flags.StringSlice("pieces", nil, "")
	n, d, text := flags.Int("n", 0, ""), flags.Duration("d", 0, ""), flags.String("text", "", "")
	for name, line := range map[string]string{
		"yes": "yes: true", "list": "list: [30d, 'shop=90d']", "pieces": "pieces: one", "n": "n: 12", "d": "d: 30m", "text": "text: 007",
	} {
		if err := cli.Give(flags.Lookup(name), line); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if !*yes || strings.Join(*list, " ") != "30d shop=90d" || strings.Join(*pieces, " ") != "one" || *n != 12 || *d != 30*time.Minute || *text != "007" {
		t.Errorf("%v %v %v %v %v %v", *yes, *list, *pieces, *n, *d, *text)
	}
	for name, line := range map[string]string{"yes": "yes: 1", "n": "n: many", "d": "d: [1]", "text": "text: [a]"} {
		if err := cli.Give(flags.Lookup(name), line); err == nil {
			t.Errorf("%s is taken", line)
		}
	}
}

func TestConfigShow(t *testing.T) {
	path := configure(t, "project: shop\napi-key: sntl_abcdefgh_ThirtyTwoCharactersOfChance00000\nno-color: true\nlog:\n")
	t.Setenv("SENTRIAL_API_URL", "http://sentrial.example")
	out := succeed(t, "config", "show")
	for _, want := range [][3]string{
		{"project", "shop", path + ":1"},
		{"api-key", "sntl_abcdefgh...", path + ":2"},
		{"no-color", "true", path + ":3"},
		{"log", "warn", "default"},
		{"url", "http://sentrial.example", "SENTRIAL_API_URL"},
		{"db", "./sentrial.db", "default"},
	} {
		found := false
		for line := range strings.Lines(out) {
			found = found || strings.Join(strings.Fields(line), " ") == want[0]+" "+want[1]+" "+want[2]
		}
		if !found {
			t.Errorf("%v is not in\n%s", want, out)
		}
	}
	var doc struct {
		File     string
		Read     bool
		Settings []struct{ Name, Value, From string }
	}
	text := succeed(t, "config", "show", "--json")
	if err := json.Unmarshal([]byte(text), &doc); err != nil || doc.File != path || !doc.Read || len(doc.Settings) < 7 || strings.Contains(text+out, "ThirtyTwo") {
		t.Errorf("%v: %s", err, text)
	}
}

func TestAColourlessFile(t *testing.T) {
	h := newHouse(t)
	configure(t, "no-color: true\n")
	if out := watch(t, 100, "sessions", "list", "--url", h.url); strings.Contains(out, "\x1b[") {
		t.Errorf("printed %q", out)
	}
}

func TestOthersWhoCanReadAKey(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("permissions are not in the mode here, nothing is said")
	}
	h := newHouse(t)
	for text, warns := range map[string]bool{"api-key: k\n": runtime.GOOS != "windows", "project: default\n": false} {
		path := configure(t, text)
		if err := os.Chmod(path, 0o640); err != nil {
			t.Fatal(err)
		}
		got := run(t, "sessions", "list", "--url", h.url)
		if got.code != 0 || strings.Contains(got.errors, "chmod 600") != warns {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestTheDemoIsNobodysStore(t *testing.T) {
	db := filepath.Join(t.TempDir(), "precious.db")
	configure(t, "db: "+db+"\n")
	succeedQuietly(t, "demo", "What does the license say?", "--dir", t.TempDir())
	if _, err := os.Stat(db); err == nil {
		t.Error("the demo wrote into the store of the configuration")
	}
}
