package cli_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

// TestTailOfAServerAndItsFile has both see what is posted after they began, and what a file's other readers cannot be told of.
func TestTailOfAServerAndItsFile(t *testing.T) {
	h := newHouse(t)
	for _, from := range [][]string{{"--url", h.url}, {"--db", h.db}} {
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan struct{})
		stdout := &untilLine{text: "probe", done: sync.OnceFunc(func() { close(first) })}
		ended := make(chan int, 1)
		var stderr strings.Builder
		go func() {
			ended <- cli.Run(ctx, append([]string{"tail", "--type", "step"}, from...), nil, stdout, &stderr)
		}()
		for n, seen := 0, false; !seen; n++ { // until it has begun
			select {
			case <-first:
				seen = true
			default:
				post(t, h.url, fmt.Appendf(nil, `{"events":[{"id":"p%d%s","type":"step","session_id":"probing","timestamp":"2026-01-02T03:04:05Z","name":"probe"}]}`, n, from[0]))
			}
		}
		cancel()
		if code := <-ended; code != 130 || stderr.Len() > 0 {
			t.Errorf("%v: exit %d, stderr %q", from, code, &stderr)
		}
	}
}

func TestFiguresOfAServerAndItsFile(t *testing.T) {
	h := newHouse(t)
	for _, args := range [][]string{{"stats"}, {"stats", "--since", "2026-03-01"}, {"rollups"}, {"rollups", "--by", "agent", "--interval", "hour"}, {"rollups", "--by", "tool", "--json"}} {
		online, offline := succeed(t, append(args, "--url", h.url)...), succeed(t, append(args, "--db", h.db)...)
		if online != offline || online == "" {
			t.Errorf("%v: the server gives\n%s\nthe file\n%s", args, online, offline)
		}
	}
	golden(t, "stats-house", succeed(t, "stats", "--url", h.url))
	golden(t, "rollups-house", succeed(t, "rollups", "--url", h.url))
	if got := offered(t, "sessions", "list", "--db", h.db, "--agent", ""); !slices.Equal(got, []string{"forecast", "support"}) {
		t.Errorf("offers %q", got)
	}
}

func TestErasingOnAServerAndInItsFile(t *testing.T) {
	h := newHouse(t)
	if out := succeed(t, "delete", "sess_weather", "--yes", "--url", h.url); out != "deleted sess_weather, 3 events\n" {
		t.Errorf("printed %q", out)
	}
	if out := succeed(t, "forget", "--user", "user_42", "--yes", "--db", h.db); out != "forgot user_42: 1 session, 8 events\n" {
		t.Errorf("printed %q", out)
	}
	if out := succeed(t, "sessions", "list", "--url", h.url); strings.Contains(out, "sess_weather") || strings.Contains(out, "sess_refund") || !strings.Contains(out, "sess_hostile") {
		t.Errorf("what is left is\n%s", out)
	}
	if out := succeed(t, "import", filepath.Join("testdata", "events.json"), "--db", h.db); out != "0 events accepted, 14 duplicates, 0 rejected\n" {
		t.Errorf("what was erased came back: %q", out)
	}
}
