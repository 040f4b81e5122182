// Package transcript writes a session as Markdown for people: who ran and how it went, then every step with what went in and what came out.
//
// What is written comes from agents and models: it is data. It stands in fences longer than any in it, or is escaped, so that it cannot become
// markup, and what could steer a terminal is made visible.
package transcript

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

// Writer writes one session after the other: Begin, Event for each event in order, End.
type Writer struct {
	out     io.Writer
	err     error // the first of out
	begun   bool
	session types.Session
	number  int
	places  map[string]int // numbers by id, of the latest events
}

// New returns a Writer to w.
func New(w io.Writer) *Writer { return &Writer{out: w} }

// maxPlaces bounds how many events are remembered as places for others to be inside of.
const maxPlaces = 10_000

func (w *Writer) print(text ...string) {
	for _, s := range text {
		if w.err == nil {
			_, w.err = io.WriteString(w.out, s)
		}
	}
}

// Begin writes the head of a session, and what it was asked.
func (w *Writer) Begin(s types.Session) error {
	if w.begun {
		w.print("\n---\n\n")
	}
	w.begun, w.session, w.number, w.places = true, s, 0, map[string]int{}
	w.print("# ", inline(cmp.Or(s.Name, "(unnamed session)")), "\n\n")
	w.item("Session", code(s.ID))
	w.item("Agent", inline(strings.TrimSpace(s.AgentName+" "+s.AgentVersion)))
	w.item("User", inline(s.UserID))
	w.item("Conversation", inline(s.ConversationID))
	w.item("Parent session", code(s.ParentSessionID))
	w.item("Tags", inline(strings.Join(s.Tags, ", ")))
	w.item("Status", inline(string(s.Status)))
	w.item("Started", moment(s.CreatedAt))
	if s.ClosedAt != nil {
		w.item("Took", format.Duration(s.ClosedAt.Sub(s.CreatedAt)))
	}
	w.item("Events", counts(s))
	w.item("Tokens", tokens(s.Usage))
	w.item("Cost", format.Cost(s.Cost))
	w.section("Input", s.Input)
	return w.err
}

// End writes how the session ended.
func (w *Writer) End() error {
	s := w.session
	if s.Summary != "" || s.Output != nil || len(s.Metrics) > 0 {
		w.print("\n## Result\n")
		w.block("", s.Summary)
		w.block("Output", s.Output)
		w.block("Metrics", nonEmpty(s.Metrics))
	}
	w.session, w.places = types.Session{}, nil
	return w.err
}

// item is a line of the head.
func (w *Writer) item(label, value string) {
	if value != "" {
		w.print("- **", label, ":** ", value, "\n")
	}
}

// section is a block under a heading of its own.
func (w *Writer) section(title string, value any) {
	if format.Full(value) != "" {
		w.print("\n## ", title, "\n")
		w.block("", value)
	}
}

// block is a value in a fence, under a label.
func (w *Writer) block(label string, value any) {
	text := format.Full(value)
	if text == "" {
		return
	}
	w.print("\n")
	if label != "" {
		w.print(label, ":\n\n")
	}
	language := "json"
	if _, isText := value.(string); isText {
		language = "text"
	}
	w.print(fenced(language, text))
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func counts(s types.Session) string {
	text := format.Count(s.Events)
	if s.Errors > 0 {
		text += ", " + format.Plural(s.Errors, "error")
	}
	return text
}

// tokens is what was reported, "" when nothing was.
func tokens(u types.Usage) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{
		{u.PromptTokens, "in"},
		{u.CachedTokens, "of them cached"},
		{u.CacheWriteTokens, "of them written to the cache"},
		{u.CompletionTokens, "out"},
		{u.ReasoningTokens, "of them reasoning"},
	} {
		if p.n > 0 {
			parts = append(parts, format.Count(p.n)+" "+p.what)
		}
	}
	if len(parts) == 0 && u.TotalTokens > 0 {
		return fmt.Sprintf("%s in all", format.Count(u.TotalTokens))
	}
	return strings.Join(parts, ", ")
}

func nonEmpty[V any](m map[string]V) any {
	if len(m) == 0 {
		return nil
	}
	return m
}
