package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/cli"
	"github.com/sentrial/sentrial-go/server/internal/console"
)

// streamed are the messages of a stream, one a connection.
var streamed = []string{
	": hello\nid: 10\n\n" +
		`event: event
id: 11
data: {"id":"e1","type":"tool_call","session_id":"s1","timestamp":"2026-03-04T09:30:01.4Z","duration_ms":150.25,
data:  "status":"error","tool_name":"find_order","tool_input":{"order_id":"4711"},"error":"evil\u001b[2J"}

event: session
id: 11
data: {"id":"s1","name":"Refund for order 4711","status":"active"}

event: event
id: 12
data: {"id":"e2","type":"llm_call","session_id":"s1","timestamp":"2026-03-04T09:30:02Z","status":"running","model":"gpt-4o"}

event: another
data: {}

`,
	`event: event
id: 13
data: {"id":"e3","type":"handoff","session_id":"sess_01a21ce0-4114-7c69-9e8b-95a3d2f3768b","timestamp":"2026-03-04T09:30:03Z","to":"billing"}

`,
}

// newStreamer is a server whose connections break after what they have to tell. After the last one it calls done.
func newStreamer(t *testing.T, done func()) (url string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/stream" {
			notThere(w)
			return
		}
		n := len(*asked)
		*asked = append(*asked, r.URL.RawQuery+"|"+r.Header.Get("Last-Event-ID"))
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, streamed[min(n, len(streamed)-1)])
		_ = http.NewResponseController(w).Flush()
		if n == len(streamed)-1 {
			done()
			<-r.Context().Done()
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL, asked
}

// untilLine is a writer that calls done once a text was written.
type untilLine struct {
	bytes.Buffer
	text string
	done func()
}

func (w *untilLine) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	if strings.Contains(w.String(), w.text) {
		w.done()
	}
	return n, err
}

// tailing runs tail until it printed text.
func tailing(t *testing.T, c console.Console, text string, args ...string) (out, errors string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	url, asked := newStreamer(t, func() {})
	stdout, stderr := &untilLine{text: text, done: cancel}, &bytes.Buffer{}
	now := time.Date(2026, 3, 4, 11, 31, 0, 0, time.UTC)
	if code := cli.RunOn(ctx, c, now, append([]string{"tail", "--url", url}, args...), stdout, stderr); code != 130 {
		t.Errorf("exit %d, stderr %q", code, stderr)
	}
	if len(*asked) != 2 || !strings.HasSuffix((*asked)[0], "|") || !strings.HasSuffix((*asked)[1], "|12") {
		t.Errorf("asked %q", *asked)
	}
	return stdout.String(), stderr.String()
}

func TestTail(t *testing.T) {
	out, errors := tailing(t, console.Console{Width: 100}, "handoff")
	golden(t, "tail", out)
	if strings.Count(errors, "trying again") != 1 || strings.Count(errors, "connected again") != 1 {
		t.Errorf("stderr %q", errors)
	}
	for name, width := range map[string]int{"terminal-tail-80": 80, "terminal-tail-140": 140} {
		out, _ = tailing(t, console.Console{Terminal: true, Color: true, Unicode: true, Width: width}, "handoff")
		for line := range strings.Lines(out) {
			if cells := console.Cells(stripped(line)); cells > width {
				t.Errorf("%d cells of %d: %q", cells, width, line)
			}
		}
		golden(t, name, out)
	}
}

// stripped is a line without colours and without its end.
func stripped(line string) string {
	var b strings.Builder
	for piece := range strings.SplitSeq(strings.TrimSuffix(line, "\n"), "\x1b[") {
		if b.Len() > 0 || strings.HasPrefix(line, "\x1b[") {
			if _, rest, ok := strings.Cut(piece, "m"); ok {
				piece = rest
			}
		}
		b.WriteString(piece)
	}
	return b.String()
}

func TestTailAsJSON(t *testing.T) {
	out, _ := tailing(t, console.Console{}, `"billing"`, "--json", "--session", "s1", "--type", "error,tool_call", "--type", "llm_call")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 3 || lines[0] != `{"id":"e1","type":"tool_call","session_id":"s1","timestamp":"2026-03-04T09:30:01.4Z","duration_ms":150.25,"status":"error",`+
		`"tool_name":"find_order","tool_input":{"order_id":"4711"},"error":"evil\u001b[2J"}` {
		t.Errorf("printed %q", out)
	}
}

func TestTailAsks(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url, asked := newStreamer(t, cancel)
	run := fmt.Sprintf("tail --url %s --session s1 --type error,tool_call", url)
	if code := cli.Run(ctx, strings.Fields(run), nil, io.Discard, io.Discard); code != 130 || (*asked)[0] != "session=s1&type=error&type=tool_call|" {
		t.Errorf("exit %d, asked %q", code, *asked)
	}
}

func TestTailOfNobody(t *testing.T) {
	if got := run(t, "tail", "--url", nobody(t)); got.code != 5 || !strings.Contains(got.errors, "sentrial serve") {
		t.Errorf("%+v", got)
	}
	if got := run(t, "tail", "--url", failing(t, 401, "invalid_api_key")); got.code != 4 {
		t.Errorf("%+v", got)
	}
}
