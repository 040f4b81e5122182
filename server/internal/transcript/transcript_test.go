package transcript_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/sentrial/sentrial-go/server/internal/transcript"
	"github.com/sentrial/sentrial-go/types"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// written is the transcript of sessions in testdata, or of changed ones.
func written(t *testing.T, change func(text string) string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/session.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Session types.Session
		Events  []types.Event
	}
	if err := json.Unmarshal([]byte(change(string(text))), &doc); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := transcript.New(&out)
	err = w.Begin(doc.Session)
	for _, e := range doc.Events {
		err = errors.Join(err, w.Event(e))
	}
	if err := errors.Join(err, w.End()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTranscript(t *testing.T) {
	got := written(t, func(s string) string { return s })
	if *update {
		if err := os.WriteFile("testdata/session.md", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/session.md")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("testdata/session.md differs; -update rewrites it. Got:\n%s", got)
	}
}

// outside is what stands outside of fences and code spans: all that is read as markup.
func outside(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	fence := ""
	for line := range strings.SplitSeq(text, "\n") {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence != "":
			if len(ticks) >= len(fence) && strings.Trim(line, "` ") == "" {
				fence = ""
			}
		case len(ticks) >= 3 && !strings.Contains(line[len(ticks):], "`"):
			fence = ticks
		default:
			out.WriteString(withoutSpans(line) + "\n")
		}
	}
	if fence != "" {
		t.Errorf("a fence is open at the end: %q", text)
	}
	return out.String()
}

func withoutSpans(line string) string {
	var out strings.Builder
	for line != "" {
		if line[0] == '\\' && len(line) > 1 { // what follows is a letter
			line = line[2:]
			continue
		}
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		if ticks == "" {
			out.WriteByte(line[0])
			line = line[1:]
			continue
		}
		_, rest, _ := strings.Cut(line[len(ticks):], ticks)
		line = rest
	}
	return out.String()
}

// hostile are contents that want to be more than contents.
var hostile = []string{
	"<script>alert(1)</script>", "```\n# owned\n```", "````\n~~~\n<b>", "# owned", "- owned", "1. owned", "![x](http://evil)", "[x](javascript:y)", "> owned",
	"| a | b |\n|---|---|", "a\r\n\r\n# owned", "`<b>`", "``<b>``` <i>", "&lt;b&gt;", "<!-- ", "---", "===", "***", "\\<b>", "\x1b[2J", "\u202eowned", "\u2028# owned", "$x$", "_x_ *y*",
	"\xff<b>", "<a href=\"x\">", "</pre>", "&#60;b>",
}

func TestContentIsNoMarkup(t *testing.T) {
	plain := written(t, func(s string) string { return s })
	for _, evil := range hostile {
		text, err := json.Marshal(evil)
		if err != nil {
			t.Fatal(err)
		}
		got := written(t, func(s string) string { return strings.ReplaceAll(s, `"WORDS"`, string(text)) })
		if got == plain {
			t.Fatal("the content is not in the transcript")
		}
		if strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' || r == '\u202e' || r == '\u2028' }) {
			t.Errorf("%q: control characters in %q", evil, got)
		}
		markup := outside(t, got)
		if strings.ContainsAny(markup, "<>") || strings.Contains(markup, "](") || strings.Contains(markup, "\n# owned") {
			t.Errorf("%q became markup:\n%s", evil, markup)
		}
		if a, b := strings.Count(markup, "\n#"), strings.Count(outside(t, plain), "\n#"); a != b {
			t.Errorf("%q: %d headings, want %d", evil, a, b)
		}
	}
}

func TestAWriterThatFails(t *testing.T) {
	w := transcript.New(broken{})
	if err := w.Begin(types.Session{ID: "s"}); err == nil {
		t.Error("Begin should fail")
	}
	if err := errors.Join(w.Event(types.Event{Step: &types.Step{}}), w.End()); err == nil {
		t.Error("what follows should fail too")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func FuzzTranscript(f *testing.F) {
	for _, seed := range hostile {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, name, content string) {
		var out bytes.Buffer
		w := transcript.New(&out)
		err := errors.Join(
			w.Begin(types.Session{ID: "s", Name: name, AgentName: name, Status: types.Status(name), Input: content}),
			w.Event(types.Event{Type: "tool_call", Status: types.Status(name), ToolCall: &types.ToolCall{ToolName: name, ToolInput: content, Error: content}}),
			w.Event(types.Event{Type: "error", Error: &types.ErrorEvent{ErrorType: name, ErrorMessage: content}}),
			w.End())
		if err != nil {
			t.Fatal(err)
		}
		if markup := outside(t, out.String()); strings.ContainsAny(markup, "<>") || strings.Count(markup, "\n#") > 3 {
			t.Errorf("%q became markup", markup)
		}
	})
}
