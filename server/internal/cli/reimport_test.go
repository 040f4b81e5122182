package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatWasDeletedDoesNotComeBack by an import, and the summary calls it what the help says.
func TestWhatWasDeletedDoesNotComeBack(t *testing.T) {
	h := newHouse(t)
	name := filepath.Join(t.TempDir(), "all.ndjson")
	succeed(t, "export", "sess_weather", "-o", name, "--db", h.db)
	succeed(t, "delete", "sess_weather", "--yes", "--db", h.db)
	if out := succeed(t, "import", name, "--db", h.db); !strings.HasPrefix(out, "0 events accepted") || !strings.Contains(out, " duplicates, 0 rejected") {
		t.Errorf("printed %q", out)
	}
	if got := run(t, "sessions", "get", "sess_weather", "--db", h.db); got.code != 3 {
		t.Errorf("%+v", got)
	}
	if help := succeed(t, "import", "--help"); !strings.Contains(help, "deleted") {
		t.Errorf("help is %s", help)
	}
}
