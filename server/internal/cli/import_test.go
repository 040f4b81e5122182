package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/cli"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

// feed runs the command with something on stdin.
func feed(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), args, strings.NewReader(stdin), &stdout, &stderr)
	return outcome{code, stdout.String(), stderr.String()}
}

// file writes a file below a temporary directory.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// stored are n events of one session, one a line, numbered from 1.
func stored(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"e%d","type":"step","session_id":"s","timestamp":"2026-01-02T03:04:05Z","seq":%d,"name":"n"}`+"\n", i+1, i+1)
	}
	return b.String()
}

func TestImportIntoAFileAndAServer(t *testing.T) {
	h := newHouse(t)
	events := file(t, "events.ndjson", stored(1500))
	db := filepath.Join(t.TempDir(), "new.db")
	for _, to := range [][]string{{"--db", db}, {"--url", h.url}} {
		if out := succeed(t, append([]string{"import", events}, to...)...); out != "1,500 events accepted, 0 duplicates, 0 rejected\n" {
			t.Errorf("%v: %q", to, out)
		}
		if out := succeed(t, append([]string{"import", events, "--json"}, to...)...); out != `{"accepted":0,"duplicates":1500,"rejected":0,"reasons":[],"last":"line:1500"}`+"\n" {
			t.Errorf("%v: %q", to, out)
		}
		if out := succeed(t, append([]string{"sessions", "get", "s", "--json"}, to...)...); strings.Count(out, `"name":"n"`) != 1500 {
			t.Errorf("%v: the session is %.300s", to, out)
		}
	}
}

func TestImportFromStdin(t *testing.T) {
	db := filepath.Join(t.TempDir(), "new.db")
	if got := feed(t, stored(3), "import", "-", "--db", db); got.code != 0 || got.errors != "" || !strings.HasPrefix(got.out, "3 events accepted") {
		t.Errorf("%+v", got)
	}
}

func TestWhatCannotBeImportedIsNamed(t *testing.T) {
	text := stored(2) + "this is no event\n" + `{"id":"x","type":"step","session_id":"s"}` + "\n" + `{"type":"step"}` + "\n" + stored(3)
	args := []string{"import", file(t, "bad.ndjson", text), "--db", filepath.Join(t.TempDir(), "new.db")}
	got := run(t, args...)
	for _, want := range []string{"3 events could not be stored", "line:3: invalid JSON", "line:4: timestamp is missing", "(x)", "line:5: id is missing"} {
		if !strings.Contains(got.errors, want) {
			t.Errorf("stderr lacks %q: %q", want, got.errors)
		}
	}
	if got.code != 1 || got.out != "3 events accepted, 2 duplicates, 3 rejected\n" {
		t.Errorf("exit %d, stdout %q", got.code, got.out)
	}
	got = run(t, append(args, "--json")...)
	var sum struct {
		Rejected int
		Reasons  []struct{ At, ID, Code, Message string }
	}
	if err := json.Unmarshal([]byte(got.out), &sum); err != nil || got.code != 1 || sum.Rejected != 3 || len(sum.Reasons) != 3 || sum.Reasons[0].At != "line:3" {
		t.Errorf("exit %d, %v: %s", got.code, err, got.out)
	}
}

func TestWhatImportCannotRead(t *testing.T) {
	db := filepath.Join(t.TempDir(), "new.db")
	for name, test := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no file":         {[]string{"import", "/nowhere/events.ndjson", "--db", db}, 3, "events.ndjson"},
		"no argument":     {[]string{"import", "--db", db}, 2, "FILE"},
		"cut document":    {[]string{"import", file(t, "cut.json", `{"events":[`+strings.TrimSpace(stored(1))+","), "--db", db}, 1, "stopped after event:1"},
		"nobody there":    {[]string{"import", file(t, "e.ndjson", stored(1)), "--url", nobody(t)}, 5, "sentrial serve"},
		"no key":          {[]string{"import", file(t, "e.ndjson", stored(1)), "--url", failing(t, 401, "invalid_api_key")}, 4, "SENTRIAL_API_KEY"},
		"no such project": {[]string{"import", file(t, "e.ndjson", stored(1)), "--db", db, "--project", "a b"}, 2, "X-Sentrial-Project"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := run(t, test.args...); got.code != test.code || !strings.Contains(got.errors, test.says) {
				t.Errorf("exit %d, want %d; stderr %q should hold %q", got.code, test.code, got.errors, test.says)
			}
		})
	}
}

func TestAnInterruptedImportSaysHowFarItCame(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	requests := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if requests++; requests == 2 {
			cancel()
			<-r.Context().Done()
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"accepted":1000,"duplicates":0,"rejected":[]}`)
	}))
	defer srv.Close()
	var stdout, stderr bytes.Buffer
	code := cli.Run(ctx, []string{"import", file(t, "e.ndjson", stored(5000)), "--url", srv.URL}, nil, &stdout, &stderr)
	if code != 130 || stdout.String() != "1,000 events accepted, 0 duplicates, 0 rejected\n" || !strings.Contains(stderr.String(), "stopped after line:1000") {
		t.Errorf("exit %d, stdout %q, stderr %q", code, &stdout, &stderr)
	}
}

func TestAPersonSeesAnImportAdvance(t *testing.T) {
	var stdout, stderr bytes.Buffer
	args := []string{"import", file(t, "e.ndjson", stored(2500)), "--db", filepath.Join(t.TempDir(), "new.db")}
	for _, c := range []console.Console{{Terminal: true, Width: 80}, {Terminal: true, Unicode: true, Color: true, Width: 80}} {
		stderr.Reset()
		at := time.Now()
		clock := func() time.Time { at = at.Add(time.Second); return at }
		if code := cli.RunBy(t.Context(), c, clock, args, &stdout, &stderr); code != 0 || !strings.Contains(stderr.String(), "1,000 events") {
			t.Errorf("exit %d, stderr %q", code, &stderr)
		}
		if strings.Contains(stderr.String(), "█") && !c.Unicode {
			t.Errorf("blocks on a terminal without: %q", &stderr)
		}
	}
}
