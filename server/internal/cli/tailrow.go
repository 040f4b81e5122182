package cli

import (
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

// tailColumn is a column of a table that is drawn before its rows are known.
type tailColumn struct {
	title string
	cells int // of the column; a terminal cuts what is longer, 0 = whatever is left, -1 = the column is left out
	right bool
}

// tailColumns are time, session, type, status, duration and what. A narrow terminal does without some.
func tailColumns(c console.Console) []tailColumn {
	columns := []tailColumn{{"TIME", 12, false}, {"SESSION", 20, false}, {"TYPE", 14, false}, {"STATUS", 11, false}, {"DURATION", 8, true}, {"WHAT", 0, false}}
	if !c.Terminal {
		columns[0].cells = len("2006-01-02T15:04:05.000000Z")
		return columns
	}
	if c.Width < 100 {
		columns[1].cells, columns[4].cells = 12, -1
	}
	return columns
}

func titles(columns []tailColumn) []console.Text {
	list := make([]console.Text, len(columns))
	for i, col := range columns {
		list[i] = console.Line(console.Dim, col.title)
	}
	return list
}

// row draws one row; an empty cell is a "-".
func (t *tailer) row(columns []tailColumn, cells []console.Text) string {
	var b strings.Builder
	used := 0
	for i, col := range columns {
		if col.cells < 0 {
			continue
		}
		cell := cells[i]
		if cell.String() == "" {
			cell = console.Line(console.Dim, "-")
		}
		width := col.cells
		if t.console.Terminal {
			room := width
			if width == 0 {
				room = max(t.console.Width-used, 10)
			}
			cell = t.console.Cropped(cell, room)
		}
		fill := strings.Repeat(" ", max(0, width-cell.Cells()))
		text := t.console.Render(cell, 0)
		if col.right {
			text = fill + text
		} else {
			text += fill
		}
		b.WriteString(text + "  ")
		used += max(width, cell.Cells()) + 2
	}
	return strings.TrimRight(b.String(), " ") + "\n"
}
