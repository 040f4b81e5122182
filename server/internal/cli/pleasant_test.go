package cli_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/cli"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

func TestEventsOfASessionWithoutList(t *testing.T) {
	h := newHouse(t)
	want := succeed(t, "events", "list", "sess_refund", "--type", "tool_call", "--url", h.url)
	for _, args := range [][]string{{"events", "sess_refund"}, {"event", "--session", "sess_refund"}} {
		if got := succeed(t, append(args, "--type", "tool_call", "--url", h.url)...); got != want {
			t.Errorf("%v: %s", args, got)
		}
	}
	if out := succeed(t, "events"); !strings.Contains(out, "Usage:") {
		t.Errorf("printed %q", out)
	}
	for words, hint := range map[string]string{"events lst": "Did you mean `sentrial events list`?", "events a b": "SESSION_ID", "events nobody --url " + h.url: "sessions list"} {
		if got := run(t, strings.Fields(words)...); got.code < 2 || !strings.Contains(got.errors, hint) {
			t.Errorf("%s: %+v", words, got)
		}
	}
}

// TestAWrongCommandIsNamedBeforeItsFlags, which the command that is there does not have.
func TestAWrongCommandIsNamedBeforeItsFlags(t *testing.T) {
	for words, want := range map[string]string{
		"sesions --url http://x":        "Did you mean `sentrial sessions`?",
		"sesions --last 7d list":        "Did you mean `sentrial sessions`?",
		"sessions lst --last 7d":        "there is no command \"lst\" in `sentrial sessions`",
		"keys lits --db x":              "Did you mean `sentrial keys list`?",
		"--url http://x sessions":       "unknown flag: --url",
		"sessions list --urls http://x": "unknown flag: --urls",
	} {
		if got := run(t, strings.Fields(words)...); got.code != 2 || !strings.Contains(got.errors, want) {
			t.Errorf("%s: %+v, want %q", words, got, want)
		}
	}
}

func TestHintsWhereWordsStandInTheWrongPlace(t *testing.T) {
	for words, hint := range map[string]string{
		"list":                 "Did you mean `sentrial sessions`?",
		"sessions list sess_1": "`sentrial sessions get sess_1`",
	} {
		if got := run(t, strings.Fields(words)...); got.code != 2 || !strings.Contains(got.errors, hint) {
			t.Errorf("%s: %+v", words, got)
		}
	}
}

func TestAPersonHearsThatJSONIsNotAll(t *testing.T) {
	h := newHouse(t)
	var stdout, stderr bytes.Buffer
	args := []string{"sessions", "list", "--limit", "1", "--json", "--url", h.url}
	if code := cli.RunOn(t.Context(), console.Console{Terminal: true, Width: 80}, time.Now(), args, &stdout, &stderr); code != 0 || !strings.Contains(stderr.String(), "--all") {
		t.Errorf("exit %d, stderr %q", code, &stderr)
	}
	if got := run(t, args...); got.errors != "" {
		t.Errorf("%+v", got)
	}
}
