package timeline

import (
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
	"github.com/sentrial/sentrial-go/types"
)

// entry is what one event says, apart from where it stands.
type entry struct {
	title console.Text   // the first line, always
	facts console.Text   // beside the title where there is room, else the first note
	notes []console.Text // a line each, cut to the width
	full  []section      // shown with Options.Full
}

// section is a whole value under a label.
type section struct {
	label string
	value any
}

// describe says what e is about.
func (d *drawer) describe(e types.Event) entry {
	en := d.describePayload(e)
	if d.Full {
		en.full = append(en.full, section{"metadata", nonEmpty(e.Metadata)}, section{"fields", unknownFields(e)}, section{"id", e.ID})
	}
	return en
}

func (d *drawer) describePayload(e types.Event) entry {
	switch {
	case e.LLMCall != nil:
		return d.llmCall(e, *e.LLMCall)
	case e.ToolCall != nil:
		return d.toolCall(e, *e.ToolCall)
	case e.Decision != nil:
		return d.decision(e, *e.Decision)
	case e.Error != nil:
		return d.failure(e, *e.Error)
	case e.Step != nil:
		return d.step(e, *e.Step)
	case e.Feedback != nil:
		return d.feedback(e, *e.Feedback)
	case e.Session != nil:
		return d.fields(e, *e.Session)
	case e.Result != nil:
		return d.ending(e, *e.Result)
	}
	return d.other(e)
}

// heading is the icon and name of an event.
func (d *drawer) heading(e types.Event, name string) console.Text {
	style := color(e)
	var t console.Text
	if icon := d.glyph.icon(e.Type); icon != "" {
		t = console.Line(style, icon+" ")
	}
	t = t.Add(style.With(console.Bold), name)
	switch {
	case e.Status == types.StatusCancelled:
		t = t.Add(console.Yellow, " cancelled")
	case e.Metadata["abandoned"] == true: // the SDK says so of a span whose end nobody recorded
		t = t.Add(console.Yellow, " abandoned")
	}
	return t
}

// brief is a note that stands for a section: with Options.Full the section itself is shown.
func (d *drawer) brief(style console.Style, text string) []console.Text {
	if d.Full || text == "" {
		return nil
	}
	return []console.Text{console.Line(style, head(text))}
}

// fact is brief for what stands beside a title.
func (d *drawer) fact(style console.Style, text string) console.Text {
	if notes := d.brief(style, text); len(notes) > 0 {
		return notes[0]
	}
	return console.Text{}
}

// head bounds what is looked at for one line.
func head(s string) string { return format.Preview(s) }

func durationOf(e types.Event) string {
	switch {
	case e.Status == types.StatusRunning:
		return "running"
	case e.Duration <= 0:
		return ""
	}
	return format.Duration(e.Duration)
}

func durationStyle(e types.Event) console.Style {
	switch {
	case e.Status == types.StatusRunning:
		return console.Cyan
	case failed(e):
		return console.Red
	}
	return console.None
}
