package timeline

import (
	"math"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/types"
)

// A cell of a bar is an eighth as fine as it looks: blocks grow from the left in eighths, from the right in halves.
const eighths = 8

var leftBlocks = [eighths + 1]string{" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"}

// bar draws e on a track of cells columns.
func (d *drawer) bar(e types.Event, cells int) string {
	from, to := d.axis.place(e)
	draw := asciiBar
	if d.Console.Unicode {
		draw = blockBar
	}
	before, body, after := draw(from, to, cells, e.Status == types.StatusRunning)
	if instant(e) && d.Console.Unicode {
		body, after = d.glyph.icon(e.Type), cells-before-1
	}
	return strings.Repeat(" ", before) + d.Console.Paint(color(e), body) + strings.Repeat(" ", after)
}

// instant events took no time by nature: they are marked by their icon.
func instant(e types.Event) bool {
	return e.Duration <= 0 && e.Status != types.StatusRunning && e.LLMCall == nil && e.ToolCall == nil && e.Step == nil
}

// blockBar returns the empty cells before the bar, the bar, and the empty cells after it.
func blockBar(from, to float64, cells int, running bool) (before int, body string, after int) {
	first := int(math.Round(from * float64(cells*eighths)))
	last := int(math.Round(to * float64(cells*eighths)))
	first = min(first, cells*eighths-2) // what starts at the very end stays visible
	before = first / eighths
	if last-first < eighths/2 { // too short to have a length: half a cell, the nearer one
		first = min(first, (before+1)*eighths-eighths/2)
		last = min(max(last, first+eighths/2), (before+1)*eighths)
	}
	var b strings.Builder
	for cell := before; cell*eighths < last; cell++ {
		b.WriteString(block(max(0, first-cell*eighths), min(eighths, last-cell*eighths), running))
	}
	body = b.String()
	return before, body, cells - before - console.Cells(body)
}

// block is a cell filled from one eighth to another.
func block(from, to int, running bool) string {
	switch {
	case running && to-from >= eighths/2:
		return "░"
	case from == 0:
		return leftBlocks[to]
	case to == eighths && from >= eighths/2:
		return "▐"
	case to == eighths:
		return "█"
	case to > eighths/2:
		return "▐"
	}
	return "▌"
}

// asciiBar is blockBar in whole cells: = for what ended, ~ for what runs, | for what took no visible time.
func asciiBar(from, to float64, cells int, running bool) (before int, body string, after int) {
	before = min(int(math.Round(from*float64(cells))), cells-1)
	length := max(1, int(math.Round(to*float64(cells)))-before)
	mark := "="
	switch {
	case running:
		mark = "~"
	case to == from:
		mark = "|"
	}
	return before, strings.Repeat(mark, length), cells - before - length
}
