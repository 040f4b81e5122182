// Package timeline draws a recorded session: who ran and how it ended, then every event as a line of a tree with a bar
// on the session's time axis, then the result.
//
// What is drawn comes from agents and models, so all of it passes through console.Text, which disarms it.
package timeline

import (
	"bufio"
	"io"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/types"
)

// View is what to draw. Events may come in any order; they are drawn in the order given, below their parents.
type View struct {
	Session types.Session
	Events  []types.Event
}

// Options say how. The zero value is plain ASCII of the default width, in UTC, without relative times.
type Options struct {
	Console  console.Console // Width 0 = console.PipeWidth
	Full     bool            // whole inputs, outputs, messages and stack traces instead of previews
	Now      time.Time       // for "2h ago"; zero = left out
	Location *time.Location  // of times of day; nil = UTC
}

// The widths between which a timeline is drawn; a narrower terminal wraps, a wider one is not filled.
const (
	minWidth = 40
	maxWidth = 220
)

// drawer holds what every part of one drawing needs.
type drawer struct {
	Options
	out   *bufio.Writer
	glyph glyphs
	width int
	axis  axis
}

// Draw writes the timeline of v to w.
func Draw(w io.Writer, v View, opts Options) error {
	d := newDrawer(w, opts)
	d.axis = newAxis(v)
	d.header(v)
	d.tree(v.Events)
	d.result(v.Session)
	return d.out.Flush()
}

func newDrawer(w io.Writer, opts Options) *drawer {
	if opts.Location == nil {
		opts.Location = time.UTC
	}
	if opts.Console.Width <= 0 {
		opts.Console.Width = console.PipeWidth
	}
	width := min(max(opts.Console.Width, minWidth), maxWidth)
	return &drawer{Options: opts, out: bufio.NewWriter(w), glyph: glyphsFor(opts.Console), width: width}
}

// line prints t cut to the width, less the cells that prefix takes.
func (d *drawer) line(prefix string, t console.Text) {
	room := d.width - console.Cells(prefix)
	d.print(d.Console.Paint(console.Dim, prefix) + d.Console.Render(t, max(room, 1)))
}

func (d *drawer) print(s string) {
	_, _ = d.out.WriteString(s) // a failed write shows in Flush
	_ = d.out.WriteByte('\n')
}
