package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/sentrial/sentrial-go/server/internal/cli"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

// summary is what --json prints of an import of spans.
type summary struct {
	Accepted, Duplicates, Rejected      int
	Reasons                             []struct{ At, ID, Code string }
	Files, Spans, Logs, Metrics, Traces int
	Unreadable                          int
	RejectedSpans                       int  `json:"rejected_spans"`
	DryRun                              bool `json:"dry_run"`
	Events, Nothing                     map[string]int
	Problems                            []struct{ File, At, Message string }
}

// importing runs an import of spans with --json.
func importing(t *testing.T, args ...string) (got outcome, sum summary) {
	t.Helper()
	got = run(t, append([]string{"import", "otlp", "--json"}, args...)...)
	if got.out != "" {
		if err := json.Unmarshal([]byte(got.out), &sum); err != nil {
			t.Fatalf("%v: %s", err, got.out)
		}
	}
	return got, sum
}

func TestImportOTLPIntoAFileAndAServer(t *testing.T) {
	h := newHouse(t)
	spans := file(t, "traces.json", agentFile(2))
	for _, to := range [][]string{{"--db", filepath.Join(t.TempDir(), "new.db")}, {"--url", h.url}} {
		out := succeed(t, append([]string{"import", "otlp", spans}, to...)...)
		for _, want := range []string{" accepted, 0 duplicates, 0 rejected\n", "       2  llm_call\n", "       2  tool_call\n", "from 10 spans of 2 traces and 2 log records in 1 file; 2 messages of metrics passed over\n", "spans became no event\n"} {
			if !strings.Contains(out, want) {
				t.Errorf("%v: stdout lacks %q: %s", to, want, out)
			}
		}
		stored := succeed(t, append([]string{"events", "conv-1", "--json"}, to...)...)
		for _, want := range []string{`"m-2026"`, `"weather"`, "It is 18 C.", "weather in Lisbon?", `"prompt_tokens":88`} {
			if !strings.Contains(stored, want) {
				t.Errorf("%v: the events of conv-1 lack %s: %s", to, want, stored)
			}
		}
		if again, sum := importing(t, append(to, spans)...); again.code != 0 || sum.Accepted != 0 || sum.Duplicates == 0 || strings.Contains(again.out, `"last"`) {
			t.Errorf("%v: the second run: %+v", to, again)
		}
		if after := succeed(t, append([]string{"events", "conv-1", "--json"}, to...)...); after != stored {
			t.Errorf("%v: the second run changed\n%s\nto\n%s", to, stored, after)
		}
	}
}

// TestFilesAreReadAsOne: a trace in pieces, in any order, compressed or not, is the same trace.
func TestFilesAreReadAsOne(t *testing.T) {
	_, whole := importing(t, "--dry-run", file(t, "traces.json", agentFile(1)))
	var pieces []string
	for _, body := range agentSpans(1) {
		pieces = append([]string{file(t, "piece.json", body)}, pieces...)
	}
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	packed := file(t, "traces.json.zst", string(w.EncodeAll([]byte(agentFile(1)), nil)))
	for name, args := range map[string][]string{"pieces": pieces, "compressed": {packed}, "twice": append(pieces, packed)} {
		got, sum := importing(t, append([]string{"--dry-run"}, args...)...)
		if got.code != 0 || !sum.DryRun || len(whole.Events) < 4 || sum.Files != len(args) || sum.Traces != 1 || !sameCounts(sum.Events, whole.Events) {
			t.Errorf("%s: %+v, want the events %v", name, got, whole.Events)
		}
	}
}

func sameCounts(x, y map[string]int) bool {
	a, _ := json.Marshal(x)
	b, _ := json.Marshal(y)
	return bytes.Equal(a, b)
}

