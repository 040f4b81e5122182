package cli_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/cli"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

// slowly runs the command at a terminal, where at each look at the clock a time has passed.
func slowly(t *testing.T, pass time.Duration, args ...string) (out, errors string) {
	t.Helper()
	at := time.Date(2026, 3, 4, 11, 31, 0, 0, time.UTC)
	clock := func() time.Time {
		at = at.Add(pass)
		return at
	}
	var stdout, stderr bytes.Buffer
	c := console.Console{Terminal: true, Unicode: true, Width: 100}
	if code := cli.RunBy(t.Context(), c, clock, args, &stdout, &stderr); code != 0 {
		t.Fatalf("%v: exit %d, stderr %q", args, code, &stderr)
	}
	return stdout.String(), stderr.String()
}

func TestABarStandsNotAmongTheData(t *testing.T) {
	h := newHouse(t)
	for _, args := range [][]string{{"export"}, {"export", "-o", "-"}, {"export", "--format", "markdown"}} {
		if out, errors := slowly(t, time.Second, append(args, "--url", h.url)...); out == "" || errors != "" {
			t.Errorf("%v: stderr %q", args, errors)
		}
	}
	name := filepath.Join(t.TempDir(), "out.ndjson")
	if out, errors := slowly(t, time.Second, "export", "-o", name, "--url", h.url); out != "" || !strings.Contains(errors, "exporting") && !strings.Contains(errors, "events") {
		t.Errorf("stdout %q, stderr %q", out, errors)
	}
}

func TestWhatTakesNoTimeShowsNoBar(t *testing.T) {
	h := newHouse(t)
	dir := t.TempDir()
	for _, args := range [][]string{
		{"export", "-o", filepath.Join(dir, "out.ndjson"), "--url", h.url},
		{"import", file(t, "events.ndjson", stored(1000)), "--url", h.url},
		{"backup", filepath.Join(dir, "copy.db"), "--db", h.db},
	} {
		if _, errors := slowly(t, 0, args...); errors != "" {
			t.Errorf("%v: stderr %q", args, errors)
		}
	}
}
