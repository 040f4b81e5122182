package cli_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/cli"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

// watch runs the command for a person at a terminal of some width, two hours after the events of testdata.
func watch(t *testing.T, width int, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := console.Console{Terminal: true, Color: true, Unicode: true, Width: width}
	now := time.Date(2026, 3, 4, 11, 31, 0, 0, time.UTC)
	if code := cli.RunOn(t.Context(), c, now, args, &stdout, &stderr); code != 0 {
		t.Fatalf("sentrial %s: exit %d, stderr %q", strings.Join(args, " "), code, &stderr)
	}
	return stdout.String()
}

func TestATerminalSeesSymbolsColoursAndRelativeTimes(t *testing.T) {
	h := newHouse(t)
	for name, width := range map[string]int{"terminal-list-80": 80, "terminal-list-140": 140} {
		golden(t, name, watch(t, width, "sessions", "list", "--url", h.url))
	}
}

func TestNoColor(t *testing.T) {
	h := newHouse(t)
	for _, args := range [][]string{{"sessions", "list"}, {"sessions", "get", "sess_refund"}, {"events", "list", "sess_refund"}} {
		args = append(args, "--url", h.url)
		if out := watch(t, 100, args...); !strings.Contains(out, "\x1b[") {
			t.Errorf("%v has no colours: %q", args, out)
		}
		if out := watch(t, 100, append(args, "--no-color")...); strings.Contains(out, "\x1b[") || !strings.Contains(out, "success") {
			t.Errorf("%v --no-color printed %q", args, out)
		}
	}
}

func TestASCII(t *testing.T) {
	h := newHouse(t)
	if out := watch(t, 100, "sessions", "get", "sess_refund", "--url", h.url, "--ascii", "--no-color"); strings.Contains(out, "█") || !strings.Contains(out, "====") {
		t.Errorf("--ascii printed %q", out)
	}
}

func TestJSONForAPersonIsIndentedAndHarmless(t *testing.T) {
	h := newHouse(t)
	out := watch(t, 100, "sessions", "get", "sess_hostile", "--json", "--url", h.url)
	if !strings.Contains(out, "\n  \"session\": {\n") || strings.ContainsAny(out, "\x1b\u202e\u009b") {
		t.Errorf("printed %q", out)
	}
}