// TestWhatIsTooMuchToHoldIsStoredInPieces, and comes out with the same calls.
func TestWhatIsTooMuchToHoldIsStoredInPieces(t *testing.T) {
	spans := file(t, "traces.json", agentFile(3))
	_, whole := importing(t, "--dry-run", spans)
	defer cli.HoldBytes(1)()
	db := filepath.Join(t.TempDir(), "new.db")
	got, sum := importing(t, spans, "--db", db)
	if got.code != 0 || sum.Traces != 3 || sum.Events["llm_call"] < whole.Events["llm_call"] || sum.Events["tool_call"] != whole.Events["tool_call"] || sum.Rejected != 0 || sameCounts(sum.Events, whole.Events) {
		t.Errorf("%+v, want the calls of %v, and more about their sessions", got, whole.Events)
	}
	if _, again := importing(t, spans, "--db", db); again.Accepted != 0 {
		t.Errorf("the second run stored %+v", again)
	}
}

func TestImportOTLPFromStdin(t *testing.T) {
	db := filepath.Join(t.TempDir(), "new.db")
	if got := feed(t, agentFile(1), "import", "otlp", "-", "--db", db); got.code != 0 || got.errors != "" || !strings.Contains(got.out, "from 5 spans of 1 trace ") {
		t.Errorf("%+v", got)
	}
}

func TestADryRunStoresNothing(t *testing.T) {
	db := filepath.Join(t.TempDir(), "new.db")
	out := succeed(t, "import", "otlp", "--dry-run", "--db", db, file(t, "traces.json", agentFile(1)))
	if !strings.Contains(out, " events would be stored\n") || !strings.Contains(out, "       1  llm_call\n") {
		t.Errorf("printed %q", out)
	}
	if _, err := os.Stat(db); err == nil {
		t.Error("it made the store")
	}
	if got := run(t, "import", "otlp", "--dry-run", "--url", nobody(t), file(t, "traces.json", agentFile(1))); got.code != 0 {
		t.Errorf("it asked a server: %+v", got)
	}
}

func TestGenericMakesStepsOfOtherSpans(t *testing.T) {
	spans := file(t, "traces.json", agentFile(1))
	_, less := importing(t, "--dry-run", spans)
	if _, more := importing(t, "--dry-run", "--generic", spans); less.Events["step"] != 0 || more.Events["step"] == 0 {
		t.Errorf("%v without, %v with", less.Events, more.Events)
	}
}

// TestWhatIsBrokenInFilesIsNamed with file and place, and the rest is stored.
func TestWhatIsBrokenInFilesIsNamed(t *testing.T) {
	bodies := agentSpans(1)
	lines := file(t, "bad.json", bodies[0]+"\nnonsense\n"+strings.Replace(bodies[1], `"spanId":"`, `"spanId":"7`, 1)+"\n"+bodies[5]+"\n")
	cut := file(t, "cut.json", "{\n"+bodies[4][1:50])
	other := file(t, "other.txt", "hello")
	rest := file(t, "rest.json", bodies[2])
	db := filepath.Join(t.TempDir(), "new.db")
	got, sum := importing(t, lines, cut, other, rest, "--db", db)
	if got.code != 1 || sum.Spans != 3 || sum.RejectedSpans != 1 || sum.Unreadable != 3 || sum.Events["llm_call"] != 1 || sum.Accepted == 0 {
		t.Errorf("%+v", got)
	}
	text := run(t, "import", "otlp", lines, cut, other, rest, "--db", db)
	for _, want := range []string{
		"3 pieces of the files could not be read, 1 of the spans and records say what cannot be", lines + ": line:2: no OTLP body: expected a JSON object", lines + ": line:3: 1 rejected, the first is a span: spanId: expected 16 hexadecimal digits, got 17 characters",
		cut + ": the document cannot be read beyond byte", other + ": it is no OTLP: expected JSON, a protobuf message",
	} {
		if !strings.Contains(text.errors, want) {
			t.Errorf("stderr lacks %q: %s", want, text.errors)
		}
	}
	if text.code != 1 || !strings.HasPrefix(text.out, "0 events accepted, ") {
		t.Errorf("%+v", text)
	}
}

