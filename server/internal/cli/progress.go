package cli

import (
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/sentrial/sentrial-go/server/internal/bulk"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

// progress shows a person on stderr how far something is, and nobody else anything.
type progress struct {
	bar   *progressbar.ProgressBar // nil = nobody is looking
	now   func() time.Time
	drawn time.Time // or begun: what takes no time shows no bar
	shown bool
}

const (
	barCells  = 24
	barPeriod = 100 * time.Millisecond
)

// progress begins a bar of size bytes; a size of -1 is not known.
func (a *app) progress(size int64, what string) *progress {
	c := a.stderr()
	if !c.Terminal {
		return &progress{}
	}
	if size >= 0 {
		size++ // it is not at its end before we say so
	}
	return &progress{now: a.now, drawn: a.now(), bar: progressbar.NewOptions64(size, append(look(c), progressbar.OptionSetWriter(a.err), progressbar.OptionSetDescription(what),
		progressbar.OptionSetWidth(min(barCells, max(c.Width/4, 4))), progressbar.OptionShowBytes(true), progressbar.OptionShowCount(), progressbar.OptionUseIECUnits(true),
		progressbar.OptionThrottle(barPeriod), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(size > 0),
		progressbar.OptionSetSpinnerChangeInterval(0), // it moves when something does, without a goroutine
	)...)}
}

// look is a bar as the terminal can draw it.
func look(c console.Console) []progressbar.Option {
	theme := progressbar.Theme{Saucer: "=", SaucerHead: ">", SaucerPadding: " ", BarStart: "[", BarEnd: "]"}
	if c.Unicode {
		theme = progressbar.Theme{Saucer: "█", SaucerPadding: "░", BarStart: "", BarEnd: ""}
	}
	spinner := progressbar.OptionSpinnerCustom([]string{"|", "/", "-", `\`})
	return []progressbar.Option{progressbar.OptionSetTheme(theme), spinner}
}

// set says how far it is, in bytes and in words.
func (p *progress) set(bytes int64, text string) {
	if p.bar == nil || p.now().Sub(p.drawn) < barPeriod {
		return
	}
	p.drawn, p.shown = p.now(), true
	p.bar.Describe(text) // which draws
	_ = p.bar.Set64(bytes)
}

// done takes the bar away.
func (p *progress) done() {
	if p.shown {
		_ = p.bar.Finish()
		_ = p.bar.Clear()
	}
}

// countingReader knows how much was read, also while it is.
type countingReader struct {
	from io.Reader
	n    atomic.Int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.n.Add(int64(n))
	return n, err
}

// importWatch shows how an import goes.
type importWatch struct {
	app     *app
	read    *countingReader
	bar     *progress
	started time.Time
}

// Progress implements bulk.Watcher.
func (w *importWatch) Progress(sum bulk.Summary) {
	text := format.Plural(sum.Events(), "event")
	if seconds := time.Since(w.started).Seconds(); seconds > 1 {
		text += fmt.Sprintf(", %s/s", format.Count(int(float64(sum.Events())/seconds)))
	}
	w.bar.set(w.read.n.Load(), text)
}

// Waiting implements bulk.Watcher.
func (w *importWatch) Waiting(why error, d time.Duration) {
	_ = w.app.note(fmt.Sprintf("%v; the next attempt is in %s", why, format.Duration(d)))
}
