package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sentrial/sentrial-go/server/internal/cli"
)

func TestBackupOfAServerThatRuns(t *testing.T) {
	h := newHouse(t)
	to := filepath.Join(t.TempDir(), "copy.db")
	out := succeed(t, "backup", to, "--db", h.db)
	if !strings.HasPrefix(out, to+", ") || !strings.HasSuffix(out, "KiB, checked\n") {
		t.Errorf("printed %q", out)
	}
	if info, err := os.Stat(to); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	for _, args := range [][]string{{"sessions", "list", "--json"}, {"export"}} {
		if got, want := succeed(t, append(args, "--db", to)...), succeed(t, append(args, "--url", h.url)...); got != want {
			t.Errorf("%v: the copy gives\n%s\nthe server\n%s", args, got, want)
		}
	}
	t.Chdir(filepath.Dir(to))
	succeed(t, "backup", "copy.db", "--force", "--db", h.db)
	if left, _ := os.ReadDir("."); len(left) != 1 {
		t.Errorf("beside the copy are %v", left)
	}
}

func TestABackupReplacesOnlyWhatItMay(t *testing.T) {
	h := newHouse(t)
	to := file(t, "old.db", "precious")
	if got := run(t, "backup", to, "--db", h.db); got.code != 1 || !strings.Contains(got.errors, "--force") {
		t.Errorf("%+v", got)
	}
	if text, _ := os.ReadFile(to); string(text) != "precious" {
		t.Errorf("the file holds %q", text)
	}
	t.Setenv("SENTRIAL_DB", h.db)
	if out := succeed(t, "backup", to, "--force", "--json"); !strings.Contains(out, `"bytes":`) {
		t.Errorf("printed %q", out)
	}
	if got := run(t, "backup", h.db, "--force"); got.code != 2 || !strings.Contains(got.errors, "the store itself") {
		t.Errorf("%+v", got)
	}
	succeed(t, "sessions", "get", "sess_refund", "--db", to)
}

func TestBackupsThatFailLeaveNothing(t *testing.T) {
	h := newHouse(t)
	dir := t.TempDir()
	for want, args := range map[int][]string{
		3: {filepath.Join(dir, "copy.db"), "--db", filepath.Join(dir, "missing.db")},
		1: {filepath.Join(dir, "copy.db"), "--db", file(t, "text.db", strings.Repeat("no database ", 100))},
		2: {"--db", h.db},
	} {
		if got := run(t, append([]string{"backup"}, args...)...); got.code != want {
			t.Errorf("%v: %+v", args, got)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stderr strings.Builder
	if code := cli.Run(ctx, []string{"backup", filepath.Join(dir, "copy.db"), "--db", h.db}, nil, &stderr, &stderr); code != 130 {
		t.Errorf("exit %d, %s", code, &stderr)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
}
