package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/sentrial/sentrial-go/otelbridge/genai"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

// explainDrawing writes spans for people: a tree by their parents, with what is known of each below its name. Into a pipe it has the same lines, indented.
type explainDrawing struct {
	out     io.Writer
	console console.Console
	events  bool
	alone   bool // spans that were asked for: no tree
	guides  []string
}

// pipeCells is how long a value may be where no terminal bounds it.
const pipeCells = 160

func (d *explainDrawing) trace(t *tracedSpans, list []*explainedSpan) {
	head := console.Line(console.Bold, "trace "+t.id.String()).Add(console.Dim, "  "+format.Plural(len(t.spans), "span"))
	if name := t.spans[0].service(); name != "" {
		head = head.Add(console.Dim, " of "+name)
	}
	d.line("", head)
	for _, x := range list {
		d.span(x)
	}
	if d.events && len(t.rest) > 0 && !d.alone {
		d.line("", console.Line(console.Dim, "events of the trace as a whole"))
		d.jsonOf("  ", t.rest)
	}
	d.line("", console.Text{})
}

// span writes one: its name, what it became and because of what, and its fields.
func (d *explainDrawing) span(x *explainedSpan) {
	first, rest := d.guide(x)
	d.line(first, d.title(x))
	d.became(rest, x)
	d.fact(rest, "because", x.why.Rule, "")
	d.fact(rest, "dialects", strings.Join(x.why.Dialects, ", "), "")
	if x.why.Session != "" {
		d.fact(rest, "session", x.why.Session, "from "+cmp.Or(x.why.From, "the trace"))
	}
	d.fields(rest, x)
	kept, unread := x.leftovers()
	d.fact(rest, "kept", "", keptText(kept))
	d.fact(rest, "unread", "", strings.Join(unread, ", "))
	if x.copies > 0 {
		d.fact(rest, "copies", "it came "+format.Plural(x.copies, "time")+" more", "")
	}
	if d.events {
		d.jsonOf(rest, x.became)
	}
}

func (d *explainDrawing) title(x *explainedSpan) console.Text {
	t := console.Line(console.Bold, cmp.Or(x.Name, "(no name)"))
	if x.why.Kind != "" {
		t = t.Add(console.Cyan, "  "+x.why.Kind)
	}
	if x.Status == genai.StatusError {
		t = t.Add(console.Red, "  error")
	}
	return t.Add(console.Dim, "  "+format.Duration(x.duration())+"  "+cmp.Or(scopeText(x.Scope), "no scope")+"  "+x.SpanID.String())
}

// became says which events there are, each on a line, or why there are none.
func (d *explainDrawing) became(rest string, x *explainedSpan) {
	if len(x.why.Became) == 0 {
		why := cmp.Or(x.why.Why, "no reason was given")
		d.line(rest, label("nothing", console.Yellow).Add(console.Yellow, why))
		return
	}
	for i, id := range x.why.Became {
		name := "became"
		if i > 0 {
			name = ""
		}
		d.line(rest, label(name, console.Green).Add(console.Green, cmp.Or(x.typeOf(id), "event")).Add(console.Dim, "  "+id))
	}
	if x.why.Why != "" {
		d.fact(rest, "though", x.why.Why, "")
	}
}

// labelCells is how wide the names of what is known of a span are.
const labelCells = 9

func label(name string, style console.Style) console.Text {
	return console.Line(style, name).Join(spaces(labelCells - len(name)))
}

func spaces(n int) console.Text { return console.Line(console.None, strings.Repeat(" ", max(n, 1))) }

func (d *explainDrawing) fact(rest, name, value, where string) {
	if value == "" && where == "" {
		return
	}
	t := label(name, console.Dim).Add(console.None, value)
	if where != "" && value != "" {
		where = "  " + where
	}
	d.line(rest, t.Add(console.Dim, where))
}

// fields writes what the events are made of, each with where it came from.
func (d *explainDrawing) fields(rest string, x *explainedSpan) {
	width := 0
	for _, f := range x.why.Fields {
		width = max(width, len(f.Field))
	}
	for _, f := range x.why.Fields {
		from := " " + d.arrow() + " " + cmp.Or(f.Key, "(made here)")
		if f.Dialect != "" {
			from += " (" + f.Dialect + ")"
		}
		t := spaces(2).Add(console.Blue, f.Field).Join(spaces(width - len(f.Field) + 2))
		room := d.cells() - console.Cells(rest) - t.Cells() - min(console.Cells(from), d.cells()/2)
		value := d.console.Cropped(console.Line(console.None, valueText(x.valueOf(f))), max(room, 12))
		d.line(rest, t.Join(value).Add(console.Dim, from))
	}
}

// valueText is a value on one line; a text in quotes where it would not be seen otherwise.
func valueText(v any) string {
	if s, ok := v.(string); ok && strings.TrimSpace(s) == "" {
		return fmt.Sprintf("%q", s)
	}
	return console.CleanLine(format.Preview(v))
}

func (d *explainDrawing) arrow() string {
	if d.console.Unicode {
		return "←"
	}
	return "<-"
}

// cells is how long a line may be.
func (d *explainDrawing) cells() int {
	if d.console.Terminal && d.console.Width > 0 {
		return max(d.console.Width, 40)
	}
	return pipeCells
}

// maxExplainDepth is how deep the tree is indented.
const maxExplainDepth = 12

// guide is what stands left of a span's first line, and of those below.
func (d *explainDrawing) guide(x *explainedSpan) (first, rest string) {
	if d.alone {
		return "", "  "
	}
	depth := min(x.depth, maxExplainDepth)
	d.guides = append(d.guides[:min(depth, len(d.guides))], make([]string, max(0, depth-len(d.guides)))...)
	above := strings.Join(d.guides, "")
	branch, pipe, blank := d.marks(x.last)
	below := ""
	if len(x.children) > 0 {
		below = pipe
	}
	if depth == 0 {
		d.guides = append(d.guides, "")
		return "", fit(below, blank) + blank
	}
	own := pipe
	if x.last {
		own = blank
	}
	d.guides = append(d.guides, own)
	return above + branch, above + own + fit(below, blank) + blank
}

func fit(below, blank string) string { return cmp.Or(below, blank) }

func (d *explainDrawing) marks(last bool) (branch, pipe, blank string) {
	switch {
	case !d.console.Terminal:
		return "  ", "  ", "  "
	case d.console.Unicode && last:
		return "└ ", "│ ", "  "
	case d.console.Unicode:
		return "├ ", "│ ", "  "
	case last:
		return "`- ", "|  ", "   "
	}
	return "|- ", "|  ", "   "
}

// jsonOf writes events as they would travel, whole.
func (d *explainDrawing) jsonOf(rest string, events []genai.Event) {
	for _, e := range events {
		text, err := eventText(e)
		if err != nil {
			text = err.Error()
		}
		for line := range strings.SplitSeq(string(console.CleanJSON([]byte(text))), "\n") {
			_, _ = fmt.Fprintln(d.out, d.console.Paint(console.Dim, rest)+line) // a failed write shows in the buffer's end
		}
	}
}

// line writes one; on a terminal it is cut to the width, in a pipe it is whole.
func (d *explainDrawing) line(prefix string, t console.Text) {
	room := 0
	if d.console.Terminal {
		room = max(d.cells()-console.Cells(prefix), 1)
	}
	_, _ = fmt.Fprintln(d.out, strings.TrimRight(d.console.Paint(console.Dim, prefix)+d.console.Render(t, room), " "))
}
