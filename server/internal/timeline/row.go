package timeline

import (
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/types"
)

// columns are the widths of the three parts of a row's first line, one space between them.
type columns struct{ text, bar, duration int }

// The bars get at least three tenths of the width; maxBar is where more says nothing more.
const (
	minBar  = 10
	maxBar  = 100
	minText = 20
)

// columns gives the text what it needs, within limits, and the rest to the bars.
func (d *drawer) columns(rows []*node) columns {
	c := columns{duration: len("running")}
	room := d.width - c.duration - 2
	c.text = room - max(d.width*3/10, minBar)
	need := minText
	for _, n := range rows {
		need = max(need, n.need(c.text))
	}
	c.text = min(c.text, need)
	c.bar = min(room-c.text, maxBar)
	return c
}

// need is how many cells the first line of n wants when there are room.
func (n *node) need(room int) int {
	cells := console.Cells(n.guide.first) + n.entry.title.Cells()
	if with := cells + len(factsGap) + n.entry.facts.Cells(); !n.entry.facts.Empty() && with <= room {
		return with
	}
	return min(cells, room)
}

const factsGap = "  "

// row draws one event: its title, bar and duration on the first line, the rest below.
func (d *drawer) row(n *node, c columns) {
	room := max(c.text-console.Cells(n.guide.first), 1)
	title, notes := n.entry.firstLine(room)
	head := d.Console.Render(title, room) + strings.Repeat(" ", max(0, room-title.Cells()))
	first := d.Console.Paint(console.Dim, n.guide.first) + head + " " + d.bar(n.event, c.bar) + " " + d.duration(n.event, c.duration)
	d.print(strings.TrimRight(first, " "))
	for _, note := range notes {
		d.line(n.guide.rest, note)
	}
	if d.Full {
		d.sections(n.guide.rest, n.entry.full)
	}
}

// firstLine puts the facts beside the title where there is room for both, else below it.
func (en entry) firstLine(room int) (title console.Text, notes []console.Text) {
	switch {
	case en.facts.Empty():
		return en.title, en.notes
	case en.title.Cells()+len(factsGap)+en.facts.Cells() <= room:
		return en.title.Add(console.None, factsGap).Join(en.facts), en.notes
	}
	return en.title, append([]console.Text{en.facts}, en.notes...)
}

func (d *drawer) duration(e types.Event, cells int) string {
	took := durationOf(e)
	return strings.Repeat(" ", max(0, cells-len(took))) + d.Console.Paint(durationStyle(e), took)
}