func TestWhatImportOTLPRefuses(t *testing.T) {
	spans := file(t, "traces.json", agentFile(1))
	db := filepath.Join(t.TempDir(), "new.db")
	for name, test := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no file":         {[]string{spans, "/nowhere/traces.json", "--db", db}, 3, "cannot read the spans"},
		"a folder":        {[]string{t.TempDir(), "--db", db}, 2, "is a folder"},
		"no argument":     {[]string{"--db", db}, 2, "FILE"},
		"stdin twice":     {[]string{"-", "-", "--db", db}, 2, "stdin"},
		"nobody there":    {[]string{spans, "--url", nobody(t)}, 5, "sentrial serve"},
		"no key":          {[]string{spans, "--url", failing(t, 401, "invalid_api_key")}, 4, "SENTRIAL_API_KEY"},
		"no such project": {[]string{spans, "--db", db, "--project", "a b"}, 2, "X-Sentrial-Project"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := run(t, append([]string{"import", "otlp"}, test.args...)...); got.code != test.code || !strings.Contains(got.errors, test.says) {
				t.Errorf("exit %d, want %d; stderr %q should hold %q", got.code, test.code, got.errors, test.says)
			}
		})
	}
	if got := run(t, "sessions", "list", "--db", db); strings.Contains(got.out, "conv-1") {
		t.Error("a missing file was noticed after something was stored")
	}
}

// TestARejectedEventIsNamedByItsSpan, for nobody has seen the lines that travel.
func TestARejectedEventIsNamedByItsSpan(t *testing.T) {
	huge := strings.Replace(agentFile(1), "It is 18 C.", strings.Repeat("It is 18 C. ", 100_000), 1)
	args := []string{file(t, "traces.json", huge), "--db", filepath.Join(t.TempDir(), "new.db")}
	got, sum := importing(t, args...)
	if got.code != 1 || sum.Rejected != 1 || len(sum.Reasons) != 1 || sum.Reasons[0].At != "span:0000000000000013" || sum.Accepted == 0 {
		t.Errorf("%+v", got)
	}
	if text := run(t, append([]string{"import", "otlp"}, args...)...); !strings.Contains(text.errors, "1 event could not be stored") || !strings.Contains(text.errors, "span:0000000000000013: ") {
		t.Errorf("%+v", text)
	}
}

func TestAnInterruptedImportOfSpansCanGoOn(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	}))
	defer srv.Close()
	var stdout, stderr bytes.Buffer
	code := cli.Run(ctx, []string{"import", "otlp", file(t, "traces.json", agentFile(300)), "--url", srv.URL}, nil, &stdout, &stderr)
	if code != 130 || !strings.HasPrefix(stdout.String(), "0 events accepted") || !strings.Contains(stderr.String(), "the same command goes on") {
		t.Errorf("exit %d, stdout %q, stderr %q", code, &stdout, &stderr)
	}
}

func TestAnInterruptedImportOfSpansDoesNotWaitForStdin(t *testing.T) {
	read, write := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = io.WriteString(write, agentFile(1))
		cancel()
	}()
	var stdout, stderr bytes.Buffer
	if code := cli.Run(ctx, []string{"import", "otlp", "-", "--url", nobody(t)}, read, &stdout, &stderr); code != 130 {
		t.Errorf("exit %d, stdout %q, stderr %q", code, &stdout, &stderr)
	}
	_ = write.Close()
}

func TestAPersonSeesAnImportOfSpansAdvance(t *testing.T) {
	var stdout, stderr bytes.Buffer
	args := []string{"import", "otlp", file(t, "traces.json", agentFile(100)), "--db", filepath.Join(t.TempDir(), "new.db")}
	var at atomic.Int64
	clock := func() time.Time { return time.Unix(at.Add(1), 0) }
	code := cli.RunBy(t.Context(), console.Console{Terminal: true, Unicode: true, Width: 80}, clock, args, &stdout, &stderr)
	if code != 0 || !strings.Contains(stderr.String(), "1 span ") || !strings.Contains(stderr.String(), "░") || !strings.HasSuffix(stderr.String(), " \r") {
		t.Errorf("exit %d, stderr %q", code, &stderr)
	}
}

func TestCompletionOffersTheFormsOfImport(t *testing.T) {
	if got := offered(t, "import", "ot"); len(got) != 1 || got[0] != "otlp" {
		t.Errorf("offers %q", got)
	}
	if got := run(t, "__complete", "import", "otlp", ""); !strings.HasSuffix(strings.TrimSpace(got.out), ":0") {
		t.Errorf("no files are offered: %q", got.out)
	}
}
