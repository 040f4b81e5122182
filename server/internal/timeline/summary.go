package timeline

import (
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/types"
)

// summaryCells bounds a summary that is not cut by a terminal.
const summaryCells = 120

// Summary is an event on one line, for lists that show its type beside it.
func Summary(c console.Console, e types.Event) console.Text {
	d := drawer{Options: Options{Console: c}, glyph: glyphsFor(c)}
	d.glyph.icons, d.glyph.unknownIcon = nil, ""
	en := d.describe(e)
	t := en.title
	for _, more := range append([]console.Text{en.facts}, en.notes...) {
		if !more.Empty() && t.Cells() < summaryCells {
			t = t.Add(console.None, "  ").Join(more)
		}
	}
	return c.Cropped(t, summaryCells)
}

// DurationText is how long e took: "running" while it does, empty for what takes no time.
func DurationText(e types.Event) console.Text {
	return console.Line(durationStyle(e), durationOf(e))
}
