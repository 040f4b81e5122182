// Package table prints rows as aligned columns. On a terminal the table fits the width: flexible columns shrink, then
// the least important ones go. Into a pipe every value is printed whole.
package table

import (
	"io"
	"strings"

	"github.com/sentrial/sentrial-go/server/internal/console"
)

const gap = "  "

// Column describes one column. Values of a column with Min > 0 may be cut down to Min cells on a terminal. When that
// is not enough, columns are left out, the highest Drop first; a column with Drop 0 always stays.
type Column struct {
	Title string
	Right bool // numbers
	Min   int
	Drop  int
}

// Table collects rows. It is not safe for concurrent use.
type Table struct {
	columns []Column
	rows    [][]console.Text
}

// New makes an empty table.
func New(columns ...Column) *Table { return &Table{columns: columns} }

// Add appends a row with one cell for each column; an empty cell is shown as "-".
func (t *Table) Add(cells ...console.Text) {
	for i := range cells {
		if cells[i].String() == "" {
			cells[i] = console.Line(console.Dim, "-")
		}
	}
	t.rows = append(t.rows, cells)
}

// Write prints the table with a line of titles.
func (t *Table) Write(w io.Writer, c console.Console) error {
	widths := t.widths(c)
	titles := make([]console.Text, len(t.columns))
	for i, col := range t.columns {
		titles[i] = console.Line(console.Dim, col.Title)
	}
	for _, row := range append([][]console.Text{titles}, t.rows...) {
		if _, err := io.WriteString(w, t.line(c, row, widths)+"\n"); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table) line(c console.Console, row []console.Text, widths []int) string {
	var b strings.Builder
	for i, cell := range row {
		if widths[i] < 0 {
			continue
		}
		if i > 0 {
			b.WriteString(gap)
		}
		fill := strings.Repeat(" ", max(0, widths[i]-cell.Cells()))
		if t.columns[i].Right {
			b.WriteString(fill + c.Render(cell, widths[i]))
		} else {
			b.WriteString(c.Render(cell, widths[i]) + fill)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// widths is the width of every column; -1 leaves it out.
func (t *Table) widths(c console.Console) []int {
	widths := make([]int, len(t.columns))
	for i, col := range t.columns {
		widths[i] = console.Cells(col.Title)
		for _, row := range t.rows {
			widths[i] = max(widths[i], row[i].Cells())
		}
	}
	if c.Terminal && c.Width > 0 {
		t.fit(widths, c.Width)
	}
	return widths
}

func (t *Table) fit(widths []int, room int) {
	for t.excess(widths, room) > 0 && t.minimum(widths) > room {
		if !t.drop(widths) {
			break
		}
	}
	for over := t.excess(widths, room); over > 0; over = t.excess(widths, room) {
		if !t.shrink(widths) {
			return
		}
	}
}

func total(widths []int) int {
	sum := -len(gap)
	for _, w := range widths {
		if w >= 0 {
			sum += w + len(gap)
		}
	}
	return sum
}

func (t *Table) excess(widths []int, room int) int { return total(widths) - room }

// minimum is the width of the table when everything flexible is as narrow as it may be.
func (t *Table) minimum(widths []int) int {
	least := make([]int, len(widths))
	for i, w := range widths {
		least[i] = w
		if t.columns[i].Min > 0 {
			least[i] = min(w, t.columns[i].Min)
		}
	}
	return total(least)
}

// shrink takes one cell from the widest flexible column.
func (t *Table) shrink(widths []int) bool {
	widest := -1
	for i, w := range widths {
		if t.columns[i].Min > 0 && w > t.columns[i].Min && (widest < 0 || w > widths[widest]) {
			widest = i
		}
	}
	if widest < 0 {
		return false
	}
	widths[widest]--
	return true
}

func (t *Table) drop(widths []int) bool {
	victim := -1
	for i, w := range widths {
		if w >= 0 && t.columns[i].Drop > 0 && (victim < 0 || t.columns[i].Drop > t.columns[victim].Drop) {
			victim = i
		}
	}
	if victim < 0 {
		return false
	}
	widths[victim] = -1
	return true
}
