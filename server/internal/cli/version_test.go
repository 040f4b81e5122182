package cli_test

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	if out := succeed(t, "version"); !strings.HasPrefix(out, "sentrial ") || !strings.Contains(out, runtime.Version()) || !strings.Contains(out, runtime.GOOS+"/"+runtime.GOARCH) {
		t.Errorf("version = %q", out)
	}
	var doc struct{ Version, Go, Platform string }
	if err := json.Unmarshal([]byte(succeed(t, "version", "--json")), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Version == "" || doc.Go != runtime.Version() || doc.Platform != runtime.GOOS+"/"+runtime.GOARCH {
		t.Errorf("version --json = %+v", doc)
	}
}

func TestEveryCommandHasHelpWithExamples(t *testing.T) {
	for _, command := range []string{"", "serve", "demo", "sessions", "sessions list", "sessions get", "events", "events list", "spool", "spool ls", "spool verify", "spool flush", "version"} {
		args := append(strings.Fields(command), "--help")
		if out := succeed(t, args...); !strings.Contains(out, "Examples:\n") || !strings.Contains(out, "Usage:\n") {
			t.Errorf("sentrial %s --help:\n%s", command, out)
		}
	}
}

func TestHelpNamesTheDefaults(t *testing.T) {
	for command, defaults := range map[string][]string{
		"serve":         {"127.0.0.1:7437", "./sentrial.db", "SENTRIAL_ADDR", "SENTRIAL_DB"},
		"sessions list": {"http://127.0.0.1:7437", "SENTRIAL_API_URL", "SENTRIAL_API_KEY", "SENTRIAL_PROJECT_ID"},
	} {
		out := succeed(t, append(strings.Fields(command), "--help")...)
		for _, want := range defaults {
			if !strings.Contains(out, want) {
				t.Errorf("sentrial %s --help does not name %s", command, want)
			}
		}
	}
}

func TestCompletionOffersStatuses(t *testing.T) {
	if out := run(t, "__complete", "sessions", "list", "--status", "").out; !strings.Contains(out, "abandoned\n") {
		t.Errorf("completion = %q", out)
	}
}
